package porttest

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// visitors is a store of sessions.
type visitors struct {
	ports.Sessions
}

// sessionID returns the id of a numbered session; they sort as their numbers do.
func sessionID(i int) domain.SessionID { return domain.SessionID(fmt.Sprintf("S%04d", i)) }

// begun returns what is kept of a session while it is live.
func begun(id domain.SessionID) domain.SessionRecord {
	return domain.SessionRecord{
		ID: id, Room: "hall", Role: domain.RoleSubscriber, Subject: "somebody", Node: "north",
		Codecs: []domain.Codec{"Opus", "H264"}, Started: noon,
	}
}

// ended returns what is kept of a session that has ended by itself, after so long.
func ended(id domain.SessionID, after time.Duration) domain.SessionRecord {
	r := begun(id)
	r.Ended, r.Reason = noon.Add(after), domain.EndedByClient
	r.Report = domain.SessionReport{Pair: "udp", RoundTrip: 20 * time.Millisecond, Packets: 1000, Bytes: 1_200_000}
	return r
}

// crashed returns what Abandon makes of a session that was live.
func crashed(r domain.SessionRecord, at time.Time) domain.SessionRecord {
	r.Ended, r.Reason = at, domain.EndedByCrash
	return r
}

func (v visitors) keep(t *testing.T, records ...domain.SessionRecord) {
	t.Helper()
	if err := v.Keep(t.Context(), records); err != nil {
		t.Fatalf("Keep of %d records: %v", len(records), err)
	}
}

func (v visitors) kept(t *testing.T, id domain.SessionID) domain.SessionRecord {
	t.Helper()
	r, err := v.Get(t.Context(), id)
	if err != nil {
		t.Fatalf("Get of %.40q: %v", id, err)
	}
	return r
}

// holds fails unless what is kept of the record's session is the record.
func (v visitors) holds(t *testing.T, what string, want domain.SessionRecord) {
	t.Helper()
	sameKept(t, what, want, v.kept(t, want.ID))
}

func (v visitors) abandon(t *testing.T, node string, at time.Time, want int) {
	t.Helper()
	if n, err := v.Abandon(t.Context(), node, at); err != nil || n != want {
		t.Errorf("Abandon of %.40q ended %d sessions (%v), want %d", node, n, err, want)
	}
}

func (v visitors) forget(t *testing.T, before time.Time, limit, want int) {
	t.Helper()
	if n, err := v.Forget(t.Context(), before, limit); err != nil || n != want {
		t.Errorf("Forget of up to %d before %v removed %d (%v), want %d", limit, before, n, err, want)
	}
}

// fillList keeps sessions that began at two a second, in two rooms and two roles in
// turn, every fifth of them live, in any order, and returns their ids as a list has them.
func (v visitors) fillList(t *testing.T, count int) []domain.SessionID {
	t.Helper()
	ids := make([]domain.SessionID, count)
	for _, i := range rand.Perm(count) {
		ids[count-1-i] = sessionID(i)
		r := begun(sessionID(i))
		r.Room = []domain.RoomName{"hall", "Hall"}[i%2]
		r.Role = []domain.Role{domain.RolePublisher, domain.RolePublisher, domain.RoleSubscriber, domain.RoleSubscriber}[i%4]
		r.Started = noon.Add(time.Duration(i/2) * time.Second)
		if i%5 != 0 {
			r.Ended, r.Reason = r.Started.Add(time.Hour), domain.EndedByPeer
		}
		v.keep(t, r)
	}
	return ids
}

// ids lists what a query is for, on one page.
func (v visitors) ids(t *testing.T, query ports.SessionQuery) []domain.SessionID {
	t.Helper()
	return v.pages(t, query, math.MaxInt)
}

// pages lists every id, page by page, and fails when a page is too long.
func (v visitors) pages(t *testing.T, query ports.SessionQuery, limit int) (ids []domain.SessionID) {
	t.Helper()
	var after ports.SessionPlace
	for {
		page, err := v.List(t.Context(), query, after, limit)
		if err != nil {
			t.Fatalf("List behind %+v: %v", after, err)
		}
		if len(page) > limit {
			t.Fatalf("List of up to %d sessions has %d", limit, len(page))
		}
		if len(page) == 0 {
			return ids
		}
		if first := page[0]; after.ID != "" && cmp.Or(after.Started.Compare(first.Started), cmp.Compare(after.ID, first.ID)) <= 0 {
			t.Fatalf("List behind %+v begins with %s of %v", after, first.ID, first.Started)
		}
		for _, r := range page {
			ids = append(ids, r.ID)
			after = ports.SessionPlace{Started: r.Started, ID: r.ID}
		}
	}
}
