package fanout

import (
	"math/rand/v2"
	"testing"

	"rostrum/domain"
)

func TestResendIsBounded(t *testing.T) {
	for name, c := range map[string]struct {
		sent            int // packets before
		asked           []int
		resent, refused uint64
	}{
		"the same again and again":      {100, fill(50_000, func(int) int { return 3 }), 1, 0},
		"more than may wait":            {900, fill(300, func(i int) int { return i }), maxResends, 300 - maxResends},
		"more than the budget has":      {20, fill(200, func(i int) int { return i % 20 }), 20, 0},
		"what has never left":           {20, fill(100, func(i int) int { return 20 + i }), 0, 0},
		"as much as was saved to begin": {resendsToBegin, fill(resendsToBegin, func(i int) int { return i }), resendsToBegin, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f, leg, sent := newVideo(t)
			sendRun(t, f, 0, c.sent)
			first := sent.sent[0].Sequence
			var lost []uint16
			for _, n := range c.asked {
				lost = append(lost, first+uint16(n))
			}
			resend(f, leg, lost...)
			if got := leg.Sent(); got.Resent != c.resent || got.ResendsRefused != c.refused || int(got.Resent) != len(sent.resent) {
				t.Errorf("%+v, and %d are sent, want %d and %d", got, len(sent.resent), c.resent, c.refused)
			}
		})
	}
}

func fill(n int, f func(int) int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = f(i)
	}
	return all
}

// Who asks on and on gets what was saved, then one for every two packets sent.
func TestResendsCostAShare(t *testing.T) {
	f, leg, sent := newVideo(t)
	sendRun(t, f, 0, 10)
	for range 50 {
		resend(f, leg, run(sent.sent[0].Sequence, 10)...)
	}
	got := leg.Sent()
	if want := uint64(resendsToBegin + 10/2); got.Resent != want || got.ResendsRefused != 500-want {
		t.Errorf("%+v, want %d sent again of 500", got, want)
	}
}

// The bound of a track is shared by its legs, and free again after a flush.
func TestResendsOfATrackAreBounded(t *testing.T) {
	const size = 20
	f, legs := quietly(t, domain.Video), make([]*Leg, size)
	for i := range legs {
		legs[i] = NewLeg(forAll, &null{})
	}
	f.SetLegs(legs)
	sendRun(t, f, 0, 900)
	for range 2 {
		var refused uint64
		for _, leg := range legs {
			f.Resend(leg, run(uint16(leg.newest.index)-maxResends+1, maxResends))
			refused += leg.Sent().ResendsRefused
		}
		if want := uint64(size*maxResends - maxTrackResends); refused != want {
			t.Errorf("%d are refused, want %d", refused, want)
		}
		f.Flush()
		for _, leg := range legs {
			leg.counted.refused.Store(0)
			leg.budget = newBudget()
			leg.budget.earn(2 * resendsToSave)
		}
	}
}

// Waking is for who comes first: the source is called once, however many ask before it
// flushes.
func TestResendWakesOnce(t *testing.T) {
	woken := 0
	f := NewTrackFanout(domain.Video, newWorkers(t, 1), func() {}, func() { woken++ })
	leg := NewLeg(forAll, &null{})
	f.SetLegs([]*Leg{leg})
	feed(t, f, domain.VP8, wire(t, 1, vp8Key))
	woken = 0
	for range 2 {
		f.Resend(leg, nil)
		f.Resend(NewLeg(forAll, &null{}), run(0, 5)) // not in the table
		for back := range uint16(10) {
			f.Resend(leg, []uint16{uint16(leg.newest.index) - back})
		}
		if n := len(f.roster.called); n != 1 {
			t.Errorf("%d legs are called", n)
		}
		f.Flush()
	}
	if woken != 2 {
		t.Errorf("woken %d times, want 2", woken)
	}
}

// Whatever is sent and asked for, no more is sent again than was saved to begin with
// and every second packet bought, and no more at once than may be saved.
func TestBudget(t *testing.T) {
	for seed := range uint64(500) {
		random, b := rand.New(rand.NewPCG(seed, 3)), newBudget()
		earned, spent := 0, 0
		for range 200 {
			if random.IntN(2) == 0 {
				n := random.IntN(100)
				b.earn(n)
				earned += n
				continue
			}
			atOnce := 0
			for range random.IntN(700) {
				if b.spend() {
					atOnce++
				}
			}
			if spent += atOnce; spent > resendsToBegin+earned/2 || atOnce > resendsToSave || b.halves < 0 {
				t.Fatalf("seed %d: %d of %d, %d at once", seed, spent, earned, atOnce)
			}
		}
	}
}
