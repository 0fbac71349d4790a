//go:build !linux

package bench

import (
	"errors"
	"net/netip"
	"os/exec"
	"time"
)

// errLinuxOnly is all that there is on other systems.
var errLinuxOnly = errors.New("rostrum bench reads its sockets by recvmmsg and the server's use in /proc: run it on Linux")

type socket struct{ addr netip.AddrPort }

func openSocket(netip.Addr) (*socket, error)      { return nil, errLinuxOnly }
func (*socket) send([]byte, netip.AddrPort) error { return errLinuxOnly }
func (*socket) drops() uint32                     { return 0 }
func (*socket) close() error                      { return nil }

type batch struct{}

func newBatch() *batch { return nil }

func (*batch) receive(*socket, func([]byte, time.Time, netip.AddrPort)) {}

type usage struct {
	cpu             time.Duration
	wakeups, memory uint64
}

func usageOf(int) (usage, error) { return usage{}, errLinuxOnly }

func mostSubscribers() int { return 0 }

type cores struct{ split bool }

func shareCores(int) (cores, error) { return cores{}, errLinuxOnly }
func (cores) confine() error        { return nil }
func (cores) release() error        { return nil }
func (cores) start(*exec.Cmd) error { return errLinuxOnly }
