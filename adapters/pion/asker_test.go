package pion_test

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/pion/rtcp"
)

// How often a screen looks for what is missing, and how long it waits, longer than a
// round trip, before it asks for it again.
const (
	askInterval = 20 * time.Millisecond
	askAgain    = 200 * time.Millisecond
)

// asker asks for what is missing on a screen, by NACK.
type asker struct {
	screen *screen
	done   chan struct{}
	asking sync.WaitGroup

	mu    sync.Mutex
	asked map[int]time.Time // the packets asked for, by their number, and when last
}

// askForLosses asks until the test is over.
func (s *screen) askForLosses() *asker {
	a := &asker{screen: s, done: make(chan struct{}), asked: map[int]time.Time{}}
	a.asking.Go(a.run)
	s.client.Cleanup(func() { close(a.done); a.asking.Wait() })
	return a
}

func (a *asker) run() {
	tick := time.NewTicker(askInterval)
	defer tick.Stop()
	for {
		select {
		case <-a.done:
			return
		case now := <-tick.C:
			if lost := a.lost(now); len(lost) > 0 {
				a.screen.ask(func(ssrc uint32) rtcp.Packet {
					return &rtcp.TransportLayerNack{SenderSSRC: 1, MediaSSRC: ssrc, Nacks: rtcp.NackPairsFromSequenceNumbers(lost)}
				})
			}
		}
	}
}

// lost returns the RTP numbers of what is to be asked for now.
func (a *asker) lost(now time.Time) []uint16 {
	newest := a.screen.newest()
	if newest < 0 {
		return nil
	}
	offset := a.screen.sight(newest).sequence - uint16(newest)
	a.mu.Lock()
	defer a.mu.Unlock()
	var lost []uint16
	for _, n := range a.screen.missing(newest) {
		if now.Sub(a.asked[n]) > askAgain {
			a.asked[n] = now
			lost = append(lost, uint16(n)+offset)
		}
	}
	return lost
}

// all returns the numbers of the packets that have been asked for.
func (a *asker) all() []int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Sorted(maps.Keys(a.asked))
}
