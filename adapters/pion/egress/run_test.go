package egress

import (
	"math/rand/v2"
	"slices"
	"testing"

	"rostrum/adapters/pion/fanout"
)

// overhead is what a packet of these tests grows by when it is sealed.
const overhead = headerSize + 16

// ofSizes returns a burst whose payloads have sizes, and share their bytes.
func ofSizes(all ...int) []*fanout.Packet {
	burst, bytes := make([]*fanout.Packet, len(all)), make([]byte, slices.Max(append(all, 0)))
	for i, size := range all {
		burst[i] = &fanout.Packet{Payload: bytes[:size]}
	}
	return burst
}

// runs divides a burst as Send does.
func runs(burst []*fanout.Packet, padding int) []run {
	var all []run
	for len(burst) > 0 {
		r := firstRun(burst, overhead, padding)
		all = append(all, r)
		burst = burst[r.packets:]
	}
	return all
}

func TestBurstsAreDividedIntoRuns(t *testing.T) {
	for name, c := range map[string]struct {
		sizes   []int
		padding int
		want    []run
	}{
		"one packet":                    {[]int{700}, 16, []run{{1, 700}}},
		"empty payloads":                {[]int{0, 0}, 16, []run{{2, 0}}},
		"equal":                         {sizes(9, 1188), 0, []run{{9, 1188}}},
		"the last is shorter":           {append(sizes(8, 1188), 400), 0, []run{{9, 1188}}},
		"the first is shorter":          {append([]int{30}, sizes(8, 1188)...), 16, []run{{1, 30}, {8, 1188}}},
		"a short one ends a run":        {[]int{1188, 1188, 20, 1188, 1188}, 16, []run{{3, 1188}, {2, 1188}}},
		"nearly equal":                  {[]int{1187, 1187, 1188, 1188}, 16, []run{{4, 1188}}},
		"nearly equal, but not allowed": {[]int{1187, 1187, 1188, 1188}, 0, []run{{2, 1187}, {2, 1188}}},
		"as unequal as may be":          {[]int{1172, 1188, 1172}, 16, []run{{3, 1188}}},
		"one byte too unequal":          {[]int{1171, 1188, 1171}, 16, []run{{1, 1171}, {2, 1188}}},
		"drifting up":                   {[]int{1100, 1110, 1120, 1130}, 16, []run{{2, 1110}, {2, 1130}}},
		"drifting down":                 {[]int{1130, 1120, 1110, 1100}, 16, []run{{3, 1130}, {1, 1100}}},
		"as many as a message may have": {sizes(130, 100), 16, []run{{64, 100}, {64, 100}, {2, 100}}},
		"as much as a message may have": {sizes(55, 1188), 16, []run{{53, 1188}, {2, 1188}}},
		"raised to be too much":         {[]int{32_700, 32_710, 100}, 16, []run{{2, 32_710}, {1, 100}}},
		"more than any datagram":        {[]int{66_000, 66_000}, 16, []run{{1, 66_000}, {1, 66_000}}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := runs(ofSizes(c.sizes...), c.padding); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// check holds the promises of runs: every packet once and in order, within the limits
// of a message, and no padding that is too long or of a last packet.
func check(t *testing.T, burst []*fanout.Packet, padding int) int {
	t.Helper()
	all := runs(burst, padding)
	for _, r := range all {
		if r.packets < 1 || r.packets > maxSegments || r.packets > len(burst) {
			t.Fatalf("a run of %d packets where %d are left", r.packets, len(burst))
		}
		bytes := (r.packets-1)*(r.size+overhead) + len(burst[r.packets-1].Payload) + overhead
		if r.packets > 1 && bytes > maxMessage {
			t.Fatalf("a run of %d bytes", bytes)
		}
		for i, p := range burst[:r.packets] {
			missing := r.size - len(p.Payload)
			if missing < 0 || i < r.packets-1 && missing > padding {
				t.Fatalf("packet %d of %d is %d bytes shorter than its run", i, r.packets, missing)
			}
		}
		burst = burst[r.packets:]
	}
	if len(burst) > 0 {
		t.Fatalf("%d packets are in no run", len(burst))
	}
	return len(all)
}

// fewest is the least number of messages that a short burst can be divided into,
// found by trying all ways.
func fewest(burst []*fanout.Packet, padding int) int {
	best := make([]int, len(burst)+1) // of the packets from i on
	for i := len(burst) - 1; i >= 0; i-- {
		best[i] = 1 + best[i+1]
		least, most := len(burst[i].Payload), len(burst[i].Payload)
		for j := i + 1; j < len(burst) && most-least <= padding; j++ {
			size := len(burst[j].Payload)
			if size > least+padding { // too long to be made equal to, or to end with
				break
			}
			best[i] = min(best[i], 1+best[j+1])
			least, most = min(least, size), max(most, size)
		}
	}
	return best[0]
}

func TestRunsAreAsFewAsCanBe(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		all := make([]int, 1+random.IntN(12))
		for i := range all {
			all[i] = 1_150 + random.IntN(50)
			if random.IntN(4) == 0 {
				all[i] = random.IntN(1_200)
			}
		}
		padding := random.IntN(40)
		burst := ofSizes(all...)
		if got, want := check(t, burst, padding), fewest(burst, padding); got != want {
			t.Fatalf("%v with up to %d bytes of padding: %d messages, want %d", all, padding, got, want)
		}
	}
}

func FuzzRuns(f *testing.F) {
	f.Add([]byte{4, 164, 4, 163, 4, 164, 1, 0}, uint8(16))
	f.Add([]byte{255, 255, 255, 200, 127, 200, 128, 1}, uint8(255))
	f.Fuzz(func(t *testing.T, raw []byte, padding uint8) {
		var all []int
		for i := 0; i+1 < len(raw); i += 2 {
			all = append(all, int(raw[i])<<8|int(raw[i+1]))
		}
		check(t, ofSizes(all...), int(padding))
	})
}
