package rig

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// stopPatience is how long a process may take to end once it was asked to: longer than
// the program gives itself.
const stopPatience = 45 * time.Second

// Process is one run of a command. Whoever starts it has to see that it ends, by Stop or
// Kill. Any goroutine may use it.
type Process struct {
	Log *Journal // of what it writes to its standard error

	cmd    *exec.Cmd
	exited chan struct{}
	err    error // how it ended; to be read when exited is closed
}

// Start starts what a command runs. What it writes to its standard output is in the log
// as well, unless the command says where it goes.
func Start(cmd *exec.Cmd) (*Process, error) {
	p := newProcess(cmd)
	if cmd.Stdout == nil {
		cmd.Stdout = p.Log
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() { p.ended(cmd.Wait()) }()
	return p, nil
}

func newProcess(cmd *exec.Cmd) *Process {
	p := &Process{Log: &Journal{}, cmd: cmd, exited: make(chan struct{})}
	cmd.Stderr = p.Log
	return p
}

func (p *Process) ended(err error) {
	p.err = err
	close(p.exited)
}

// PID returns the number of the process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Exited is closed when the process has ended.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Err waits until the process has ended and returns how: nil for exit code 0.
func (p *Process) Err() error {
	<-p.exited
	return p.err
}

// Signal sends a signal. A process that has ended does not mind.
func (p *Process) Signal(s os.Signal) { _ = p.cmd.Process.Signal(s) }

// Kill ends the process at once, as kill -9 does, and waits for it. It returns an error
// if the process had a race until then.
func (p *Process) Kill() error {
	p.Signal(syscall.SIGKILL)
	<-p.exited
	return p.raced()
}

// Stop asks the process to end now, as Ctrl-C does, and waits for it: a server does not
// wait for its sessions then. It is an error if the process had ended before, takes too long,
// has another exit code than 0, or had a race.
func (p *Process) Stop() error {
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		return fmt.Errorf("it was gone before it was stopped: %w\n%s", err, p.Log)
	}
	select {
	case <-p.exited:
	case <-time.After(stopPatience):
		return errors.Join(fmt.Errorf("it does not stop within %v\n%s", stopPatience, p.Log), p.Kill())
	}
	if p.err != nil {
		return fmt.Errorf("it stopped badly: %w\n%s", p.err, p.Log)
	}
	return p.raced()
}

func (p *Process) raced() error {
	if p.Log.Count(raceReport) > 0 {
		return fmt.Errorf("it had a race\n%s", p.Log)
	}
	return nil
}
