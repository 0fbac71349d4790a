package egress

import (
	"encoding/binary"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// sendmmsg is a socket and the kernel's form of a batch for it. It never waits
// inside the kernel, so Go's scheduler is not told of its calls: for one that takes
// longer than 20 us it would give the worker's place to another thread, which costs a
// fifth of all sending (docs/performance.md).
type sendmmsg struct {
	socket *net.UDPConn
	raw    syscall.RawConn
	call   func(fd uintptr) bool // made once: as a closure a batch it would be an allocation

	headers  [maxSegments]mmsghdr
	vectors  [maxSegments]unix.Iovec
	controls [maxSegments][]byte // one UDP_SEGMENT each
	n        int                 // how many of the headers are to be sent
	wait     bool                // for room, until the socket's deadline
	sent     int
	errno    syscall.Errno
}

// mmsghdr is the kernel's struct of that name.
type mmsghdr struct {
	unix.Msghdr
	_ uint32 // the kernel says here what it has sent
}

func newSendmmsg(socket *net.UDPConn) *sendmmsg {
	s := &sendmmsg{socket: socket}
	s.raw, _ = socket.SyscallConn() // of a socket it is always there
	s.call = s.write
	for i := range s.headers {
		s.headers[i].Iov = &s.vectors[i]
		s.headers[i].SetIovlen(1)
		s.controls[i] = segmentControl()
	}
	return s
}

// writeBatch sends messages, no more than maxSegments, and returns how many have been
// sent. An error is that of the first that has not.
func (s *sendmmsg) writeBatch(messages []message, wait bool) (int, error) {
	for i := range messages {
		s.fill(i, &messages[i])
	}
	s.n, s.wait = len(messages), wait
	if err := s.raw.Write(s.call); err != nil {
		return 0, err
	}
	if s.errno != 0 {
		return 0, os.NewSyscallError("sendmmsg", s.errno)
	}
	return s.sent, nil
}

// fill makes header i that of a message.
func (s *sendmmsg) fill(i int, m *message) {
	h, v := &s.headers[i], &s.vectors[i]
	v.Base = &m.data[0]
	v.SetLen(len(m.data))
	h.Name, h.Namelen = &m.to.name[0], uint32(len(m.to.name)) //nolint:gosec // an address
	h.Control = nil
	h.SetControllen(0)
	if m.packets > 1 {
		binary.NativeEndian.PutUint16(s.controls[i][unix.CmsgLen(0):], uint16(m.segment)) //nolint:gosec // a datagram's
		h.Control = &s.controls[i][0]
		h.SetControllen(len(s.controls[i]))
	}
}

// write is for raw: it reports false if it has to be called again when there is room.
func (s *sendmmsg) write(fd uintptr) bool {
	for {
		headers := unsafe.Pointer(&s.headers) //nolint:gosec // the kernel's way to be handed an array
		n, _, errno := unix.RawSyscall6(unix.SYS_SENDMMSG, fd, uintptr(headers), uintptr(s.n), unix.MSG_DONTWAIT, 0, 0)
		if errno == unix.EINTR {
			continue
		}
		s.sent, s.errno = int(n), errno
		return errno != unix.EAGAIN || !s.wait
	}
}

// setWriteDeadline bounds how long writeBatch waits.
func (s *sendmmsg) setWriteDeadline(t time.Time) error { return s.socket.SetWriteDeadline(t) }

// segmentControl returns a control message that says the size of segments.
func segmentControl() []byte {
	header := unix.Cmsghdr{Level: unix.SOL_UDP, Type: unix.UDP_SEGMENT}
	header.SetLen(unix.CmsgLen(2))
	control := make([]byte, unix.CmsgSpace(2))
	_, _ = binary.Encode(control, binary.NativeEndian, header) // it has a fixed size, and room
	return control
}

// nameOf returns the kernel's form of an address.
func nameOf(addr netip.AddrPort) []byte {
	if ip := addr.Addr(); ip.Is4() {
		name := make([]byte, unix.SizeofSockaddrInet4)
		binary.NativeEndian.PutUint16(name, unix.AF_INET)
		binary.BigEndian.PutUint16(name[2:], addr.Port())
		copy(name[4:], ip.AsSlice())
		return name
	}
	name := make([]byte, unix.SizeofSockaddrInet6)
	binary.NativeEndian.PutUint16(name, unix.AF_INET6)
	binary.BigEndian.PutUint16(name[2:], addr.Port())
	copy(name[8:], addr.Addr().AsSlice())
	if zone := addr.Addr().Zone(); zone != "" {
		if i, err := net.InterfaceByName(zone); err == nil {
			binary.NativeEndian.PutUint32(name[24:], uint32(i.Index)) //nolint:gosec // an index
		}
	}
	return name
}
