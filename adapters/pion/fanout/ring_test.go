package fanout

import (
	"testing"
)

// put puts packets with no payload but their number, and says how many were taken.
func put(r *ring, sequences ...uint16) int {
	taken := 0
	for _, s := range sequences {
		if extended, ok := r.number(s, uint32(s)); ok {
			r.put(extended, uint32(s), false, false, []byte{byte(s >> 8), byte(s)})
			taken++
		}
	}
	return taken
}

// run returns n sequence numbers from first on, modulo 2^16.
func run(first uint16, n int) []uint16 {
	all := make([]uint16, n)
	for i := range all {
		all[i] = first + uint16(i)
	}
	return all
}

func has(r *ring, sequence uint16) bool {
	p := r.get(extend(r.highest, sequence+r.shift))
	return p != nil && uint16(p.Sequence) == sequence+r.shift && string(p.Payload) == string([]byte{byte(sequence >> 8), byte(sequence)})
}

func TestExtend(t *testing.T) {
	const round = 1 << 16
	for name, c := range map[string]struct {
		highest  uint64
		sequence uint16
		want     uint64
	}{
		"the first of all":       {0, 5, round + 5},
		"the first is 0":         {0, 0, round},
		"next":                   {round + 5, 6, round + 6},
		"the same":               {round + 5, 5, round + 5},
		"one before":             {round + 5, 4, round + 4},
		"before the first":       {round, 65535, round - 1},
		"over the top":           {2*round - 1, 0, 2 * round},
		"late, from before":      {2 * round, 65535, 2*round - 1},
		"as far ahead as can be": {round, 32767, round + 32767},
		"half a round: too late": {2 * round, 32768, round + 32768},
		"many rounds go on":      {1<<40 + 65535, 1, 1<<40 + round + 1},
	} {
		t.Run(name, func(t *testing.T) {
			if got := extend(c.highest, c.sequence); got != c.want {
				t.Errorf("extend(%#x, %d): %#x, want %#x", c.highest, c.sequence, got, c.want)
			}
		})
	}
}

func TestRingTakes(t *testing.T) {
	for name, c := range map[string]struct {
		before []uint16
		put    []uint16
		taken  int
	}{
		"in order":                      {nil, run(10, 5), 5},
		"over the top of 2^16":          {run(65533, 3), run(0, 3), 3},
		"reordered":                     {[]uint16{1, 4}, []uint16{3, 2}, 2},
		"reordered over the top":        {[]uint16{65534, 1}, []uint16{0, 65535}, 2},
		"before the very first":         {[]uint16{0}, []uint16{65535}, 1},
		"a duplicate":                   {run(1, 3), []uint16{2, 3}, 0},
		"a duplicate of a late one":     {[]uint16{1, 4, 3}, []uint16{3}, 0},
		"after a gap":                   {[]uint16{1}, []uint16{500}, 1},
		"after a gap wider than itself": {[]uint16{1}, []uint16{5000}, 1},
		"as late as it reaches":         {[]uint16{0, ringSize}, []uint16{1}, 1},
		"too late by one":               {[]uint16{0, ringSize}, []uint16{0}, 0},
		"much too late":                 {[]uint16{0, 10_000}, []uint16{5}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := &ring{}
			if put(r, c.before...) != len(c.before) {
				t.Fatalf("%v is not taken", c.before)
			}
			if got := put(r, c.put...); got != c.taken {
				t.Errorf("after %v: %d of %v are taken, want %d", c.before, got, c.put, c.taken)
			}
		})
	}
}

func TestRingPutsWhatItIsGiven(t *testing.T) {
	r, payload := &ring{}, []byte("one")
	p := r.put(1<<16+65535, 90_000, true, true, payload)
	payload[0] = 'x'
	if p.Sequence != 1<<16+65535 || p.Timestamp != 90_000 || !p.Marker || !p.Keyframe || string(p.Payload) != "one" {
		t.Errorf("%+v", *p)
	}
	if q := r.put(2<<16, 93_000, false, false, nil); q.Sequence != 2<<16 || q.Marker || q.Keyframe || len(q.Payload) != 0 {
		t.Errorf("%+v", *q)
	}
}

func TestRingGets(t *testing.T) {
	r := &ring{}
	if r.get(0) != nil {
		t.Error("an empty ring has a packet")
	}
	put(r, run(64_000, 3000)...) // ends at 1463
	for _, c := range []struct {
		sequence uint16
		want     bool
	}{
		{1463, true}, {1000, true}, {440, true}, {0, false}, {439, false}, {65535, false}, {64_000, false}, {1464, false}, {30_000, false},
	} {
		if has(r, c.sequence) != c.want {
			t.Errorf("packet %d: %v, want %v", c.sequence, !c.want, c.want)
		}
	}
}

