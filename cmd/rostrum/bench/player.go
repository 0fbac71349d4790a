package bench

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
)

// player sends a source's frames when they are due, each at once. Any goroutine may pause it.
type player struct {
	source  *source
	packets *packetizer
	write   func(k kind, packet *rtp.Packet, number uint32) error // must not keep the packet
	key     *atomic.Bool                                          // a key frame was asked for

	mu       sync.Mutex // held while a frame is sent
	paused   time.Time  // zero while it plays
	start    time.Time  // of the media's clock, moved by pauses
	begun    time.Time
	lastKey  time.Time
	sent     [kinds]uint32
	sequence [kinds]uint16
}

// play returns when ctx ends, or why a packet couldn't be written.
func (p *player) play(ctx context.Context) error {
	p.mu.Lock()
	p.begun = time.Now()
	p.start = p.begun
	for k := range p.sequence {
		p.sequence[k] = uint16(rand.Uint32()) //nolint:gosec // no secret: SRTP needs no more (RFC 3550 §5.1)
	}
	p.mu.Unlock()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		wait, err := p.sendDue()
		if err != nil {
			return err
		}
		timer.Reset(wait)
	}
}

// sendDue sends what is due, and returns how long nothing will be.
func (p *player) sendDue() (wait time.Duration, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	const idle = 5 * time.Millisecond
	if !p.paused.IsZero() {
		return idle, nil
	}
	for {
		due := p.start.Add(p.source.due())
		now := time.Now()
		if wait := due.Sub(now); wait > 0 {
			return wait, nil
		}
		key := p.key.Load() && now.Sub(p.lastKey) >= keyGap
		f := p.source.next(key)
		if f.key {
			p.lastKey = now
			p.key.Store(false)
		}
		if err := p.send(f, due.Sub(p.begun)); err != nil {
			return 0, err
		}
	}
}

// send sends a frame with the timestamp of a time since the beginning, pauses included.
func (p *player) send(f frame, at time.Duration) error {
	rate := int64(90)
	if f.kind == audio {
		rate = 48
	}
	packet := rtp.Packet{Header: rtp.Header{Version: 2, Timestamp: uint32(at.Microseconds() * rate / 1000)}} //nolint:gosec // modulo 2^32
	for payload, last := range p.packets.payloads(f) {
		packet.Payload = payload
		packet.SequenceNumber = p.sequence[f.kind]
		packet.Marker = last && f.kind == video
		if err := p.write(f.kind, &packet, p.sent[f.kind]); err != nil {
			return err
		}
		p.sequence[f.kind]++
		p.sent[f.kind]++
	}
	return nil
}

// pause stops the media, and returns since when it has stopped. When it returns, the last packet is out.
func (p *player) pause() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.paused.IsZero() {
		p.paused = time.Now()
	}
	return p.paused
}

// resume goes on with the frame that would have been next.
func (p *player) resume() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.paused.IsZero() {
		p.start = p.start.Add(time.Since(p.paused))
		p.paused = time.Time{}
	}
}

// packetsSent is how many of both tracks are out.
func (p *player) packetsSent() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return uint64(p.sent[video]) + uint64(p.sent[audio])
}
