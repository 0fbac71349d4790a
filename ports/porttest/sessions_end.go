package porttest

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

func abandonNode(t *testing.T, v visitors) {
	at := noon.Add(time.Hour)
	live := begun("A")
	live.Report = domain.SessionReport{Pair: "udp", ConnectedAfter: time.Second, Packets: 7}
	elsewhere, nowhere := begun("elsewhere"), begun("nowhere")
	elsewhere.Node, nowhere.Node = "North", ""
	v.keep(t, live, begun("B"), ended("C", time.Minute), elsewhere, nowhere)
	v.abandon(t, "north", at, 2)
	v.abandon(t, "north", at.Add(time.Hour), 0)
	v.abandon(t, "nort", at, 0)
	v.holds(t, "a live session", crashed(live, at))
	v.holds(t, "another", crashed(begun("B"), at))
	v.holds(t, "one that had ended", ended("C", time.Minute))
	v.holds(t, "one of another node", elsewhere)
	v.holds(t, "one of no node", nowhere)
	v.abandon(t, "", at, 1)
	v.holds(t, "one of no node then", crashed(nowhere, at))
	sameKept(t, "what is live", []domain.SessionID{"elsewhere"}, v.ids(t, ports.SessionQuery{Live: true}))
}

func abandonYounger(t *testing.T, v visitors) {
	v.keep(t, begun("A"))
	v.abandon(t, "north", noon.Add(-time.Hour), 1)
	v.holds(t, "a session that began later", crashed(begun("A"), noon))
}

func abandonText(t *testing.T, v visitors) {
	for i, text := range hostile {
		r := begun(sessionID(i))
		r.Node = text
		v.keep(t, r)
	}
	for i, text := range hostile {
		v.abandon(t, text, noon, 1)
		if got := len(v.ids(t, ports.SessionQuery{Live: true})); got != len(hostile)-i-1 {
			t.Errorf("after %d of %d are abandoned %d are live", i+1, len(hostile), got)
		}
	}
}

// abandonAtOnce ends the sessions of a node while their own ends come in.
func abandonAtOnce(t *testing.T, v visitors) {
	const writers, each = 4, 20
	v.keep(t, batch(0, writers*each)...)
	atOnce(t, writers+1, func(i int) error {
		if i == writers {
			_, err := v.Abandon(t.Context(), "north", noon.Add(time.Minute))
			return err
		}
		for n := range each {
			if err := v.Keep(t.Context(), []domain.SessionRecord{ended(sessionID(i*each+n), time.Hour)}); err != nil {
				return err
			}
		}
		return nil
	})
	for i := range writers * each {
		v.holds(t, "a session's own end", ended(sessionID(i), time.Hour))
	}
}

func forgetPages(t *testing.T, v visitors) {
	for i := range 10 {
		v.keep(t, ended(sessionID(i), time.Duration(i)*time.Minute))
	}
	before := noon.Add(7 * time.Minute) // 0 to 6 ended earlier
	v.forget(t, before, 0, 0)
	v.forget(t, before, -1, 0)
	v.forget(t, before, 3, 3)
	v.forget(t, before, 3, 3)
	v.forget(t, before, 3, 1)
	v.forget(t, before, 3, 0)
	sameKept(t, "what is left", []domain.SessionID{"S0009", "S0008", "S0007"}, v.ids(t, ports.SessionQuery{}))
	v.forget(t, before.Add(time.Hour), math.MaxInt, 3)
	sameKept(t, "what is left in the end", nil, v.ids(t, ports.SessionQuery{}))
}

func forgetLeaves(t *testing.T, v visitors) {
	old := begun("old")
	old.Started = noon.AddDate(-10, 0, 0)
	v.keep(t, old, ended("at the time", time.Minute), ended("just before", time.Minute-time.Microsecond))
	v.forget(t, noon.Add(time.Minute), 10, 1)
	v.holds(t, "one that ended at the time", ended("at the time", time.Minute))
	v.holds(t, "one that is live", old)
	v.abandon(t, "north", noon, 1)
	v.forget(t, noon.Add(time.Microsecond), 10, 1)
	sameKept(t, "what is left", []domain.SessionID{"at the time"}, v.ids(t, ports.SessionQuery{}))
}

// forgetAtOnce removes old sessions by several at once, while others end.
func forgetAtOnce(t *testing.T, v visitors) {
	const count, forgetters = 40, 3
	for i := range count {
		v.keep(t, ended(sessionID(i), time.Minute))
	}
	removed := make([]int, forgetters)
	atOnce(t, forgetters+1, func(i int) error {
		if i == forgetters {
			return v.Keep(t.Context(), []domain.SessionRecord{begun("live"), ended("new", time.Hour)})
		}
		for n := -1; n != 0; removed[i] += n {
			var err error
			if n, err = v.Forget(t.Context(), noon.Add(30*time.Minute), 7); err != nil {
				return err
			}
		}
		return nil
	})
	sum := 0
	for _, n := range removed {
		sum += n
	}
	if sum != count {
		t.Errorf("of %d sessions %s were removed", count, fmt.Sprint(removed))
	}
	left := v.ids(t, ports.SessionQuery{})
	slices.Sort(left)
	sameKept(t, "what is left", []domain.SessionID{"live", "new"}, left)
}
