package spool

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

var (
	pictures = ports.Stream{Publisher: "P", Track: "video", Codec: domain.VP8}
	sound    = ports.Stream{Publisher: "P", Track: "audio", Codec: domain.Opus}
)

func burstOf(first uint64, count, size int) []ports.Packet {
	packets := make([]ports.Packet, count)
	for i := range packets {
		n := first + uint64(i)
		packets[i] = ports.Packet{Sequence: n, Timestamp: uint32(n * 10), Payload: bytes.Repeat([]byte{byte(n)}, size)}
	}
	return packets
}

func TestInboxGivesBackWhatItTook(t *testing.T) {
	var b inbox
	var spare batch
	now := time.Now()
	for round := range uint64(3) {
		first := round * 100
		given := burstOf(first, 3, 50)
		b.put(pictures, given, now)
		b.put(sound, nil, now)
		b.report(pictures, ports.Clock{NTPTime: 7, RTPTime: uint32(round)}, now.Add(1))
		b.put(sound, burstOf(first+50, 1, 0), now.Add(2))
		clear(given[0].Payload)
		taken, dropped := b.take(spare)
		if len(dropped) > 0 || len(taken.bursts) != 3 {
			t.Fatalf("%d bursts, %v dropped; want 3 and none", len(taken.bursts), dropped)
		}
		video, report, audio := taken.bursts[0], taken.bursts[1], taken.bursts[2]
		if video.stream != pictures || video.end-video.begin != 3 || !video.at.Equal(now) {
			t.Errorf("the first burst is %+v", video)
		}
		for i, want := range burstOf(first, 3, 50) {
			if got := taken.packet(video.begin + i); !bytes.Equal(got.Payload, want.Payload) || got.Sequence != want.Sequence {
				t.Errorf("packet %d came back as %+v", i, got)
			}
		}
		if report.begin != report.end || report.clock.RTPTime != uint32(round) {
			t.Errorf("the report came back as %+v", report)
		}
		if got := taken.packet(audio.begin); audio.stream != sound || len(got.Payload) != 0 || got.Sequence != first+50 {
			t.Errorf("the empty packet came back as %+v of %+v", got, audio)
		}
		spare = taken
	}
}

// What is dropped is told of each stream once, and nothing is let in behind it before
// the rest has been taken.
func TestInboxIsBounded(t *testing.T) {
	now := time.Now()
	for name, fill := range map[string]func(b *inbox) time.Time{
		"in octets": func(b *inbox) time.Time {
			for n := uint64(0); len(b.dropped) == 0; n += 10 {
				b.put(pictures, burstOf(n, 10, 1200), now)
			}
			return now
		},
		"in tiny packets": func(b *inbox) time.Time {
			for n := uint64(0); len(b.dropped) == 0; n++ {
				b.put(pictures, burstOf(n, 1, 1), now)
			}
			return now
		},
		"in time": func(b *inbox) time.Time {
			b.put(pictures, burstOf(0, 1, 10), now)
			b.put(pictures, burstOf(1, 1, 10), now.Add(inboxLag+1))
			return now.Add(inboxLag + 1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := &inbox{}
			now := fill(b)
			first := b.dropped[0].first
			b.put(sound, burstOf(5, 1, 1), now)
			b.put(pictures, burstOf(1<<20, 1, 1), now)
			b.report(pictures, ports.Clock{}, now)
			taken, dropped := b.take(batch{})
			if kept := len(taken.octets) + len(taken.packets)*packetCost; kept > inboxLimit {
				t.Errorf("%d bytes were let in", kept)
			}
			last := taken.packet(len(taken.packets) - 1)
			if want := fmt.Sprint([]drop{{pictures, first, now}, {sound, 50, now}}); fmt.Sprint(dropped) != want || last.Timestamp >= first {
				t.Errorf("dropped %v behind timestamp %d, want %s", dropped, last.Timestamp, want)
			}
			b.put(sound, burstOf(6, 1, 1), now)
			if taken, dropped := b.take(batch{}); len(taken.packets) != 1 || len(dropped) > 0 {
				t.Errorf("afterwards %d packets are let in and %v dropped, want 1 and none", len(taken.packets), dropped)
			}
		})
	}
}

func TestInboxLetsGoOfMemory(t *testing.T) {
	b := &inbox{}
	large := batch{octets: make([]byte, 100, 4<<20)}
	b.take(large)
	if c := cap(b.waiting.octets); c > 0 {
		t.Errorf("an idle inbox keeps %d bytes", c)
	}
	b.take(batch{octets: make([]byte, 3<<20, 4<<20)})
	if c := cap(b.waiting.octets); c != 4<<20 {
		t.Errorf("a busy inbox has kept %d bytes, want what it had", c)
	}
}

func TestReceiveDoesNotAllocate(t *testing.T) {
	b := &inbox{}
	packets, now := burstOf(0, 10, 1200), time.Now()
	var spare batch
	turn := func() {
		for range 20 {
			b.put(pictures, packets, now)
			b.report(pictures, ports.Clock{}, now)
		}
		spare, _ = b.take(spare)
	}
	turn()
	turn()
	if n := testing.AllocsPerRun(100, turn); n > 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

func BenchmarkReceive(b *testing.B) {
	in := &inbox{}
	packets, now := burstOf(0, 10, 1200), time.Now()
	var spare batch
	b.ReportAllocs()
	b.SetBytes(12_000)
	for n := 0; b.Loop(); n++ {
		in.put(pictures, packets, now)
		if n%20 == 0 {
			spare, _ = in.take(spare)
		}
	}
}
