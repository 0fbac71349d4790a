package porttest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

func keepReplaces(t *testing.T, v visitors) {
	connected := begun("A")
	connected.Report.ConnectedAfter, connected.Codecs = time.Second, []domain.Codec{"AV1"}
	again := ended("A", 2*time.Hour)
	again.Reason, again.Codecs, again.UserAgent = domain.EndedByPeer, nil, "another"
	v.keep(t, begun("B"))
	for i, next := range []domain.SessionRecord{begun("A"), connected, connected, begun("A"), ended("A", time.Hour), again, again, ended("A", time.Hour)} {
		v.keep(t, next)
		v.holds(t, fmt.Sprintf("record %d", i), next)
	}
	v.holds(t, "another session", begun("B"))
}

func keepEndStays(t *testing.T, v visitors) {
	late := begun("A")
	late.Room, late.Codecs, late.Report.ConnectedAfter = "other", []domain.Codec{"AV1"}, time.Second
	v.keep(t, ended("A", time.Hour))
	for range 2 {
		v.keep(t, late)
		v.holds(t, "an end that came first", ended("A", time.Hour))
	}
	v.keep(t, begun("B"), late, ended("C", time.Hour))
	v.holds(t, "the end after another call", ended("A", time.Hour))
	v.holds(t, "a beginning beside one that came late", begun("B"))
	v.holds(t, "an end beside one that came late", ended("C", time.Hour))
}

func keepAfterAbandon(t *testing.T, v visitors) {
	at := noon.Add(time.Minute)
	v.keep(t, begun("A"))
	v.abandon(t, "north", at, 1)
	v.keep(t, begun("A"))
	v.holds(t, "a beginning that comes after Abandon", crashed(begun("A"), at))
	v.keep(t, ended("A", 30*time.Second))
	v.holds(t, "an own end that comes after Abandon", ended("A", 30*time.Second))
	v.abandon(t, "north", at, 0)
	v.keep(t, begun("A"))
	v.holds(t, "the own end in the end", ended("A", 30*time.Second))
}

// keepTwiceInOne has several records of one session in a call, which count as if each
// came by a call of its own.
func keepTwiceInOne(t *testing.T, v visitors) {
	other := ended("end, end", 2*time.Hour)
	connected := begun("begin, begin")
	connected.Report.ConnectedAfter = time.Second
	v.keep(t,
		begun("begin, end"), ended("begin, end", time.Hour),
		ended("end, begin", time.Hour), begun("end, begin"),
		ended("end, end", time.Hour), begun("begin, begin"), other, connected,
	)
	for _, want := range []domain.SessionRecord{ended("begin, end", time.Hour), ended("end, begin", time.Hour), other, connected} {
		v.holds(t, string(want.ID), want)
	}
}

func keepNothing(t *testing.T, v visitors) {
	v.keep(t)
	v.keep(t, []domain.SessionRecord{}...)
	sameKept(t, "what there is", nil, v.ids(t, ports.SessionQuery{}))
}

func keepRetainsNothing(t *testing.T, v visitors) {
	mine := []domain.SessionRecord{begun("A"), ended("B", time.Hour)}
	v.keep(t, mine...)
	mine[0].Codecs[0], mine[1].Codecs[0], mine[1].ID = "scribbled over", "scribbled over", "C"
	v.holds(t, "the live session", begun("A"))
	v.holds(t, "the one that has ended", ended("B", time.Hour))
}

func keepThousand(t *testing.T, v visitors) {
	var records []domain.SessionRecord
	var want []domain.SessionID
	for i := range 1000 {
		r := ended(sessionID(i), time.Duration(i)*time.Second)
		if i%2 == 0 {
			r = begun(sessionID(i))
		}
		records, want = append(records, r), append(want, r.ID)
	}
	slices.Reverse(want)
	for range 2 {
		v.keep(t, records...)
		sameKept(t, "what there is", want, v.ids(t, ports.SessionQuery{}))
	}
	for _, i := range []int{0, 1, 499, 998, 999} {
		v.holds(t, "one of a thousand", records[i])
	}
}

// keepShowsTogether looks at the list while records are kept in fives, and never sees
// one of them without the others.
func keepShowsTogether(t *testing.T, v visitors) {
	const count = 30
	done := make(chan error, 1)
	go func() {
		for i := range count {
			if err := v.Keep(t.Context(), batch(5*i, 5)); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for over := false; !over; {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			over = true
		default:
		}
		got := len(v.ids(t, ports.SessionQuery{}))
		if got%5 != 0 || over && got != 5*count {
			t.Fatalf("there are %d sessions of %d Keeps of 5", got, count)
		}
	}
}

// keepCancelledMeanwhile cancels Keeps at any moment, and sees what came of each.
func keepCancelledMeanwhile(t *testing.T, v visitors) {
	const rounds, each = 20, 50
	for i := range rounds {
		ctx, cancel := context.WithCancel(t.Context())
		go cancel()
		err := v.Keep(ctx, batch(each*i, each))
		cancel()
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("Keep: %v, want context.Canceled", err)
		}
		v.keptAllOrNone(t, each*i, each, err)
	}
}

// keptAllOrNone looks at what came of a Keep of a batch that returned err.
func (v visitors) keptAllOrNone(t *testing.T, first, count int, err error) {
	t.Helper()
	there := 0
	for _, r := range batch(first, count) {
		if _, get := v.Get(t.Context(), r.ID); get == nil {
			there++
		} else if !errors.Is(get, domain.ErrSessionUnknown) {
			t.Fatal(get)
		}
	}
	if there != count && (there != 0 || err == nil) {
		t.Errorf("Keep of %d records kept %d, and returned %v", count, there, err)
	}
}

func batch(first, count int) (records []domain.SessionRecord) {
	for i := range count {
		records = append(records, begun(sessionID(first+i)))
	}
	return records
}

// keepAtOnce has writers that keep the beginnings and the ends of the same sessions in
// orders of their own: none waits for ever, and each session has ended.
func keepAtOnce(t *testing.T, v visitors) {
	const writers, sessions = 8, 40
	atOnce(t, writers, func(int) error {
		for _, half := range []int{0, 1} {
			var records []domain.SessionRecord
			for _, i := range rand.Perm(sessions) {
				if i%2 == half {
					records = append(records, ended(sessionID(i), time.Hour))
				} else {
					records = append(records, begun(sessionID(i)))
				}
			}
			if err := v.Keep(t.Context(), records); err != nil {
				return err
			}
		}
		return nil
	})
	for i := range sessions {
		v.holds(t, "a session that many have kept", ended(sessionID(i), time.Hour))
	}
}