func TestRingHasNoGaps(t *testing.T) {
	r := &ring{}
	put(r, run(0, 2000)...)
	put(r, 2002)
	if has(r, 2000) || has(r, 2001) || !has(r, 2002) || !has(r, 1999) {
		t.Error("what never came is there, or what came is not")
	}
	newest := r.highest
	put(r, 2001)
	if !has(r, 2001) || r.highest != newest {
		t.Error("what came late is not there, or passes for the newest")
	}
}

// Whoever asks by 16 bits gets the packet nearest to the newest, never one of a
// round before, although its slot still holds that.
func TestRingForgetsTheRoundBefore(t *testing.T) {
	r := &ring{}
	put(r, run(0, ringSize)...)
	for s := uint16(2000); s >= 2000; s += 1500 { // up to the top in leaps
		put(r, s)
	}
	put(r, 1)
	if p := r.get(5); p != nil {
		t.Errorf("packet 5 of this round never came: %+v", *p)
	}
	if !has(r, 1) {
		t.Error("packet 1 of this round is not there")
	}
}

func TestRingFollowsASourceThatNumbersAnew(t *testing.T) {
	for name, c := range map[string]struct{ from, to uint16 }{
		"backwards":          {40_000, 20_000},
		"half a round ahead": {1000, 40_000},
		"back to 0":          {30_000, 0},
		"just out of reach":  {5000, 5000 - ringSize - maxStrays},
	} {
		t.Run(name, func(t *testing.T) {
			r := &ring{}
			put(r, run(c.from, 100)...)
			before := r.highest
			if got := put(r, run(c.to, maxStrays-1)...); got != 0 {
				t.Fatalf("%d strays are believed", got)
			}
			next := c.to + maxStrays - 1
			if put(r, next) != 1 || r.highest <= before || !has(r, next) {
				t.Errorf("not followed: highest %#x after %#x", r.highest, before)
			}
			if put(r, run(next+1, 50)...) != 50 {
				t.Error("not followed any further")
			}
		})
	}
}

// A source that goes back by less than the ring reaches has other packets under the
// same numbers; those are no duplicates.
func TestRingFollowsASourceThatGoesBackALittle(t *testing.T) {
	for _, back := range []uint16{5, 100, ringSize - 1} {
		r, late := &ring{}, 0
		put(r, run(3000, 2000)...)
		before := r.highest
		for i := range uint16(200) {
			if extended, ok := r.number(5000-back+i, 77+uint32(i)); ok {
				r.put(extended, 77+uint32(i), false, false, nil)
			} else {
				late++
			}
		}
		if late != maxStrays-1 || r.highest != before+200 {
			t.Errorf("back by %d: %d packets are lost, and it is at %d more", back, late, r.highest-before)
		}
	}
}

// It goes on for more packets than RTP and SRTP can count.
func TestRingNeverWraps(t *testing.T) {
	for _, edge := range []uint64{1 << 17, 1 << 32, 1 << 48} {
		r := &ring{highest: edge - 100}
		for n := edge - 99; n < edge+100; n++ {
			if extended, ok := r.number(uint16(n), uint32(n)); !ok || r.put(extended, uint32(n), false, n == edge-1, nil) != r.get(n) {
				t.Fatalf("packet %#x is taken for %#x, %v", n, extended, ok)
			}
		}
		if got := r.sinceKey(nil, maxCatchUp); len(got) != 101 || got[0].Sequence != edge-1 {
			t.Errorf("%d packets since the key frame", len(got))
		}
	}
}

func TestRingIsNotMisledByStrays(t *testing.T) {
	for name, strays := range map[string][]uint16{
		"scattered":            {100, 300, 500, 700, 900},
		"the same again":       {100, 100, 100, 100, 100},
		"news between":         {100, 101, 102, 20_000, 103, 20_001},
		"backwards":            {104, 103, 102, 101, 100},
		"a run that is broken": {100, 101, 102, 104, 105, 106},
	} {
		t.Run(name, func(t *testing.T) {
			r := &ring{}
			put(r, run(19_000, 1000)...)
			put(r, strays...)
			if got := uint16(r.highest); got < 19_999 || got > 20_001 {
				t.Errorf("it believes in %d", got)
			}
		})
	}
}
