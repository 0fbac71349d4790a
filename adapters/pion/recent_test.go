package pion

import (
	"testing"

	"rostrum/adapters/pion/fanout"
)

// A tap that joins is given the last key frame and what followed, if that is of the last
// two seconds; else what is new.
func TestRecent(t *testing.T) {
	burst := func(first uint32) []*fanout.Packet {
		var packets []*fanout.Packet
		for i := range uint64(5) {
			packets = append(packets, &fanout.Packet{Sequence: 100 + i, Timestamp: first + uint32(i)})
		}
		return packets
	}
	now := uint32(50) // across the wrap
	for name, c := range map[string]struct {
		first uint32
		live  uint64
		want  int
	}{
		"no past":                             {now - 3*90_000, 0, 5},
		"a second of past":                    {now - 90_000, 105, 5},
		"two seconds":                         {now - oldest, 105, 5},
		"more than that":                      {now - oldest - 1, 105, 0},
		"a minute, and two packets are new":   {now - 60*90_000, 103, 2},
		"a minute of what comes late and new": {now - 60*90_000, 100, 5},
	} {
		got := recent(fanout.Rewrite{Live: c.live, Joined: now}, burst(c.first))
		if len(got) != c.want || c.want > 0 && got[len(got)-1].Sequence != 104 {
			t.Errorf("%s: %d packets, want the last %d", name, len(got), c.want)
		}
	}
}
