package socket

import (
	"encoding/binary"
	"net"
	"net/netip"
	"os"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	batchSize   = 32 // messages
	controlSize = 64 // bytes of control messages: room for the two that are asked for
)

// batch reads messages of a socket, up to batchSize at a time, into buffers of its
// own: 2 MB, as any may be as long as UDP_GRO makes it, of which memory holds the
// pages that packets have touched.
type batch struct {
	raw      syscall.RawConn
	receive  func(fd uintptr) bool // made once, as a closure a read would be an allocation
	n        int                   // what receive got
	errno    syscall.Errno
	headers  [batchSize]mmsghdr
	vectors  [batchSize]unix.Iovec
	names    [batchSize][unix.SizeofSockaddrInet6]byte
	controls []byte
	buffers  []byte
	messages [batchSize]message
}

// mmsghdr is the kernel's struct of that name.
type mmsghdr struct {
	unix.Msghdr
	length uint32
}

// newBatch returns a batch of a socket, and asks the kernel to join packets and to
// tell how many it drops. One that does neither is read all the same.
func newBatch(_ *net.UDPConn, raw syscall.RawConn) *batch {
	_ = raw.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RXQ_OVFL, 1)
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_UDP, unix.UDP_GRO, 1)
	})
	b := &batch{raw: raw, controls: make([]byte, batchSize*controlSize), buffers: make([]byte, batchSize*maxMessage)}
	b.receive = b.recvmmsg
	for i := range b.headers {
		h := &b.headers[i]
		b.vectors[i].Base = &b.buffers[i*maxMessage]
		b.vectors[i].SetLen(maxMessage)
		h.Iov = &b.vectors[i]
		h.SetIovlen(1)
		h.Name = &b.names[i][0]
		h.Control = &b.controls[i*controlSize]
		b.reset(i)
	}
	return b
}

// reset gives the kernel back the room that it has used of message i.
func (b *batch) reset(i int) {
	b.headers[i].Namelen = unix.SizeofSockaddrInet6
	b.headers[i].SetControllen(controlSize)
}

// read waits for messages and returns them, valid until the next read. It is for
// one goroutine at a time.
func (b *batch) read() ([]message, error) {
	if err := b.raw.Read(b.receive); err != nil {
		return nil, err
	}
	if b.errno != 0 {
		return nil, os.NewSyscallError("recvmmsg", b.errno)
	}
	for i := range b.n {
		oob := b.controls[i*controlSize:][:b.headers[i].Controllen]
		segment, dropped := parseControl(oob)
		data := b.buffers[i*maxMessage:][:b.headers[i].length]
		b.messages[i] = message{from: parseName(&b.names[i]), data: data, segment: segment, dropped: dropped}
		b.reset(i)
	}
	return b.messages[:b.n], nil
}

// recvmmsg reads what there is; false is for nothing yet. It never waits inside the
// kernel, so Go's scheduler need not be told of it, which costs more than it does.
func (b *batch) recvmmsg(fd uintptr) bool {
	for {
		headers := unsafe.Pointer(&b.headers) //nolint:gosec // the kernel's way to hand over an array
		n, _, errno := unix.RawSyscall6(unix.SYS_RECVMMSG, fd, uintptr(headers), batchSize, unix.MSG_DONTWAIT, 0, 0)
		if errno == unix.EINTR {
			continue
		}
		b.n, b.errno = int(n), errno
		return errno != unix.EAGAIN
	}
}

// parseName reads the kernel's form of an address. The zone of a link-local one is
// its number.
func parseName(name *[unix.SizeofSockaddrInet6]byte) netip.AddrPort {
	port := binary.BigEndian.Uint16(name[2:])
	if binary.NativeEndian.Uint16(name[:]) == unix.AF_INET {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(name[4:])), port)
	}
	addr := netip.AddrFrom16([16]byte(name[8:])).Unmap()
	if scope := binary.NativeEndian.Uint32(name[24:]); scope != 0 {
		addr = addr.WithZone(strconv.FormatUint(uint64(scope), 10))
	}
	return netip.AddrPortFrom(addr, port)
}
