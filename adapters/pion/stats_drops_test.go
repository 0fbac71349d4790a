package pion

import (
	"bytes"
	"maps"
	"testing"
	"time"

	"rostrum/ports"
)

// Each packet that is dropped is counted for what it is dropped for.
func TestDropsAreCountedByReason(t *testing.T) {
	const ssrc = 1
	for reason, drop := range map[ports.DropReason]func(p *publisher, s *spring, pt, rtx uint8){
		ports.DropMalformed: func(p *publisher, s *spring, pt, _ uint8) {
			p.Receive(s.media(pt, ssrc)[:minPacket-1])
			p.Receive(make([]byte, maxPacket+1))
			p.arrives(bytes.Repeat([]byte{0xff}, 2*minPacket)[:2*minPacket-1]) // more contributing sources than bytes
		},
		ports.DropUnknown: func(p *publisher, s *spring, pt, _ uint8) {
			p.arrives(s.media(20, ssrc)) // a payload type that nobody agreed upon
			p.arrives(s.media(pt, ssrc+1))
			p.arrives(s.media(pt, ssrc+2))
		},
		ports.DropForged: func(p *publisher, s *spring, pt, _ uint8) {
			for range 3 {
				packet := s.media(pt, ssrc)
				packet[len(packet)-1]++
				p.arrives(packet)
			}
		},
		ports.DropReplayed: func(p *publisher, s *spring, pt, _ uint8) {
			packet := s.media(pt, ssrc)
			p.arrives(packet)
			for range 3 {
				p.arrives(packet)
			}
		},
		ports.DropLate: func(p *publisher, s *spring, pt, rtx uint8) {
			for range 3 { // it has come, and comes again
				p.arrives(s.retransmission(rtx, 2, 1))
			}
		},
		ports.DropFlood: func(p *publisher, s *spring, _, _ uint8) {
			for i := range uint32(maxControlSources + 3) {
				p.arrives(s.report(100 + i))
			}
		},
	} {
		t.Run(string(reason), func(t *testing.T) {
			t.Parallel()
			p := floodedPublisher(t)
			codec, s := p.sources[0].section.Codecs[0], newSpring(t)
			p.arrives(s.media(codec.PayloadType, ssrc))
			drop(p, s, codec.PayloadType, codec.RTX)
			p.Received()
			wantDrops(t, p.media, map[ports.DropReason]uint64{reason: 3})
		})
	}
}

// A publisher that sends faster than it is served loses what has no room.
func TestDropsOfTheInboxAreCounted(t *testing.T) {
	p := floodedPublisher(t)
	p.ingress.Store(nil) // it is not served
	packet := bytes.Repeat([]byte{0x80}, maxPacket)
	now := time.Now()
	for range inboxLimit/maxPacket + 3 {
		p.inbox.put(packet, now)
	}
	want := map[ports.DropReason]uint64{ports.DropInbox: 3}
	wantDrops(t, p.media, want)
	p.media.End("pub")
	wantDrops(t, p.media, want)
	p.media.closing.Wait()
	wantDrops(t, p.media, want)
}

// wantDrops waits until packets have been dropped as wanted, and no others.
func wantDrops(t *testing.T, m *Media, want map[ports.DropReason]uint64) {
	t.Helper()
	var got map[ports.DropReason]uint64
	for deadline := time.Now().Add(floodPatience); ; time.Sleep(time.Millisecond) {
		got = m.Stats().Drops
		maps.DeleteFunc(got, func(_ ports.DropReason, n uint64) bool { return n == 0 })
		if maps.Equal(got, want) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("dropped are %v, want %v", got, want)
		}
	}
}

func TestHighWaterNeverFalls(t *testing.T) {
	var h highWater
	var total uint64
	for _, c := range []struct{ lost, total uint64 }{{0, 0}, {3, 3}, {1, 3}, {3, 3}, {4, 4}, {0, 4}, {5, 5}} {
		if total += h.rise(c.lost); total != c.total {
			t.Errorf("with %d lost the total is %d, want %d", c.lost, total, c.total)
		}
	}
}
