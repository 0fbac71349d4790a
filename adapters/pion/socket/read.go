package socket

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"
)

// maxPause is the longest pause before a read that has failed is tried again.
const maxPause = 100 * time.Millisecond

// reader is the state of reading: a batch that was delivered but for what waits to
// be read one by one. The lock is held while the kernel is waited for.
type reader struct {
	mu      sync.Mutex
	batch   *batch
	waiting []datagram // parts of the batch's buffers
	taken   int        // of waiting
}

// ReadFrom is ReadFromAddrPort with the address as a *net.UDPAddr.
func (s *Socket) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := s.ReadFromAddrPort(b)
	if err != nil {
		return 0, nil, err
	}
	return n, net.UDPAddrFromAddrPort(from), nil
}

// ReadFromAddrPort reads the next packet that is no Receiver's, and delivers all
// media that comes before there is one. Packets of one batch come in the order in
// which they were received, after the batch's media. What b has no room for is
// lost. IPv4 addresses are IPv4 also on a socket of both.
//
// It ends with net.ErrClosed, or os.ErrDeadlineExceeded; anything else that the
// kernel reports of a read passes (no memory, a client's port is closed): it is
// counted, and reading goes on.
func (s *Socket) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) {
	s.reader.mu.Lock()
	defer s.reader.mu.Unlock()
	r := &s.reader
	for r.taken == len(r.waiting) {
		messages, err := s.readBatch()
		if err != nil {
			return 0, netip.AddrPort{}, err
		}
		r.waiting, r.taken = s.receivers.deliver(messages, r.waiting[:0]), 0
	}
	next := r.waiting[r.taken]
	r.taken++
	return copy(b, next.packet), next.from, nil
}

// readBatch waits for the kernel's next batch. A read that fails is tried again, at
// once and then after pauses that grow.
func (s *Socket) readBatch() ([]message, error) {
	for pause := time.Duration(0); ; pause = min(2*pause+time.Millisecond, maxPause) {
		messages, err := s.reader.batch.read()
		if err == nil || errors.Is(err, net.ErrClosed) || errors.Is(err, os.ErrDeadlineExceeded) {
			return messages, err
		}
		s.receivers.countFailed()
		time.Sleep(pause)
	}
}
