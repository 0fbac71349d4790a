package socket

import (
	"net/netip"
	"slices"
	"sync"
)

// Receiver takes the media of one session. Both methods are called on the socket's
// reading goroutine and hold up every other session of the socket: they must not
// block, nor call Attach, Detach or Close. Receivers are compared, as pointers can be.
type Receiver interface {
	// Receive takes one RTP or RTCP packet, still encrypted, valid during the call.
	// Nobody else has it: it may be decrypted in place.
	Receive(packet []byte)
	// Received says that there are no more packets for it in the batch that was read:
	// once for any number of Receive.
	Received()
}

// receivers are those who get media, by the address that it comes from. One lock
// is taken a batch, not a packet, and is held while the batch is delivered: that
// is why a detached Receiver can be promised that it is not being called.
type receivers struct {
	mu       sync.Mutex
	byRemote map[netip.AddrPort]Receiver // nil: closed
	touched  []Receiver                  // that have got packets of this batch
	stats    counters
}

func (t *receivers) attach(remote netip.AddrPort, r Receiver) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byRemote != nil {
		t.byRemote[key(remote)] = r
	}
}

func (t *receivers) detach(remote netip.AddrPort, r Receiver) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byRemote[key(remote)] == r {
		delete(t.byRemote, key(remote))
	}
}

func (t *receivers) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.byRemote = nil
}

// deliver gives the media of a batch to its Receivers, then tells them that the
// batch is over. It returns what is not theirs, appended to rest, in its order.
func (t *receivers) deliver(batch []message, rest []datagram) []datagram {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stats.Batches++
	for i := range batch {
		t.stats.countDropped(batch[i].dropped)
		rest = t.deliverMessage(&batch[i], rest)
	}
	for _, r := range t.touched {
		r.Received()
	}
	clear(t.touched)
	t.touched = t.touched[:0]
	return rest
}

// deliverMessage is deliver for one message: one look-up, however many packets.
func (t *receivers) deliverMessage(m *message, rest []datagram) []datagram {
	r, joined, media := t.byRemote[key(m.from)], m.joined(), 0
	for packet := m.next(); packet != nil; packet = m.next() {
		t.stats.Packets++
		if joined {
			t.stats.Joined++
		}
		if r == nil || !isMedia(packet) {
			rest = append(rest, datagram{packet, m.from})
			continue
		}
		r.Receive(packet)
		media++
	}
	t.stats.Media += uint64(media)
	if media > 0 && !slices.Contains(t.touched, r) {
		t.touched = append(t.touched, r)
	}
	return rest
}

func (t *receivers) countFailed() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stats.Failed++
}

func (t *receivers) counted() Stats {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.stats.Stats
}
