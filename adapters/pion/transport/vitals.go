package transport

import (
	"sync/atomic"
	"time"

	"rostrum/domain"
)

// listenInterval is how exactly it is known when a peer was heard last.
const listenInterval = 250 * time.Millisecond

// vitals is what is known of a peer's life.
type vitals struct {
	media          atomic.Uint64 // authentic packets that have come
	heard          atomic.Uint64 // packets and answers that had come when it was looked at last
	heardAt        atomic.Int64  // when there were more of them than before, in Unix nanoseconds
	roundTrip      atomic.Int64  // of the last check that was answered, in nanoseconds; 0: unknown
	pairedAfter    atomic.Int64  // until ICE had selected a pair, in nanoseconds; 0: not yet
	connectedAfter atomic.Int64  // likewise until DTLS was up
}

// Receive passes media on to the handler. See socket.Receiver.
func (c *Conn) Receive(packet []byte) { c.handler.Receive(packet) }

// Received passes on that a batch is over. See socket.Receiver.
func (c *Conn) Received() { c.handler.Received() }

// Heard takes note of a packet of media whose authenticity the handler has seen.
func (c *Conn) Heard() { c.vitals.media.Add(1) }

func (c *Conn) isConnected() bool { return c.vitals.connectedAfter.Load() > 0 }

// Vitals tells how alive the peer is.
func (c *Conn) Vitals() domain.Vitals {
	c.Look()
	return domain.Vitals{
		Connected: c.isConnected(),
		Age:       time.Since(c.since),
		Silence:   time.Since(time.Unix(0, c.vitals.heardAt.Load())),
	}
}

// Listen takes note of when the peer was heard last, until done is closed.
func (c *Conn) Listen(done <-chan struct{}) {
	tick := time.NewTicker(listenInterval)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			c.Look()
		}
	}
}

// Look takes note if something has come from the peer since it was called last,
// media or an answer to a consent check, and of the round trip of the latter. It waits
// for the ICE agent, which takes some microseconds, and may be called from any
// goroutine, also when the connection is over.
func (c *Conn) Look() {
	if !c.isConnected() {
		return
	}
	heard := c.vitals.media.Load()
	if pair, ok := c.agent.GetSelectedCandidatePairStats(); ok {
		heard += pair.ResponsesReceived
		if roundTrip := time.Duration(pair.CurrentRoundTripTime * float64(time.Second)); roundTrip > 0 {
			c.vitals.roundTrip.Store(int64(roundTrip))
		}
	}
	if c.vitals.heard.Swap(heard) != heard {
		c.vitals.heardAt.Store(time.Now().UnixNano())
	}
}

// RoundTrip returns how long a consent check and its answer took when Look, or who
// called it, has looked last; 0 if none was answered.
func (c *Conn) RoundTrip() time.Duration { return time.Duration(c.vitals.roundTrip.Load()) }

// After returns how long after the connection was opened something happened, 0 for the
// zero time: never.
func (c *Conn) After(at time.Time) time.Duration {
	if at.IsZero() {
		return 0
	}
	return at.Sub(c.since)
}

// Report is what there is to say of a connection.
type Report struct {
	Pair           string        // that was selected when it connected, or before
	PairedAfter    time.Duration // 0: never
	DTLS           string        // how far it came
	ConnectedAfter time.Duration // 0: never
	RoundTrip      time.Duration // see Conn.RoundTrip
}

// Report returns what there is to say of the connection so far. It waits for
// nothing.
func (c *Conn) Report() Report {
	return Report{
		Pair:           c.first.Load().(string), // nothing else is stored
		PairedAfter:    time.Duration(c.vitals.pairedAfter.Load()),
		DTLS:           c.phase.Load().(string), // likewise
		ConnectedAfter: time.Duration(c.vitals.connectedAfter.Load()),
		RoundTrip:      c.RoundTrip(),
	}
}
