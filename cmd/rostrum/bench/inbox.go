package bench

import (
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"github.com/pion/transport/v5/deadline"
)

// inboxSize is how many datagrams of one protocol may wait; what comes on top is dropped, as STUN and DTLS send again.
const inboxSize = 32

// inbox is one protocol's share of a socket as a net.PacketConn: what the sweep delivers is read, what is written is sent.
// Closing it ends reads, and leaves the socket open.
type inbox struct {
	socket *socket
	in     chan datagram
	read   *deadline.Deadline
	done   chan struct{}
	once   sync.Once
}

type datagram struct {
	data []byte
	from netip.AddrPort
}

var _ net.PacketConn = (*inbox)(nil)

func newInbox(s *socket) *inbox {
	return &inbox{socket: s, in: make(chan datagram, inboxSize), read: deadline.New(), done: make(chan struct{})}
}

// deliver copies a datagram, and does not block.
func (b *inbox) deliver(data []byte, from netip.AddrPort) {
	select {
	case b.in <- datagram{append([]byte(nil), data...), from}:
	default:
	}
}

// ReadFrom blocks until there is a datagram, the read deadline or Close.
func (b *inbox) ReadFrom(p []byte) (int, net.Addr, error) {
	select {
	case <-b.done:
		return 0, nil, net.ErrClosed
	case <-b.read.Done():
		return 0, nil, os.ErrDeadlineExceeded
	case d := <-b.in:
		return copy(p, d.data), net.UDPAddrFromAddrPort(d.from), nil
	}
}

// WriteTo does not block.
func (b *inbox) WriteTo(p []byte, to net.Addr) (int, error) {
	select {
	case <-b.done:
		return 0, net.ErrClosed
	default:
	}
	address, ok := to.(*net.UDPAddr)
	if !ok {
		return 0, net.InvalidAddrError("not UDP: " + to.String())
	}
	return len(p), b.socket.send(p, address.AddrPort())
}

// Close never fails.
func (b *inbox) Close() error {
	b.once.Do(func() { close(b.done) })
	return nil
}

// LocalAddr is the socket's.
func (b *inbox) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(b.socket.addr) }

// SetDeadline is SetReadDeadline: writes don't block.
func (b *inbox) SetDeadline(t time.Time) error { return b.SetReadDeadline(t) }

// SetReadDeadline ends reads at that time.
func (b *inbox) SetReadDeadline(t time.Time) error {
	b.read.Set(t)
	return nil
}

// SetWriteDeadline does nothing: writes don't block.
func (b *inbox) SetWriteDeadline(time.Time) error { return nil }

// ownSocket lets an ICE agent have the one socket of its subscriber as its only candidate.
type ownSocket struct{ *inbox }

// GetConn returns the share of STUN.
func (s ownSocket) GetConn(string, net.Addr) (net.PacketConn, error) { return s.inbox, nil }

// RemoveConnByUfrag ends it.
func (s ownSocket) RemoveConnByUfrag(string) { _ = s.Close() }

// GetListenAddresses is where it is.
func (s ownSocket) GetListenAddresses() []net.Addr { return []net.Addr{s.LocalAddr()} }
