package bench

import (
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// cores shares this process's cores between a server and bench itself.
type cores struct {
	all, server, own unix.CPUSet
	split            bool // there are enough for both
}

func shareCores(forServer int) (cores, error) {
	var c cores
	if err := unix.SchedGetaffinity(0, &c.all); err != nil {
		return c, err
	}
	c.server, c.own = c.all, c.all
	if c.split = c.all.Count() > forServer; !c.split {
		return c, nil
	}
	c.server, c.own = unix.CPUSet{}, unix.CPUSet{}
	for cpu := 0; c.server.Count()+c.own.Count() < c.all.Count(); cpu++ {
		switch {
		case !c.all.IsSet(cpu):
		case c.server.Count() < forServer:
			c.server.Set(cpu)
		default:
			c.own.Set(cpu)
		}
	}
	return c, nil
}

// confine keeps bench to its own cores, until release.
func (c cores) confine() error {
	if !c.split {
		return nil
	}
	runtime.GOMAXPROCS(c.own.Count())
	return setAffinity(&c.own)
}

func (c cores) release() error {
	if !c.split {
		return nil
	}
	runtime.GOMAXPROCS(c.all.Count())
	return setAffinity(&c.all)
}

// setAffinity moves every thread of this process; threads to come follow those that make them.
func setAffinity(set *unix.CPUSet) error {
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return err
	}
	for _, thread := range threads {
		id, err := strconv.Atoi(thread.Name())
		if err != nil {
			return err
		}
		if err := unix.SchedSetaffinity(id, set); err != nil && err != unix.ESRCH { // the thread may have ended
			return err
		}
	}
	return nil
}

// start starts a process on the server's cores, which it inherits from the thread that starts it. It is told to end when bench
// is killed.
func (c cores) start(process *exec.Cmd) error {
	process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGINT}
	if !c.split {
		return process.Start()
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.SchedSetaffinity(0, &c.server); err != nil {
		return err
	}
	defer func() { _ = unix.SchedSetaffinity(0, &c.own) }() // it was allowed before
	return process.Start()
}
