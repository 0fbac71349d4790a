package pion

import (
	"log/slog"
	"math"
	"sync/atomic"
	"time"

	"rostrum/adapters/pion/socket"
)

// How the load is measured: as the share of a little more than the last second,
// looked at four times in each.
const (
	loadInterval = 250 * time.Millisecond
	loadWeight   = 0.25 // of the newest look
)

// load watches how much there is left to send with, and what the machine drops
// before it is read.
type load struct {
	limit   float64              // share of the workers' time above which nobody is let in; 0: no limit
	lanes   int                  // how many workers there are
	busy    func() time.Duration // how long they have been sending, all together
	sockets []*socket.Socket
	refused func() uint64 // packets that the machine would not send
	log     *slog.Logger

	share atomic.Uint64 // bits of a float64
	told  drops
}

// drops is what the machine has dropped, and when that was told last.
type drops struct {
	received, sent uint64
	at             time.Time
}

// tellInterval is how often drops are told of at most.
const tellInterval = 5 * time.Second

// now returns the share of the workers' time that goes into sending.
func (l *load) now() float64 { return math.Float64frombits(l.share.Load()) }

// full reports whether those that are there would suffer from one more.
func (l *load) full() bool {
	return l.limit > 0 && l.now() >= l.limit
}

// watch measures until done is closed.
func (l *load) watch(done <-chan struct{}) {
	tick := time.NewTicker(loadInterval)
	defer tick.Stop()
	before, at := l.busy(), time.Now()
	for {
		select {
		case <-done:
			return
		case now := <-tick.C:
			busy := l.busy()
			l.look(busy-before, now.Sub(at))
			before, at = busy, now
			l.tellDrops(now)
		}
	}
}

// look takes in how long the workers have been sending within a time.
func (l *load) look(busy, within time.Duration) {
	newest := busy.Seconds() / (within.Seconds() * float64(l.lanes))
	share := l.now()
	l.share.Store(math.Float64bits(share + loadWeight*(newest-share)))
}

// tellBuffers says which sockets have less room than they need, and what to do.
func (l *load) tellBuffers() {
	for _, s := range l.sockets {
		if b := s.Stats().ReadBuffer; b.Granted > 0 && b.Granted < b.Asked {
			l.log.Warn("the media socket's receive buffer is small: bursts of publishers can be lost. Raise net.core.rmem_max.",
				"socket", s.LocalAddr(), "bytes", b.Granted, "wanted", b.Asked)
		}
	}
}

// tellDrops says what has been dropped since it was said last.
func (l *load) tellDrops(now time.Time) {
	if now.Sub(l.told.at) < tellInterval {
		return
	}
	d := drops{sent: l.refused(), at: now}
	for _, s := range l.sockets {
		d.received += s.Stats().Dropped
	}
	if d.received > l.told.received || d.sent > l.told.sent {
		l.log.Warn("the machine has dropped media, it has too much to do: let fewer in by limits.load, or give it more cores",
			"before_it_was_read", d.received-l.told.received, "when_it_was_sent", d.sent-l.told.sent)
	}
	l.told = d
}
