package freeport_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"sync"
	"testing"

	"rostrum/ports/porttest/freeport"
)

// many is more than a process takes at a time.
const many = 150

// asChild has the test binary print addresses until its standard input ends.
const asChild = "FREEPORT_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(asChild) == "" {
		os.Exit(m.Run())
	}
	for range many {
		address, err := freeport.Address()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		fmt.Fprintln(os.Stdout, address)
	}
	_, _ = os.Stdin.Read(make([]byte, 1)) // it keeps them
}

// Two processes, and goroutines of each, have no port in common, nor one that the kernel
// might give to somebody else.
func TestAddressesAreOnesOwn(t *testing.T) {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), asChild+"=1")
	alive, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	seen, mu := map[string]bool{}, sync.Mutex{}
	see := func(address string) {
		mu.Lock()
		defer mu.Unlock()
		if seen[address] {
			t.Errorf("%s is given out twice", address)
		}
		seen[address] = true
	}
	for range many {
		var address string
		if _, err := fmt.Fscanln(out, &address); err != nil {
			t.Fatal(err)
		}
		see(address)
	}
	var all sync.WaitGroup
	for range many {
		all.Go(func() {
			address, err := freeport.Address()
			if err != nil {
				t.Error(err)
			}
			see(address)
		})
	}
	all.Wait()
	for address := range seen {
		at, err := net.ResolveTCPAddr("tcp4", address)
		if err != nil || !at.IP.IsLoopback() || at.Port < 16384 || at.Port > 32767 {
			t.Errorf("%q, %v", address, err)
		}
	}
	alive.Close()
	if err := child.Wait(); err != nil {
		t.Error(err)
	}
}

// A port that somebody has, by either protocol, is left out.
func TestPortsInUse(t *testing.T) {
	for _, protocol := range []string{"tcp4", "udp4"} {
		port, err := freeport.Port()
		if err != nil {
			t.Fatal(err)
		}
		taken := listen(t, protocol, port+1)
		if next, err := freeport.Port(); err != nil || next == port+1 {
			t.Errorf("%s: %d, %v", protocol, next, err)
		}
		if err := taken.Close(); err != nil {
			t.Error(err)
		}
	}
}

func listen(t *testing.T, protocol string, port int) io.Closer {
	t.Helper()
	address := fmt.Sprintf("127.0.0.1:%d", port)
	var taken io.Closer
	var err error
	if protocol == "tcp4" {
		taken, err = net.Listen(protocol, address)
	} else {
		taken, err = net.ListenPacket(protocol, address)
	}
	if err != nil {
		t.Fatal(err)
	}
	return taken
}
