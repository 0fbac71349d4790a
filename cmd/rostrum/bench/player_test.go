package bench

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/rtp"
)

// TestPlayerPausesExactly plays, pauses and goes on, and checks times, numbers and timestamps of all that it sends.
func TestPlayerPausesExactly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []sent
		var key atomic.Bool
		start := time.Now()
		p := &player{source: newSource(Stream{"h264", 2500, 30}), packets: newPacketizer("h264"), key: &key}
		p.write = func(k kind, packet *rtp.Packet, number uint32) error {
			log = append(log, sent{k, packet.Header, number, time.Since(start)})
			return nil
		}
		ctx, stop := context.WithCancel(t.Context())
		var playing sync.WaitGroup
		playing.Go(func() {
			if err := p.play(ctx); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(time.Second + time.Millisecond)
		p.pause()
		atPause := p.packetsSent()
		time.Sleep(time.Second)
		if n := p.packetsSent(); n != atPause {
			t.Errorf("%d packets were sent in the pause", n-atPause)
		}
		p.resume()
		time.Sleep(time.Second)
		stop()
		playing.Wait()

		if p.packetsSent() != uint64(len(log)) {
			t.Errorf("%d packets counted, %d sent", p.packetsSent(), len(log))
		}
		checkNumbers(t, log)
		checkTimes(t, log)
	})
}

type sent struct {
	kind   kind
	header rtp.Header
	number uint32
	at     time.Duration
}

func checkNumbers(t *testing.T, log []sent) {
	t.Helper()
	var next [kinds]uint32
	first := map[kind]uint16{}
	for _, s := range log {
		if s.number == 0 {
			first[s.kind] = s.header.SequenceNumber
		}
		if s.number != next[s.kind] || s.header.SequenceNumber != first[s.kind]+uint16(s.number) {
			t.Fatalf("track %d: packet %d has sequence number %d, the first had %d", s.kind, s.number, s.header.SequenceNumber, first[s.kind])
		}
		next[s.kind]++
	}
}

// checkTimes holds timestamps against the clock: they go on in a pause, so that sound and picture stay together.
func checkTimes(t *testing.T, log []sent) {
	t.Helper()
	const slack = 6 * time.Millisecond // a pause ends at the next look
	marks := 0
	for _, s := range log {
		rate := time.Duration(90_000)
		if s.kind == audio {
			rate = 48_000
		}
		media := time.Duration(s.header.Timestamp) * time.Second / rate
		if late := s.at - media; late < -time.Millisecond || late > slack {
			t.Fatalf("track %d: a packet of %v is sent at %v", s.kind, media, s.at)
		}
		if s.at > time.Second+2*time.Millisecond && s.at < 2*time.Second {
			t.Fatalf("a packet is sent at %v, in the pause", s.at)
		}
		if s.header.Marker {
			marks++
		}
	}
	if marks < 60 || marks > 62 {
		t.Errorf("%d pictures in two seconds of media", marks)
	}
}

// TestPlayerLimitsKeyFrames asks for one all the time.
func TestPlayerLimitsKeyFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var keys, asked atomic.Int64
		var key atomic.Bool
		p := &player{source: newSource(Stream{"vp8", 2500, 30}), packets: newPacketizer("vp8"), key: &key}
		p.write = func(k kind, packet *rtp.Packet, _ uint32) error {
			if k == video && packet.Payload[0]&0x10 != 0 && packet.Payload[4]&1 == 0 {
				keys.Add(1)
			}
			key.Store(true)
			asked.Add(1)
			return nil
		}
		ctx, stop := context.WithTimeout(t.Context(), 3*time.Second)
		defer stop()
		if err := p.play(ctx); err != nil {
			t.Error(err)
		}
		if n := keys.Load(); n < 10 || n > 11 {
			t.Errorf("%d key frames in 3 s for %d requests, want one every %v", n, asked.Load(), keyGap)
		}
	})
}
