package rig

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// startPatience is how long a server may take to be ready, on a machine that has a lot
// else to do.
const startPatience = time.Minute

// ready stands before the address in what a server says when it serves.
const ready = " is ready at "

// Server is a process that serves.
type Server struct {
	*Process
	URL string // of its HTTP: http://localhost:PORT
}

// Serve starts what a command runs as a server, and waits until that says that it is
// ready. Its standard output is read here. One that ends instead, or is not ready after
// a minute, is an error with what it has logged, and leaves nothing behind.
func Serve(cmd *exec.Cmd) (*Server, error) {
	p := newProcess(cmd)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	where := make(chan string, 1)
	go func() {
		announce(out, where)
		p.ended(cmd.Wait())
	}()
	select {
	case url := <-where:
		return &Server{Process: p, URL: url}, nil
	case <-p.exited:
		return nil, fmt.Errorf("the server did not start: %w\n%s", errors.Join(p.err, p.raced()), p.Log)
	case <-time.After(startPatience):
		return nil, errors.Join(fmt.Errorf("the server is not ready after %v\n%s", startPatience, p.Log), p.Kill())
	}
}

// announce reads what a server says until it ends, and sends the address where it is ready.
func announce(out io.Reader, where chan<- string) {
	told := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, url, ok := strings.Cut(lines.Text(), ready); ok && !told {
			where <- strings.TrimSpace(url)
			told = true
		}
	}
}
