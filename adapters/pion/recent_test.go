package pion

import (
	"testing"

	"rostrum/adapters/pion/fanout"
	"rostrum/ports"
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

// What a tap is not given of the past, it needs a key frame instead of, at once.
func TestLongPastNeedsKeyframe(t *testing.T) {
	for name, c := range map[string]struct {
		age  uint32
		asks int
	}{"a second": {90_000, 0}, "a minute": {60 * 90_000, 1}} {
		asked, got := 0, &counting{}
		sender := &tapSender{tap: &tap{sink: got}, askKeyframe: func() { asked++ }}
		sender.Send(nil, fanout.Stream{Rewrite: fanout.Rewrite{Live: 101, Joined: c.age}}, []*fanout.Packet{{Sequence: 100, Keyframe: true}})
		if asked != c.asks || got.packets != 1-c.asks {
			t.Errorf("%s: %d packets were given, and a key frame was asked for %d times", name, got.packets, asked)
		}
	}
}

// counting is a sink that counts.
type counting struct{ packets int }

func (c *counting) Receive(_ ports.Stream, packets []ports.Packet) { c.packets += len(packets) }

func (c *counting) Report(ports.Stream, ports.Clock) {}
