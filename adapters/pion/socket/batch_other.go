//go:build !linux

package socket

import (
	"net"
	"net/netip"
	"syscall"
)

// batch reads messages of a socket, one at a time, into a buffer of its own.
type batch struct {
	conn     *net.UDPConn
	buffer   [maxMessage]byte
	messages [1]message
}

func newBatch(conn *net.UDPConn, _ syscall.RawConn) *batch { return &batch{conn: conn} }

// read waits for a message and returns it, valid until the next read. It is for one
// goroutine at a time.
func (b *batch) read() ([]message, error) {
	n, from, err := b.conn.ReadFromUDPAddrPort(b.buffer[:])
	if err != nil {
		return nil, err
	}
	b.messages[0] = message{from: netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), data: b.buffer[:n]}
	return b.messages[:], nil
}
