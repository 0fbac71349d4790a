package fanout

import (
	"math/rand/v2"
	"testing"
)

func TestAligned(t *testing.T) {
	for name, c := range map[string]struct {
		source    Packet
		sequence  uint16
		timestamp uint32
	}{
		"upwards":           {Packet{Sequence: 1<<16 + 10, Timestamp: 1000}, 500, 90_000},
		"downwards":         {Packet{Sequence: 1<<16 + 65_000, Timestamp: 4_000_000_000}, 3, 7},
		"as it is":          {Packet{Sequence: 1<<16 + 9, Timestamp: 9}, 9, 9},
		"many rounds later": {Packet{Sequence: 9<<16 + 9, Timestamp: 9}, 65_535, 1<<32 - 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := aligned(&c.source, c.sequence, c.timestamp)
			if s, ts := r.SequenceOf(&c.source), r.TimestampOf(&c.source); s != c.sequence || ts != c.timestamp {
				t.Errorf("leaves as %d at %d, want %d at %d", s, ts, c.sequence, c.timestamp)
			}
			next := Packet{Sequence: c.source.Sequence + 1, Timestamp: c.source.Timestamp + 3000}
			if s, ts := r.SequenceOf(&next), r.TimestampOf(&next); s != c.sequence+1 || ts != c.timestamp+3000 {
				t.Errorf("the next leaves as %d at %d", s, ts)
			}
		})
	}
}

func TestSourceUndoesSequenceOf(t *testing.T) {
	for range 1000 {
		r := Rewrite{Sequence: uint16(rand.Uint32())}
		p := Packet{Sequence: rand.Uint64()}
		if got := r.source(r.SequenceOf(&p)); got != uint16(p.Sequence) {
			t.Fatalf("%+v: %d comes back as %d", r, uint16(p.Sequence), got)
		}
	}
}
