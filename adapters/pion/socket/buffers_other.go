//go:build !linux

package socket

import (
	"net"
	"syscall"
)

// setBuffers asks for buffers; how to learn what is granted differs by system. 0
// leaves the system's.
func setBuffers(conn *net.UDPConn, _ syscall.RawConn, readBytes, writeBytes int) (read, write Buffer) {
	if readBytes > 0 {
		_ = conn.SetReadBuffer(readBytes)
	}
	if writeBytes > 0 {
		_ = conn.SetWriteBuffer(writeBytes)
	}
	return Buffer{Asked: readBytes}, Buffer{Asked: writeBytes}
}
