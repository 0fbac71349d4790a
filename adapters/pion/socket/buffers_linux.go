package socket

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// setBuffers asks for buffers, first in the way that may go over net.core.rmem_max
// and wmem_max, which takes CAP_NET_ADMIN. 0 leaves the system's.
func setBuffers(_ *net.UDPConn, raw syscall.RawConn, readBytes, writeBytes int) (read, write Buffer) {
	_ = raw.Control(func(fd uintptr) {
		read = setBuffer(int(fd), unix.SO_RCVBUFFORCE, unix.SO_RCVBUF, readBytes)
		write = setBuffer(int(fd), unix.SO_SNDBUFFORCE, unix.SO_SNDBUF, writeBytes)
	})
	return read, write
}

// setBuffer asks for one. The kernel says twice what it has granted, for its own
// bookkeeping (socket(7)).
func setBuffer(fd, force, plain, size int) Buffer {
	if size > 0 && unix.SetsockoptInt(fd, unix.SOL_SOCKET, force, size) != nil {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, plain, size)
	}
	granted, _ := unix.GetsockoptInt(fd, unix.SOL_SOCKET, plain)
	return Buffer{Asked: size, Granted: granted / 2}
}
