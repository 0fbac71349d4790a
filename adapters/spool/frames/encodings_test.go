package frames_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"rostrum/adapters/spool/frames"
	"rostrum/domain"
	"rostrum/ports"
)

// TestEveryEncoding runs each case on the clips of all encoders.
func TestEveryEncoding(t *testing.T) {
	for name := range encodings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := encode(t, name, size)
			for name, check := range map[string]func(*testing.T, clip){
				"whole stream comes out as it went in":                     wholeStreamComesOutAsItWentIn,
				"packets out of order and twice":                           packetsOutOfOrderAndTwice,
				"packets lost for good":                                    packetsLostForGood,
				"random payloads between key frames":                       randomPayloadsBetweenKeyFrames,
				"garbage payload":                                          garbagePayload,
				"pictures without markers end where the timestamp changes": picturesWithoutMarkersEndWhereTheTimestampChanges,
				"stream that does not begin with a key frame":              streamThatDoesNotBeginWithAKeyFrame,
				"decode times":                                             decodeTimes,
			} {
				t.Run(name, func(t *testing.T) { check(t, c) })
			}
		})
	}
}

func wholeStreamComesOutAsItWentIn(t *testing.T, c clip) {
	packets, _ := c.packets()
	a := frames.New(c.codec)
	got := feed(a, packets)
	c.check(t, got, numbers(0, len(c.pictures)))
	for i, f := range got {
		if f.Lost {
			t.Fatalf("frame %d: something is lost", i)
		}
	}
	if a.NeedsKeyframe() {
		t.Fatal("a key frame is needed")
	}
	decodes(t, c.codec, got)
}

func packetsOutOfOrderAndTwice(t *testing.T, c clip) {
	packets, _ := c.packets()
	random := rand.New(rand.NewPCG(1, 2))
	for begin := 1; begin < len(packets); begin += 20 {
		run := packets[begin:min(begin+20, len(packets))]
		random.Shuffle(len(run), func(i, k int) { run[i], run[k] = run[k], run[i] })
	}
	var twice []ports.Packet
	for i, p := range packets {
		twice = append(twice, p)
		if i >= 30 {
			twice = append(twice, packets[i-random.IntN(30)])
		}
	}
	c.check(t, feed(frames.New(c.codec), twice), numbers(0, len(c.pictures)))
}

// TestPacketsLostForGood loses 1 % and 10 % of the packets: what comes out is the
// pictures that are whole and hang on nothing that is not, and decodes.
func packetsLostForGood(t *testing.T, c clip) {
	for _, percent := range []int{1, 10} {
		packets, of := c.packets()
		random := rand.New(rand.NewPCG(3, uint64(percent)))
		whole := make([]bool, len(c.pictures))
		for i := range whole {
			whole[i] = true
		}
		var kept []ports.Packet
		for i, p := range packets {
			sets := c.codec == domain.H264 && p.Payload[0]&0x1f == 24 // they are remembered
			if of[i] > 1 && !sets && random.IntN(100) < percent {
				whole[of[i]] = false
			} else {
				kept = append(kept, p)
			}
		}
		a := frames.New(c.codec)
		got := feed(a, kept)
		a.Flush()
		got = drain(a, got, start)
		c.check(t, got, showable(c, whole))
		checkLost(t, c, got)
		decodes(t, c.codec, got)
	}
}

// showable returns the pictures that can be shown when those that are not whole are
// missing.
func showable(c clip, whole []bool) (all []int) {
	blind, opened := false, false
	for i, p := range c.pictures {
		switch {
		case !whole[i]:
			blind = true
			continue
		case p.key:
			blind, opened = false, blind
		case blind, opened && p.leading:
			continue
		}
		all = append(all, i)
	}
	return all
}

