package keeping

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rostrum/cmd/rostrum/rig"
)

// A database that goes away under a crowd, while somebody new comes every second: nobody
// notices, all of it is kept afterwards, and the log says it in two lines.
func TestOutage(t *testing.T) {
	t.Parallel()
	onEachFault(t, func(t *testing.T, f fault) { f.strike(t) })
}

// onEachFault runs a test with each of the faults, at the same time: nearly all that it
// does is to wait, so that all of them take the place of one test.
func onEachFault(t *testing.T, run func(t *testing.T, f fault)) {
	t.Helper()
	var running sync.WaitGroup
	for name, open := range faults {
		running.Go(func() { t.Run(name, func(t *testing.T) { run(t, open(t)) }) })
	}
	running.Wait()
}

// strike has a database go away for as long as ROSTRUM_TEST_OUTAGE says, and come back.
func (f fault) strike(t *testing.T) {
	long := max(f.takes, setting(t, "ROSTRUM_TEST_OUTAGE", time.ParseDuration, 6*time.Second))
	subscribers := setting(t, "ROSTRUM_TEST_CROWD", strconv.Atoi, 20)
	s := newStand(t, f.url)
	command := s.command(append([]string{"serve"}, s.flags...)...)
	if f.around != nil {
		command = f.around(command)
	}
	server := s.startAs(command)
	s.provision("hall") // it is known from now on
	s.provision("side")
	crowd := s.crowd("hall", subscribers, long+5*time.Second)

	before := server.Log.String()
	f.begin(t, server.PID())
	seen := s.comeAndGo(t, long)
	f.end(t)
	rig.Eventually(t, "the server is ready again", func() bool { return s.readiness() == "ready" })
	seen.check(t)
	crowd.check(t)
	s.checkKept(t, seen, subscribers)
	lines := rig.Lines(strings.TrimPrefix(server.Log.String(), before), "level=WARN", "level=ERROR", "database")
	if len(lines) != 2 || !strings.Contains(lines[0], "the database is away") || !strings.Contains(lines[1], "the database is back") {
		t.Errorf("the log says it in %d lines, want two:\n%s", len(lines), strings.Join(lines, "\n"))
	}
}

// A server that is stopped while its database is away stops well, and who was there then is
// kept as gone afterwards.
func TestStoppedInAnOutage(t *testing.T) {
	t.Parallel()
	onEachFault(t, func(t *testing.T, f fault) {
		s := newStand(t, f.url)
		server := s.start()
		publisher := s.publish(t, "hall", operator)
		rig.Eventually(t, "the session is kept, and recorded", func() bool {
			return s.sessions("hall")[publisher.id].Report.Packets > 0 && server.Log.Count("msg=recording ") > 0
		})
		f.begin(t, server.PID())
		s.stop()
		publisher.WaitClosed()
		f.end(t)
		s.start()
		if v := s.sessions("hall")[publisher.id]; v.Ended == nil || v.Reason != "crash" {
			t.Errorf("the session is kept as %+v", v)
		}
		s.stored(t, "hall")
	})
}

// stay is how many come after a visitor before it leaves.
const stay = 3

// visit is what happened while the database was away.
type visit struct {
	viewers   []string // their sessions
	publisher string   // its session, in a room of its own
	readiness map[string]int
	stranger  answer // to one without a token
	creation  answer // to what has to be written at once
}

// comeAndGo has a new subscriber connect and receive every second, for so long, and leave
// some seconds later; and a publisher come and go elsewhere.
func (s *stand) comeAndGo(t *testing.T, long time.Duration) visit {
	t.Helper()
	v := visit{readiness: map[string]int{}}
	publisher := s.publish(t, "side", operator)
	v.publisher = publisher.id
	v.stranger = s.request("nobody-knows-this-token", http.MethodGet, "/api/rooms/hall", "")
	created := make(chan answer, 1)
	go func() {
		created <- s.request(operator, http.MethodPost, "/api/rooms", `{"name": "meanwhile"}`, "Content-Type: application/json")
	}()
	second := time.NewTicker(time.Second)
	defer second.Stop()
	var present []*client
	for over := time.After(long); ; {
		c := s.watch(t, "hall", operator)
		v.viewers, present = append(v.viewers, c.id), append(present, c)
		v.readiness[s.readiness()]++
		if len(present) > stay {
			s.leave(t, present[0], operator)
			present = present[1:]
		}
		select {
		case <-second.C:
			continue
		case <-over:
		}
		break
	}
	for _, c := range append(present, publisher) {
		c.remains(t)
		s.leave(t, c, operator)
	}
	v.readiness[s.readiness()]++
	v.creation = <-created
	return v
}

// check checks what strangers and administrators were told meanwhile.
func (v visit) check(t *testing.T) {
	t.Helper()
	if told := slices.Sorted(maps.Keys(v.readiness)); !slices.Contains(told, "degraded") || slices.Contains(told, "unavailable") || slices.Contains(told, "") {
		t.Errorf("readyz has said %v, want degraded and never unavailable", v.readiness)
	}
	if v.stranger.status != http.StatusUnauthorized {
		t.Errorf("a stranger was answered %d %s", v.stranger.status, v.stranger.body)
	}
	if v.creation.status != http.StatusServiceUnavailable || v.creation.code() != "unavailable" {
		t.Errorf("who would create a room was answered %d %s, want 503 unavailable", v.creation.status, v.creation.body)
	}
}

// checkKept waits until every session of the rooms is kept with its end, and checks that it
// is those who came that are kept, as they went, and the rest of what happened.
func (s *stand) checkKept(t *testing.T, v visit, subscribers int) {
	t.Helper()
	rig.Eventually(t, "every session is kept with its end", func() bool {
		for _, room := range []string{"hall", "side"} {
			for _, one := range s.sessions(room) {
				if one.Ended == nil {
					return false
				}
			}
		}
		return true
	})
	all, side := s.sessions("hall"), s.sessions("side")
	if want := 1 + subscribers + len(v.viewers); len(all) != want || len(side) != 1 {
		t.Errorf("%d and %d sessions are kept, want %d and 1", len(all), len(side), want)
	}
	maps.Copy(all, side)
	for _, id := range append(v.viewers, v.publisher) {
		if _, kept := all[id]; !kept {
			t.Errorf("session %s is lost", id)
		}
	}
	for _, one := range all {
		if one.Reason != "client" || one.Report.Packets == 0 || one.Report.FirstMedia == 0 {
			t.Errorf("a session is kept as %+v", one)
		}
	}
	refused := slices.DeleteFunc(s.audit(), func(a act) bool { return a.Act != "access.refused" })
	if len(refused) != 1 || refused[0].Object != "GET /api/rooms/hall" {
		t.Errorf("the audit trail has refused %+v, want the stranger once", refused)
	}
	s.stored(t, "hall", "side")
}

// stored waits until the recordings of these rooms, one of each and no others, are stored.
func (s *stand) stored(t *testing.T, rooms ...string) {
	t.Helper()
	rig.Eventually(t, "every recording is stored", func() bool {
		var list struct {
			Recordings []struct{ Room, State string }
		}
		s.do(http.MethodGet, "/api/recordings", nil, http.StatusOK, &list)
		var stored []string
		for _, r := range list.Recordings {
			if r.State == "stored" {
				stored = append(stored, r.Room)
			}
		}
		slices.Sort(stored)
		return slices.Equal(stored, rooms)
	})
}
