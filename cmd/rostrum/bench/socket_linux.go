package bench

import (
	"errors"
	"fmt"
	"net/netip"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// socketBuffer holds a second of a subscriber's media, so that nothing is lost while bench has no core.
const socketBuffer = 2 << 20

// socket is one UDP socket that never blocks, and that Go's poller does not know: whoever sends to it pays for no wake-up.
type socket struct {
	fd   int
	addr netip.AddrPort
}

// openSocket binds a free port of an IPv4 address. What arrives is stamped by the kernel.
func openSocket(ip netip.Addr) (_ *socket, err error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("open a socket (raise the limit of open files: ulimit -n): %w", err)
	}
	s := &socket{fd: fd}
	defer func() {
		if err != nil {
			_ = s.close()
		}
	}()
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1); err != nil {
		return nil, fmt.Errorf("have a socket's packets stamped: %w", err)
	}
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, socketBuffer) != nil { // needs CAP_NET_ADMIN
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, socketBuffer) // as much as may be; drops are counted
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: ip.As4()}); err != nil {
		return nil, fmt.Errorf("bind %v: %w", ip, err)
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		return nil, err
	}
	bound, ok := name.(*unix.SockaddrInet4)
	if !ok {
		return nil, errors.New("a socket has no IPv4 address")
	}
	s.addr = netip.AddrPortFrom(netip.AddrFrom4(bound.Addr), uint16(bound.Port)) //nolint:gosec // a port
	return s, nil
}

// send sends one datagram. A full buffer is an error, as a network's loss would be none.
func (s *socket) send(p []byte, to netip.AddrPort) error {
	return unix.Sendto(s.fd, p, unix.MSG_DONTWAIT, &unix.SockaddrInet4{Addr: to.Addr().Unmap().As4(), Port: int(to.Port())})
}

// drops returns how many datagrams the socket had no room for, since it was opened.
func (s *socket) drops() uint32 {
	var info [16]uint32 // enum SK_MEMINFO_*
	const dropped = 8
	size := uint32(unsafe.Sizeof(info))
	_, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, uintptr(s.fd), unix.SOL_SOCKET, unix.SO_MEMINFO,
		uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&size)), 0) //nolint:gosec // getsockopt(2) writes into both
	if errno != 0 || size <= dropped*4 {
		return 0
	}
	return info[dropped]
}

func (s *socket) close() error { return unix.Close(s.fd) }

const (
	batchSize   = 64
	batchRounds = 8 // a socket that is never empty must not keep the others waiting
	maxDatagram = 2048
)

// batch reads many datagrams by one system call. One goroutine may use it.
type batch struct {
	messages [batchSize]struct { // struct mmsghdr
		header unix.Msghdr
		length uint32
	}
	parts    [batchSize]unix.Iovec
	names    [batchSize]unix.RawSockaddrInet4
	controls [batchSize]struct { // one control message of struct timespec
		header unix.Cmsghdr
		at     unix.Timespec
	}
	data [batchSize][maxDatagram]byte
}

func newBatch() *batch {
	b := &batch{}
	for i := range b.messages {
		b.parts[i].Base = &b.data[i][0]
		b.parts[i].SetLen(maxDatagram)
		header := &b.messages[i].header
		header.Iov = &b.parts[i]
		header.SetIovlen(1)
		header.Name = (*byte)(unsafe.Pointer(&b.names[i]))       //nolint:gosec // recvmmsg(2) writes a sockaddr there
		header.Control = (*byte)(unsafe.Pointer(&b.controls[i])) //nolint:gosec // and control messages here
		b.rearm(i)
	}
	return b
}

// rearm gives back the room that the kernel has told that it used.
func (b *batch) rearm(i int) {
	b.messages[i].header.Namelen = uint32(unsafe.Sizeof(b.names[i]))
	b.messages[i].header.SetControllen(int(unsafe.Sizeof(b.controls[i])))
}

// receive hands on what waits at a socket, and returns when nothing more does. A datagram is valid during the call.
func (b *batch) receive(s *socket, take func(datagram []byte, at time.Time, from netip.AddrPort)) {
	for range batchRounds {
		n, _, errno := unix.Syscall6(unix.SYS_RECVMMSG, uintptr(s.fd),
			uintptr(unsafe.Pointer(&b.messages)), batchSize, unix.MSG_DONTWAIT, 0, 0) //nolint:gosec // recvmmsg(2) fills the messages
		if errno != 0 {
			return // nothing waits, or an ICMP error of before was told
		}
		for i := range int(n) {
			take(b.data[i][:b.messages[i].length], b.at(i), b.from(i))
			b.rearm(i)
		}
		if n < batchSize {
			return
		}
	}
}

// at returns when the kernel received a datagram, or no time where it didn't say.
func (b *batch) at(i int) time.Time {
	c := &b.controls[i]
	if b.messages[i].header.Controllen == 0 || c.header.Level != unix.SOL_SOCKET || c.header.Type != unix.SCM_TIMESTAMPNS {
		return time.Time{}
	}
	return time.Unix(c.at.Unix())
}

func (b *batch) from(i int) netip.AddrPort {
	name := &b.names[i]
	port := (*[2]byte)(unsafe.Pointer(&name.Port)) //nolint:gosec // in network order
	return netip.AddrPortFrom(netip.AddrFrom4(name.Addr), uint16(port[0])<<8|uint16(port[1]))
}
