package socket

// Stats are a socket's numbers since it was opened. Packets that were joined on
// their way are counted one by one.
type Stats struct {
	ReadBuffer  Buffer
	WriteBuffer Buffer
	Batches     uint64 // reads that gave something: how often the reader woke, at most
	Packets     uint64 // packets received
	Joined      uint64 // of them, what came joined with others of its sender (UDP_GRO)
	Media       uint64 // of them, what a Receiver got
	Dropped     uint64 // messages that the kernel dropped for want of room, as known with the last one read
	Failed      uint64 // reads that failed and were tried again
}

// Buffer is room that the kernel has for packets of a socket, in bytes of packets:
// its own bookkeeping is left out. A packet takes more of it than its length.
type Buffer struct {
	Asked   int
	Granted int // 0: this system does not say
}

// Stats returns the numbers of now.
func (s *Socket) Stats() Stats { return s.receivers.counted() }

// counters are the part of Stats that is counted, under the lock of receivers.
type counters struct {
	Stats
	lastDropped uint32
}

// countDropped counts with the kernel's own count, which has 32 bits and is 0 where
// it says nothing.
func (c *counters) countDropped(count uint32) {
	if count != 0 {
		c.Dropped += uint64(count - c.lastDropped)
		c.lastDropped = count
	}
}
