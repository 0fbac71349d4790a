// Package freeport gives tests ports that stay theirs.
//
// A port that was asked of the kernel and given back may be another's a moment later: by
// its next ":0", or by its next connection. For servers that must know their address before
// they start, that come back where they were, or that are never there, that is too long.
// The ports of this package are below those that kernels choose from by themselves, and each
// block of them belongs to one process of a user at a time, until that ends however it ends.
package freeport

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/gofrs/flock"
)

// Linux chooses from 32768 on, others from 49152 on.
const (
	first  = 16384
	last   = 32767
	block  = 64 // ports that a process takes at a time
	blocks = (last + 1 - first) / block
)

var errNone = errors.New("every port from " + strconv.Itoa(first) + " to " + strconv.Itoa(last) + " is taken: end what the tests of before have left behind")

// held is what this process has taken.
var held struct {
	sync.Mutex
	locks []*flock.Flock // never given back: the kernel does that
	next  int            // port
	end   int            // of the block that next is in
}

// Address returns 127.0.0.1:PORT, on which nobody listens by TCP or UDP. It returns each port
// once, and no other process of this user gets it before this one has ended. Any goroutine
// may call it.
func Address() (string, error) {
	port, err := Port()
	if err != nil {
		return "", err
	}
	return address(port), nil
}

// Port returns the port of such an address.
func Port() (int, error) {
	held.Lock()
	defer held.Unlock()
	for {
		for ; held.next < held.end; held.next++ {
			if free(address(held.next)) {
				held.next++
				return held.next - 1, nil
			}
		}
		if err := takeBlock(); err != nil {
			return 0, err
		}
	}
}

// takeBlock takes a block that no process has.
func takeBlock() error {
	folder := filepath.Join(os.TempDir(), "rostrum-test-ports-"+strconv.Itoa(os.Getuid()))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	for i := range blocks {
		at := first + i*block
		lock := flock.New(filepath.Join(folder, strconv.Itoa(at)))
		taken, err := lock.TryLock()
		if err != nil {
			return fmt.Errorf("a block of ports: %w", err)
		}
		if taken {
			held.locks = append(held.locks, lock)
			held.next, held.end = at, at+block
			return nil
		}
	}
	return errNone
}

// free tells whether nobody listens there.
func free(address string) bool {
	listener, err := net.Listen("tcp4", address) //nolint:noctx // it does not wait
	if err != nil {
		return false
	}
	defer func() { _ = listener.Close() }()          // nobody has connected
	socket, err := net.ListenPacket("udp4", address) //nolint:noctx // likewise
	if err != nil {
		return false
	}
	return socket.Close() == nil
}

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
