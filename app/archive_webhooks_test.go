package app_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/domain"
)

const a, b = "https://a.example", "https://b.example"

// to returns the events that a receiver took, in order, and when, since the start of
// the test.
func (r *receivers) to(receiver string, since time.Time) []string {
	var events []string
	for _, one := range r.all() {
		if one.to == receiver {
			events = append(events, fmt.Sprint(one.body.Type, " after ", one.at.Sub(since).Round(time.Second)))
		}
	}
	return events
}

// An event that is not taken is delivered again after pauses that double, to that
// receiver alone.
func TestAReceiverIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault(t, local)
		v.leave(t, domain.RecordingFinalized)
		v.faults.fail("deliver "+a, 5)
		began := time.Now()
		v.Start()
		t.Cleanup(func() { v.Close() })
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := v.hook.to(b, began); !slices.Equal(got, []string{"recording.completed after 0s"}) {
			t.Errorf("the other receiver has %q", got)
		}
		// looked for every 15 s: after 0, 15 (1), 30 (2), 45 (4), 60 (8), 90 (16)
		if got := v.hook.to(a, began); !slices.Equal(got, []string{"recording.completed after 1m30s"}) {
			t.Errorf("the receiver that was away has %q", got)
		}
		if n := len(v.log.about("event not taken")); n != 5 {
			t.Errorf("%d lines tell of 5 attempts", n)
		}
	})
}

// A receiver that answers nothing does not hold up the others, however much waits for
// it, and gets all of it once it is back.
func TestAReceiverThatDoesNotAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault(t, local)
		const many = 60
		for range many {
			v.leave(t, domain.RecordingFinalized)
		}
		v.faults.add(fault{call: "deliver " + a, left: -1, pause: 10 * time.Second, err: errAway})
		v.Start()
		t.Cleanup(func() { v.Close() })
		time.Sleep(10 * time.Minute)
		late := v.leave(t, domain.RecordingFinalized)
		began := time.Now()
		v.restart()
		time.Sleep(time.Minute)
		last := v.hook.last(b)
		if last.body.Data.Recording != late.ID || last.at.Sub(began) > 20*time.Second || v.hook.events(b)[domain.RecordingCompleted] != many+1 {
			t.Errorf("the other receiver has %d events, the last after %v, of %s", len(v.hook.all()), last.at.Sub(began), last.body.Data.Recording)
		}
		if lines, tried := len(v.log.about("event not taken")), v.faults.count("deliver "+a); lines > tried {
			t.Errorf("%d lines tell of %d attempts", lines, tried)
		}
		v.faults.mend()
		time.Sleep(domain.LongestRetry + time.Minute)
		synctest.Wait()
		if n := v.hook.events(a)[domain.RecordingCompleted]; n != many+1 {
			t.Errorf("the receiver that was away has %d events, want %d", n, many+1)
		}
	})
}

// What a recording comes to is told in that order.
func TestEventsComeInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault(t, local)
		r := v.leave(t, domain.RecordingFinalized)
		v.faults.fail("put", 3)
		began := time.Now()
		v.Start()
		t.Cleanup(func() { v.Close() })
		time.Sleep(time.Hour)
		for _, to := range []string{a, b} {
			if got := v.hook.to(to, began); !slices.Equal(got, []string{"recording.failed after 3s", "recording.completed after 7s"}) {
				t.Errorf("%s has %q", to, got)
			}
		}
		stuck := v.hook.all()[0]
		if stuck.id != domain.EventID(r.ID+".failed") || stuck.body.Data.Attempts != 3 || stuck.body.Data.Reason == "" ||
			stuck.body.Data.NextTry == nil || stuck.body.Data.State != domain.RecordingFailed {
			t.Errorf("%+v", stuck)
		}
	})
}

// An event is delivered at least once: again where it could not be kept that it was,
// and after a restart where the process ended before.
func TestEventsAreDeliveredAtLeastOnce(t *testing.T) {
	for name, c := range map[string]struct {
		fault func(*faults)
		want  int // of one receiver
	}{
		"the outbox cannot be read":           {func(f *faults) { f.fail("due", 10) }, 1},
		"the outbox fails after the delivery": {func(f *faults) { f.fail("delivered", 1) }, 2},
		"it ends during the delivery":         {func(f *faults) { f.slow("deliver", 1, 2*time.Hour) }, 1},
		"it ends right after the delivery":    {nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				settings := local
				settings.Webhooks = []string{a}
				v := newVault(t, settings)
				v.leave(t, domain.RecordingFinalized)
				if c.fault == nil {
					ending := v.Archive
					v.faults.before("deliver", func() { go ending.Close(); time.Sleep(time.Second) })
				} else {
					c.fault(v.faults)
				}
				v.Start()
				t.Cleanup(func() { v.Close() })
				time.Sleep(time.Hour)
				v.restart()
				time.Sleep(time.Hour)
				taken := v.hook.all()
				if len(taken) != c.want {
					t.Errorf("it was delivered %d times, want %d", len(taken), c.want)
				}
				for _, one := range taken[1:] {
					if one.id != taken[0].id || one.body.Type != taken[0].body.Type || !one.body.Timestamp.Equal(taken[0].body.Timestamp) {
						t.Errorf("%+v is not told from %+v by its id", one, taken[0])
					}
				}
			})
		})
	}
}

// Who is in the configuration no more gets nothing any more, also not what was meant
// for it; who has come in does not get what was before.
func TestTheReceiversChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault(t, local)
		v.leave(t, domain.RecordingFinalized)
		v.faults.fail("deliver", -1)
		v.Start()
		t.Cleanup(func() { v.Close() })
		time.Sleep(50 * time.Second)
		v.faults.mend()
		v.settings.Webhooks = []string{b, "https://c.example"}
		v.restart()
		time.Sleep(time.Hour)
		if got := v.hook.all(); len(got) != 1 || got[0].to != b {
			t.Errorf("%+v, want one event, for %s", got, b)
		}
		if n := len(v.log.about("event dropped: its receiver is in the configuration no more")); n != 1 {
			t.Errorf("the log tells %d times of what was dropped", n)
		}
	})
}

// Without receivers nothing waits for any, and nothing is looked for.
func TestNobodyIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		settings := local
		settings.Webhooks = nil
		v := newVault(t, settings)
		v.needs.Webhook = nil
		left := v.leave(t, domain.RecordingFinalized)
		v.restart()
		t.Cleanup(func() { v.Close() })
		time.Sleep(time.Hour)
		if r := v.only(t); r.ID != left.ID || r.State != domain.RecordingStored || v.faults.count("due") > 0 {
			t.Errorf("%+v, and the outbox was looked at %d times", r, v.faults.count("due"))
		}
		due, err := v.needs.Outbox.Due(t.Context(), time.Now(), 10)
		if len(due) > 0 || err != nil {
			t.Errorf("%d deliveries wait for nobody (%v)", len(due), err)
		}
	})
}