// checkLost checks that exactly those frames say so before which one is missing. The
// leading pictures of an open GOP are shown before the key frame that says it.
func checkLost(t *testing.T, c clip, got []frames.Frame) {
	t.Helper()
	next := 0
	for i, f := range got {
		at := next
		for c.timestamp(at) != f.Timestamp {
			at++
		}
		missing := slices.ContainsFunc(c.pictures[next:at], func(p source) bool { return !p.leading })
		if f.Lost != missing {
			t.Fatalf("frame %d says lost %v where %d pictures are missing before it", i, f.Lost, at-next)
		}
		next = at + 1
	}
}

// garbagePayload puts payloads that are none of the codec in the place of others.
func garbagePayload(t *testing.T, c clip) {
	for _, payload := range garbage[c.codec] {
		packets, of := c.packets()
		packets[slices.Index(of, 5)].Payload = payload
		whole := make([]bool, len(c.pictures))
		for i := range whole {
			whole[i] = i != 5
		}
		got := feed(frames.New(c.codec), packets)
		c.check(t, got, showable(c, whole))
		checkLost(t, c, got)
	}
}

// garbage is what the depacketizers of the codecs must refuse.
var garbage = map[domain.Codec][][]byte{
	domain.VP8:  {{0x00}, {0x90, 0x80}, {0x10, 0xff}, {0x11, 0, 0, 0}},
	domain.VP9:  {{0x08, 0xff}, {0xff}, {0x0a}, {0x00, 0x82}},
	domain.H264: {{0x1f, 1, 2}, {0x7c, 0x05, 1}, {0x78, 0xff, 0xff, 1}, {0xe5, 0x88}, {0x41}},
	domain.H265: {{0x62, 0x01, 0x13, 1}, {0x60, 0x01, 0xff, 0xff, 1}, {0x01}, {0x80, 1, 1, 1}},
	domain.AV1:  {{0x90, 1}, {0x00, 0xff}, {0x10}, {0x10, 0x80, 0}},
}

// randomPayloadsBetweenKeyFrames must not do harm beyond the next key frame.
func randomPayloadsBetweenKeyFrames(t *testing.T, c clip) {
	packets, of := c.packets()
	random := rand.New(rand.NewPCG(1, 2))
	whole := make([]bool, len(c.pictures))
	for i := range packets {
		if whole[of[i]] = c.pictures[of[i]].key; whole[of[i]] {
			continue
		}
		packets[i].Payload = make([]byte, 100+random.IntN(100))
		for n := range packets[i].Payload {
			packets[i].Payload[n] = byte(random.Uint32())
		}
	}
	got := feed(frames.New(c.codec), packets)
	c.check(t, got, showable(c, whole))
	decodes(t, c.codec, got)
}

func picturesWithoutMarkersEndWhereTheTimestampChanges(t *testing.T, c clip) {
	packets, _ := c.packets()
	for i := range packets {
		packets[i].Marker = false
	}
	a := frames.New(c.codec)
	got := feed(a, packets)
	a.Flush() // whether the last one is whole, nobody knows
	c.check(t, drain(a, got, start), numbers(0, len(c.pictures)-1))
}

func streamThatDoesNotBeginWithAKeyFrame(t *testing.T, c clip) {
	for name, from := range map[string]func(of []int) int{
		"amid a picture":   func(of []int) int { return slices.Index(of, 4) - 1 },
		"at a picture":     func(of []int) int { return slices.Index(of, 4) },
		"amid a key frame": func(of []int) int { return slices.Index(of, 1) - 1 },
	} {
		packets, of := c.packets()
		a := frames.New(c.codec)
		key := c.keyFrom(5)
		before := slices.Index(of, key)
		if got := feed(a, packets[from(of):before]); len(got) > 0 || !a.NeedsKeyframe() {
			t.Fatalf("%s: %d frames, a key frame is needed: %v", name, len(got), a.NeedsKeyframe())
		}
		got := feed(a, packets[before:])
		whole := make([]bool, len(c.pictures))
		for i := range whole {
			whole[i] = i >= key
		}
		c.check(t, got, showable(c, whole))
		if !got[0].Lost || a.NeedsKeyframe() {
			t.Fatalf("%s: the first frame says lost %v, a key frame is needed: %v", name, got[0].Lost, a.NeedsKeyframe())
		}
	}
}
