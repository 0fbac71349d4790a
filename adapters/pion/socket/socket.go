// Package socket is the server's UDP sockets. A socket is read in batches, by one
// call of the kernel each (recvmmsg, and UDP_GRO where the kernel joins what one
// sender sent), and gives the media of sessions to their Receivers on the spot.
// What is left, STUN and DTLS, is read from it as from any net.PacketConn, by
// pion's UDP mux for one. It knows neither RTP's contents nor sessions.
//
// Systems other than Linux read one packet at a time, with the same promises.
package socket

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/pion/ice/v4"
)

// Socket is one UDP socket of the server. Whoever reads from it, by ReadFrom or
// ReadFromAddrPort, also delivers the media of all sessions: without a reader
// nothing moves. All methods may be called by several goroutines at once.
type Socket struct {
	conn      *net.UDPConn
	reader    reader
	receivers receivers
}

var (
	_ net.PacketConn           = (*Socket)(nil)
	_ ice.AddrPortReaderWriter = (*Socket)(nil)
)

// Listen opens a socket on addr, port 0 being any that is free, and asks the kernel
// for buffers of so many bytes, over the system's limit where the process may. Less
// may be granted, see Stats; the caller decides whether that is worth a warning.
func Listen(addr netip.AddrPort, readBuffer, writeBuffer int) (*Socket, error) {
	network := "udp"
	if addr.Addr().Is4() {
		network = "udp4" // 0.0.0.0 would listen on IPv6 too
	}
	conn, err := net.ListenUDP(network, net.UDPAddrFromAddrPort(addr))
	if err != nil {
		return nil, fmt.Errorf("UDP %s cannot be opened (is another server using it, and is it this machine's address?): %w", addr, err)
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil, fmt.Errorf("UDP %s cannot be set up: %w", addr, errors.Join(err, conn.Close()))
	}
	s := &Socket{
		conn:      conn,
		reader:    reader{batch: newBatch(conn, raw)},
		receivers: receivers{byRemote: map[netip.AddrPort]Receiver{}},
	}
	s.receivers.stats.ReadBuffer, s.receivers.stats.WriteBuffer = setBuffers(conn, raw, readBuffer, writeBuffer)
	return s, nil
}

// Attach gives the media that comes from remote to r from now on, in place of
// whoever had it: one remote address is one session's. Like Detach and Close it waits for the batch that is being
// delivered, some microseconds: it must not be called by a Receiver, nor under a
// lock that a Receiver takes.
func (s *Socket) Attach(remote netip.AddrPort, r Receiver) { s.receivers.attach(remote, r) }

// Detach ends what Attach began, if remote is still r's; another's stays. When it
// has returned r gets nothing from remote any more, and no call of that is going on.
func (s *Socket) Detach(remote netip.AddrPort, r Receiver) { s.receivers.detach(remote, r) }

// WriteTo sends one packet.
func (s *Socket) WriteTo(b []byte, to net.Addr) (int, error) { return s.conn.WriteTo(b, to) }

// WriteToAddrPort sends one packet.
func (s *Socket) WriteToAddrPort(b []byte, to netip.AddrPort) (int, error) {
	return s.conn.WriteToUDPAddrPort(b, to)
}

// Dup returns a descriptor of its own of the same socket, on which one worker can
// write without waiting for the others: Go lets one goroutine at a time write to a
// descriptor. It must not be read from; the caller closes it, which leaves the
// socket open. Each makes waking the reader some 0.2 us dearer, so there should be
// one a worker. Systems without such descriptors give an error.
func (s *Socket) Dup() (*net.UDPConn, error) {
	file, err := s.conn.File()
	if err != nil {
		return nil, fmt.Errorf("UDP %s has no second descriptor: %w", s.LocalAddr(), err)
	}
	conn, err := net.FilePacketConn(file)
	_ = file.Close() // conn has a descriptor of its own
	if err != nil {
		return nil, fmt.Errorf("UDP %s has no second descriptor: %w", s.LocalAddr(), err)
	}
	return conn.(*net.UDPConn), nil
}

// LocalAddr is the address that the socket listens on, a *net.UDPAddr.
func (s *Socket) LocalAddr() net.Addr { return s.conn.LocalAddr() }

// SetDeadline sets both deadlines.
func (s *Socket) SetDeadline(t time.Time) error { return s.conn.SetDeadline(t) }

// SetReadDeadline bounds reading. While no one reads, media is not delivered either.
func (s *Socket) SetReadDeadline(t time.Time) error { return s.conn.SetReadDeadline(t) }

// SetWriteDeadline bounds writing, but not on descriptors of Dup.
func (s *Socket) SetWriteDeadline(t time.Time) error { return s.conn.SetWriteDeadline(t) }

// Close ends reading and detaches every Receiver: when it has returned none is
// called any more. Descriptors of Dup stay open.
func (s *Socket) Close() error {
	err := s.conn.Close()
	s.receivers.close()
	return err
}
