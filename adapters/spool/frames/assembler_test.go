package frames_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"rostrum/adapters/spool/frames"
	"rostrum/domain"
	"rostrum/ports"
)

// start is when the first packet comes; the tests have no other clock.
var start = time.Now()

// feed adds packets, one a millisecond, and returns the frames that come of it.
func feed(a *frames.Assembler, packets []ports.Packet) (got []frames.Frame) {
	now := start
	for _, p := range packets {
		now = now.Add(time.Millisecond)
		a.Add(p, now)
		got = drain(a, got, now)
	}
	return got
}

func drain(a *frames.Assembler, got []frames.Frame, now time.Time) []frames.Frame {
	for f, ok := a.Next(now); ok; f, ok = a.Next(now) {
		got = append(got, f)
	}
	return got
}

// numbers returns all from begin to end, without end.
func numbers(begin, end int) (all []int) {
	for i := begin; i < end; i++ {
		all = append(all, i)
	}
	return all
}

func TestRepairedPacketIsWaitedFor(t *testing.T) {
	c := encode(t, "VP8", size)
	packets, of := c.packets()
	missing := slices.Index(of, 3)
	for name, test := range map[string]struct {
		after time.Duration
		lost  bool
	}{
		"just in time": {after: frames.Patience - time.Millisecond},
		"too late":     {after: frames.Patience, lost: true},
	} {
		t.Run(name, func(t *testing.T) {
			a := frames.New(c.codec)
			got := feed(a, slices.Delete(slices.Clone(packets), missing, missing+1)[:missing+50])
			c.check(t, got, []int{0, 1, 2})
			stalled := start.Add(time.Duration(missing+1) * time.Millisecond) // the one behind it came
			got = drain(a, got, stalled.Add(test.after))
			if a.NeedsKeyframe() != test.lost {
				t.Fatalf("after %v a key frame is needed: %v", test.after, a.NeedsKeyframe())
			}
			a.Add(packets[missing], stalled.Add(test.after))
			got = drain(a, got, stalled.Add(test.after))
			if recovered := len(got) > 3; recovered == test.lost {
				t.Fatalf("%d frames, lost: %v", len(got), test.lost)
			}
			if !test.lost && !got[3].Arrived.Equal(stalled) {
				t.Fatalf("picture 3 arrived at %v, want when its first packet came, at %v", got[3].Arrived.Sub(start), stalled.Sub(start))
			}
		})
	}
}

func TestPaddingIsNoGap(t *testing.T) {
	c := encode(t, "VP8", size)
	packets, of := c.packets()
	var padded []ports.Packet
	for i, p := range packets {
		p.Sequence = firstSequence + uint64(len(padded))
		padded = append(padded, p)
		for n := range of[i] % 3 { // also amid a picture
			padded = append(padded, ports.Packet{Sequence: p.Sequence + 1 + uint64(n), Timestamp: p.Timestamp})
		}
	}
	c.check(t, feed(frames.New(c.codec), padded), numbers(0, len(c.pictures)))
}

func TestNoKeyframeIsNeededBeforeAnythingIsLost(t *testing.T) {
	c := encode(t, "H264", size)
	packets, of := c.packets()
	a := frames.New(c.codec)
	if a.NeedsKeyframe() {
		t.Fatal("a key frame is needed before any packet has come")
	}
	feed(a, packets[:slices.Index(of, 1)-1])
	if a.NeedsKeyframe() {
		t.Fatal("a key frame is needed while the first is coming")
	}
}

func TestPictureThatNeverEnds(t *testing.T) {
	c := encode(t, "VP8", size)
	packets, of := c.packets()
	second := slices.Index(of, 1)
	a := frames.New(c.codec)
	got := feed(a, packets[:second])
	endless := packets[second]
	endless.Marker = false
	endless.Payload = append(slices.Clone(endless.Payload[:3]), make([]byte, 1_400)...)
	for range 12_000 { // 16 MB
		a.Add(endless, start)
		got = drain(a, got, start)
		endless.Sequence++
	}
	rest := packets[slices.Index(of, 2):]
	shift := endless.Sequence - rest[0].Sequence
	for i := range rest {
		rest[i].Sequence += shift
	}
	got = append(got, feed(a, rest)...)
	whole := make([]bool, len(c.pictures))
	for i := range whole {
		whole[i] = i != 1
	}
	c.check(t, got, showable(c, whole))
}

