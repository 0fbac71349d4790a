package frames_test

import (
	"math/rand/v2"
	"testing"

	"rostrum/adapters/spool/frames"
)

func decodeTimes(t *testing.T, c clip) {
	packets, _ := c.packets()
	times := frames.NewDecodeTimes(c.codec)
	reorders := c.pictures[0].pts > c.pictures[0].dts
	last, reordered := int64(-1), false
	for i, f := range feed(frames.New(c.codec), packets) {
		pts := c.pictures[i].pts
		dts, ok := times.Of(f, pts)
		if !ok || dts > pts || dts <= last || !reorders && dts != pts {
			t.Fatalf("picture %d, shown at %d, is decoded at %d, %v after one at %d", i, pts, dts, ok, last)
		}
		reordered = reordered || dts < pts
		last = dts
	}
	if reordered != reorders {
		t.Fatalf("pictures are reordered: %v, want %v", reordered, reorders)
	}
}

// TestDecodeTimesOfTimestampsGoneMad are in order whatever the publisher says.
func TestDecodeTimesOfTimestampsGoneMad(t *testing.T) {
	for _, name := range []string{"VP8", "H264", "H264 with B pictures", "H265 with B pictures"} {
		t.Run(name, func(t *testing.T) {
			c := encode(t, name, size)
			packets, _ := c.packets()
			random := rand.New(rand.NewPCG(5, 6))
			times := frames.NewDecodeTimes(c.codec)
			last := int64(-1)
			for i, f := range feed(frames.New(c.codec), packets) {
				pts := random.Int64N(200_000)
				dts, ok := times.Of(f, pts)
				if dts <= last || ok != (dts <= pts) {
					t.Fatalf("picture %d, shown at %d, is decoded at %d, %v after one at %d", i, pts, dts, ok, last)
				}
				last = dts
			}
		})
	}
}
