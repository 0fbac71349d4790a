package fanout

import (
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/domain"
)

// journal remembers what the senders of a table did, in order, by lane.
type journal struct {
	mu    sync.Mutex
	lanes map[Lane][]string
}

// lane is a lane that writes in a journal.
type lane struct{ journal *journal }

func (l *lane) Flush() { l.journal.note(l, "flush") }

// member is the sender of one leg.
type member struct {
	journal *journal
	name    string
}

func (m *member) Send(l Lane, _ Stream, burst []*Packet) {
	m.journal.note(l, m.name+" gets "+strconv.Itoa(len(burst)))
}
func (m *member) Resend(l Lane, _ Stream, _ *Packet) { m.journal.note(l, m.name+" again") }
func (m *member) Report(l Lane, _ SenderReport)      { m.journal.note(l, m.name+" reports") }

func (j *journal) note(l Lane, what string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lanes[l] = append(j.lanes[l], what)
}

// taken returns what was done since it was last called, a slice a lane that was used.
func (j *journal) taken() (all [][]string) {
	for _, done := range j.lanes {
		all = append(all, done)
	}
	j.lanes = map[Lane][]string{}
	return all
}

// tableOf returns a fan-out of video to n legs over some workers, all in a journal.
func tableOf(t *testing.T, n, workers int) (*TrackFanout, []*Leg, *journal) {
	j := &journal{lanes: map[Lane][]string{}}
	lanes := make([]Lane, workers)
	for i := range lanes {
		lanes[i] = &lane{j}
	}
	w := NewWorkers(lanes)
	t.Cleanup(w.Close)
	f, legs := NewTrackFanout(domain.Video, w, func() {}, func() {}), make([]*Leg, n)
	for i := range legs {
		legs[i] = NewLeg(forAll, &member{j, strconv.Itoa(i)})
	}
	f.SetLegs(legs)
	return f, legs, j
}

func TestATableIsDividedAmongTheWorkers(t *testing.T) {
	for name, c := range map[string]struct{ legs, workers, used int }{
		"one leg":               {1, 4, 1},
		"too short":             {31, 4, 1},
		"worth two":             {32, 4, 2},
		"all are used":          {1000, 4, 4},
		"there is but one":      {1000, 1, 1},
		"not divisible":         {131, 3, 3},
		"nobody: nobody wakes":  {0, 4, 0},
		"more workers than may": {100, 64, 6},
	} {
		t.Run(name, func(t *testing.T) {
			f, _, j := tableOf(t, c.legs, c.workers)
			feed(t, f, domain.VP8, wire(t, 1, vp8Key), wire(t, 2, vp8Delta))
			var served []string
			lanes := j.taken()
			for _, done := range lanes {
				if len(done)-1 < c.legs/c.used || len(done)-1 > c.legs/c.used+1 || done[len(done)-1] != "flush" {
					t.Errorf("a part of %d of %d: %q", len(done)-1, c.legs, done)
				}
				served = append(served, done[:len(done)-1]...)
			}
			slices.Sort(served)
			if len(lanes) != c.used || len(slices.Compact(served)) != c.legs {
				t.Errorf("%d workers serve %d legs, want %d and %d", len(lanes), len(served), c.used, c.legs)
			}
		})
	}
}

// Small rooms spread over the workers, and nobody is always last.
func TestTurns(t *testing.T) {
	const legs, workers = 5, 3
	f, _, j := tableOf(t, legs, workers)
	used, last := map[Lane]int{}, map[string]int{}
	for n := range uint16(legs * workers) {
		feed(t, f, domain.VP8, wire(t, n, vp8Key))
		for l, done := range j.lanes {
			used[l]++
			last[done[legs-1]]++
		}
		j.taken()
	}
	for l, n := range used {
		if n != legs || len(used) != workers {
			t.Errorf("a worker of %d is used %d times: %v", len(used), n, l)
		}
	}
	for who, n := range last {
		if n != workers || len(last) != legs {
			t.Errorf("last %d times: %s", n, who)
		}
	}
}

// A leg gets all that there is for it before the next does: the burst, what it has
// asked for again, and the report.
func TestSubscriberMajor(t *testing.T) {
	f, legs, j := tableOf(t, 2, 2)
	feed(t, f, domain.VP8, wire(t, 1, vp8Key), wire(t, 2, vp8Delta))
	for _, leg := range legs {
		f.Resend(leg, []uint16{uint16(leg.newest.index), uint16(leg.newest.index) - 1})
	}
	j.taken()
	f.Report(Clock{NTPTime: 1})
	feed(t, f, domain.VP8, wire(t, 3, vp8Delta))
	want := []string{"gets 1", "again", "again", "reports"}
	done := j.taken()[0]
	for i, who := range []string{done[0][:1], done[4][:1]} {
		for n, what := range want {
			if done[4*i+n] != who+" "+what {
				t.Fatalf("%q", done)
			}
		}
	}
}

// Who asks for something again alone is served alone.
func TestResendsDisturbNobodyElse(t *testing.T) {
	f, legs, j := tableOf(t, 100, 2)
	feed(t, f, domain.VP8, wire(t, 1, vp8Key))
	j.taken()
	resend(f, legs[70], uint16(legs[70].newest.index))
	if got := j.taken(); len(got) != 1 || !slices.Equal(got[0], []string{"70 again", "flush"}) {
		t.Errorf("%q", got)
	}
	f.Flush()
	if got := j.taken(); len(got) != 0 {
		t.Errorf("a flush of nothing: %q", got)
	}
}

// slow is a sender that takes a while for each burst.
type slow struct{ null }

func (s *slow) Send(Lane, Stream, []*Packet) { time.Sleep(time.Second) }

func TestBusyIsTheTimeSpentSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorkers(t, 2)
		f := NewTrackFanout(domain.Video, w, func() {}, func() {})
		f.SetLegs([]*Leg{NewLeg(forAll, &slow{}), NewLeg(forAll, &slow{})})
		for n := range uint16(3) {
			time.Sleep(time.Minute)
			feed(t, f, domain.VP8, wire(t, n, vp8Key))
			if got, want := w.Busy(), time.Duration(n+1)*2*time.Second; got != want {
				t.Errorf("busy for %v, want %v", got, want)
			}
		}
	})
}