func TestWhatMayWaitIsBounded(t *testing.T) {
	c := encode(t, "VP8", size)
	packets, of := c.packets()
	packets = packets[:slices.Index(of, 1)]
	for name, size := range map[string]int{"small packets": 10, "large packets": 60_000} {
		t.Run(name, func(t *testing.T) {
			a := frames.New(c.codec)
			feed(a, packets)
			p := ports.Packet{Sequence: packets[len(packets)-1].Sequence, Payload: make([]byte, size)}
			waiting := 0
			for ; !a.NeedsKeyframe(); waiting++ {
				p.Sequence += 2 // each behind a gap
				a.Add(p, start)
				drain(a, nil, start)
			}
			if waiting > 2_048 || waiting*size > 5<<20 || waiting < 60 {
				t.Fatalf("%d packets of %d bytes wait", waiting, size)
			}
		})
	}
}

// TestWhatIsAddedAndNeverTakenIsBounded is about a caller that does not call Next.
func TestWhatIsAddedAndNeverTakenIsBounded(t *testing.T) {
	a := frames.New(domain.Opus)
	const added = 10_000
	for n := range uint64(added) {
		a.Add(ports.Packet{Sequence: n, Payload: []byte{0xfc, 1, 2}}, start)
	}
	if got := drain(a, nil, start); len(got) != 4_096 {
		t.Fatalf("%d frames of %d packets", len(got), added)
	}
}

func TestJumpOfSequenceNumbers(t *testing.T) {
	c := encode(t, "VP8", size)
	packets, of := c.packets()
	for i := slices.Index(of, 15); i < len(packets); i++ {
		packets[i].Sequence += 1 << 40
	}
	a := frames.New(c.codec)
	got := feed(a, packets)
	got = drain(a, got, start.Add(time.Hour))
	c.check(t, got, numbers(0, len(c.pictures)))
	if !got[15].Lost || got[16].Lost {
		t.Fatalf("behind the jump the frames say lost %v, %v", got[15].Lost, got[16].Lost)
	}
}

func TestChangeOfResolution(t *testing.T) {
	for _, name := range []string{"VP8", "VP9", "H264", "H265", "AV1"} {
		t.Run(name, func(t *testing.T) {
			large, small := encode(t, name, size), encode(t, name, "160x120")
			packets, _ := large.packets()
			others, _ := small.packets()
			for i := range others {
				others[i].Sequence += uint64(len(packets))
				others[i].Timestamp += 1 << 20
			}
			got := feed(frames.New(large.codec), append(packets, others...))
			n := len(large.pictures)
			large.check(t, got[:n], numbers(0, n))
			for i, key := range []int{0, 15, 30, 45, n, n + 15, n + 30, n + 45} {
				f := got[key].Format
				if same := f.Equal(*got[0].Format); same != (i < 4) {
					t.Fatalf("the format of frame %d is %+v", key, f)
				}
			}
			if f := got[n].Format; f.Width != 160 || f.Height != 120 || len(got) != n+len(small.pictures) {
				t.Fatalf("%d frames, the last of %d x %d", len(got), f.Width, f.Height)
			}
		})
	}
}

func TestParameterSetsAreRemembered(t *testing.T) {
	for name, sets := range map[string]int{"H264": 2, "H265": 3} {
		t.Run(name, func(t *testing.T) {
			c := encode(t, name, size)
			for i := range c.pictures {
				if p := &c.pictures[i]; p.key && i > 0 {
					p.wire = annexB(source{data: p.data}, nil)
				}
			}
			packets, _ := c.packets()
			got := feed(frames.New(c.codec), packets)
			c.check(t, got, numbers(0, len(c.pictures)))
			if n := len(got[45].Format.ParameterSets); n != sets {
				t.Fatalf("%d parameter sets, want %d", n, sets)
			}
			decodes(t, c.codec, got)
		})
	}
}

// TestParameterSetsInPacketsOfTheirOwn is what some senders do, also with a marker.
func TestParameterSetsInPacketsOfTheirOwn(t *testing.T) {
	c := encode(t, "H264", size)
	var packets []ports.Packet
	for i, p := range c.pictures {
		units := bytes.Split(p.wire, []byte{0, 0, 0, 1})[1:]
		for n, unit := range units {
			packets = append(packets, ports.Packet{
				Sequence:  firstSequence + uint64(len(packets)),
				Timestamp: c.timestamp(i),
				Marker:    n == len(units)-1 || p.key && n < 2,
				Payload:   unit,
			})
		}
	}
	c.check(t, feed(frames.New(c.codec), packets), numbers(0, len(c.pictures)))
}
