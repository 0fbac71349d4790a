package fanout

import (
	"math/rand/v2"
	"testing"
)

func TestAligned(t *testing.T) {
	for name, c := range map[string]struct {
		source    Packet
		index     uint64
		timestamp uint32
	}{
		"upwards":                   {Packet{Sequence: 1<<16 + 10, Timestamp: 1000}, 1<<17 + 500, 90_000},
		"downwards":                 {Packet{Sequence: 1<<16 + 65_000, Timestamp: 4_000_000_000}, 3, 7},
		"as it is":                  {Packet{Sequence: 1<<16 + 9, Timestamp: 9}, 1<<16 + 9, 9},
		"many rounds later":         {Packet{Sequence: 9<<16 + 9, Timestamp: 9}, 65_535, 1<<32 - 1},
		"over 2^32 packets":         {Packet{Sequence: 1<<32 - 1, Timestamp: 9}, 7, 0},
		"to the end of the counter": {Packet{Sequence: 1<<16 + 1, Timestamp: 9}, 1<<48 - 2, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := Rewrite{}.aligned(&c.source, c.index, c.timestamp)
			if i, ts := r.IndexOf(&c.source), r.TimestampOf(&c.source); i != c.index || ts != c.timestamp {
				t.Errorf("leaves as %d at %d, want %d at %d", i, ts, c.index, c.timestamp)
			}
			next := Packet{Sequence: c.source.Sequence + 1, Timestamp: c.source.Timestamp + 3000}
			if i, ts := r.IndexOf(&next), r.TimestampOf(&next); i != c.index+1 || ts != c.timestamp+3000 {
				t.Errorf("the next leaves as %d at %d", i, ts)
			}
		})
	}
}

func TestSqueeze(t *testing.T) {
	r := Rewrite{Live: 1000, Joined: 100_000}
	for name, c := range map[string]struct {
		sequence        uint64
		timestamp, want uint32
	}{
		"a second ago":                   {900, 10_000, 100_000 - 90_000/32},
		"just now":                       {999, 97_000, 100_000 - 3000/32},
		"the joining point":              {999, 100_000, 100_000},
		"the same frame goes on live":    {1000, 100_000, 100_000},
		"live":                           {1001, 103_000, 103_000},
		"live, shown before":             {1002, 99_000, 99_000},
		"caught up, shown after":         {998, 103_200, 100_100},
		"hours later, the clock wrapped": {1 << 40, 50_000, 50_000},
		"hours ago":                      {1, 1<<32 - 1<<30 + 100_000, 1<<32 - 1<<25 + 100_000},
	} {
		if got := r.TimestampOf(&Packet{Sequence: c.sequence, Timestamp: c.timestamp}); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// Whatever the clock and its round, timestamps that rise go on rising or stay, over the
// joining point too, and equal ones stay equal.
func TestSqueezedTimestampsNeverGoBack(t *testing.T) {
	for seed := range uint64(2000) {
		random := rand.New(rand.NewPCG(seed, 7))
		frames := 2 + random.IntN(60)
		joins := 1 + random.IntN(frames-1)
		behind := uint64(2*joins - random.IntN(2)) // the last frame may be unfinished
		r := Rewrite{Timestamp: random.Uint32(), Live: 1 << 16}
		clock, number := random.Uint32(), r.Live
		stream := make([][2]Packet, frames) // each frame of two packets
		for i := range stream {
			clock += random.Uint32N(6000)
			if i < joins {
				r.Joined = clock
			}
			for j := range stream[i] {
				stream[i][j] = Packet{Sequence: number + uint64(2*i+j) - behind, Timestamp: clock}
			}
		}
		last := r.TimestampOf(&stream[0][0])
		for i, frame := range stream {
			first, second := r.TimestampOf(&frame[0]), r.TimestampOf(&frame[1])
			if first != second || int32(first-last) < 0 {
				t.Fatalf("seed %d, frame %d: %d and %d after %d", seed, i, first, second, last)
			}
			if i > 0 && frame[0].Timestamp-stream[i-1][0].Timestamp >= squeeze && first == last {
				t.Fatalf("seed %d: two frames at %d", seed, first)
			}
			last = first
		}
	}
}
