package app_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// rows puts so many rows of each room, which began one second after the other, in turn.
func (v *vault) fill(t *testing.T, each int, rooms ...domain.RoomName) {
	t.Helper()
	for i := range each {
		for j, room := range rooms {
			n := i*len(rooms) + j
			v.putRow(t, domain.Recording{
				ID: domain.RecordingID(fmt.Sprintf("R%06d", n)), Room: room, State: domain.RecordingStored,
				Key: "k", Started: time.Date(2026, 1, 1, 0, 0, n, 0, time.UTC),
			})
		}
	}
}

// Over the pages the bearer gets exactly what it may see, each once, those that began
// last first.
func TestListRecordings(t *testing.T) {
	viewer := func(globs ...string) domain.Grant {
		return domain.Grant{Subject: "v", Permissions: domain.Allow([]domain.Action{domain.ActionPlay}, globs...)}
	}
	v := newVault(t, local)
	v.fill(t, 30, "court-1", "court-2", "hall", "lobby")
	for name, c := range map[string]struct {
		grant domain.Grant
		query ports.RecordingQuery
		want  int
	}{
		"an administrator":              {admin.Grant, ports.RecordingQuery{}, 120},
		"a viewer of one room":          {viewer("hall"), ports.RecordingQuery{}, 30},
		"a viewer of some rooms":        {viewer("court-*"), ports.RecordingQuery{}, 60},
		"a viewer of no room":           {viewer("attic"), ports.RecordingQuery{}, 0},
		"a publisher":                   {domain.Grant{Permissions: domain.Allow([]domain.Action{domain.ActionPublish}, "*")}, ports.RecordingQuery{}, 0},
		"one whose grant has run out":   {domain.Grant{Permissions: admin.Permissions, Expires: time.Unix(1, 0)}, ports.RecordingQuery{}, 0},
		"of a room":                     {admin.Grant, ports.RecordingQuery{Room: "hall"}, 30},
		"of a room that it may not see": {viewer("lobby"), ports.RecordingQuery{Room: "hall"}, 0},
		"of a time":                     {viewer("hall"), ports.RecordingQuery{From: time.Date(2026, 1, 1, 0, 0, 60, 0, time.UTC)}, 15},
		"of a state":                    {admin.Grant, ports.RecordingQuery{States: []domain.RecordingState{domain.RecordingFailed}}, 0},
	} {
		for _, limit := range []int{1, 7, 30, 120, 121, 1000} {
			t.Run(fmt.Sprintf("%s, %d at once", name, limit), func(t *testing.T) {
				var after ports.RecordingPlace
				seen, last := map[domain.RecordingID]bool{}, domain.RecordingID("Z")
				for {
					views, next, err := v.ListRecordings(t.Context(), c.grant, c.query, after, limit)
					if err != nil || len(views) > limit {
						t.Fatalf("%d recordings, %v", len(views), err)
					}
					for _, r := range views {
						if r.ID >= last || c.grant.Permits(domain.ActionPlay, r.Room, time.Now()) != nil {
							t.Errorf("%s of %s comes behind %s", r.ID, r.Room, last)
						}
						seen[r.ID], last = true, r.ID
					}
					if next == (ports.RecordingPlace{}) {
						break
					}
					after = next
				}
				if len(seen) != c.want {
					t.Errorf("%d recordings, want %d", len(seen), c.want)
				}
			})
		}
	}
}

// A list looks at so many rows, and says where it has come to; few calls do that,
// however few recordings are asked for.
func TestListLooksAtSoManyRows(t *testing.T) {
	v := newVault(t, local)
	v.fill(t, 1500, "a", "b", "c")
	v.putRow(t, domain.Recording{ID: "OLD", Room: "attic", State: domain.RecordingStored, Started: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)})
	grant := domain.Grant{Permissions: domain.Allow([]domain.Action{domain.ActionPlay}, "attic")}
	var after ports.RecordingPlace
	for call := 1; ; call++ {
		before := v.faults.count("list")
		views, next, err := v.ListRecordings(t.Context(), grant, ports.RecordingQuery{}, after, 1)
		if calls := v.faults.count("list") - before; err != nil || calls > 40 {
			t.Errorf("%d pages were read (%v)", calls, err)
		}
		if len(views) == 1 {
			if views[0].ID != "OLD" || call != 3 {
				t.Errorf("%s was found with call %d, want OLD with the third of 2000 rows each", views[0].ID, call)
			}
			return
		}
		if next == (ports.RecordingPlace{}) || call > 10 {
			t.Fatalf("nothing was found in %d calls", call)
		}
		after = next
	}
}

func TestListWhileTheDatabaseIsAway(t *testing.T) {
	v := newVault(t, local)
	v.faults.fail("list", 1)
	if _, _, err := v.ListRecordings(t.Context(), admin.Grant, ports.RecordingQuery{}, ports.RecordingPlace{}, 10); !errors.Is(err, errAway) {
		t.Errorf("%v, want %v", err, errAway)
	}
}

// A recording tells how it goes on: while it is written, uploaded, and when it is
// stored.
func TestARecordingTellsHowItGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, recording, local)
		v := s.vault
		see := func() (domain.RecordingState, bool, int64) {
			t.Helper()
			view, err := v.Recording(t.Context(), admin.Grant, v.only(t).ID)
			if err != nil {
				t.Fatal(err)
			}
			return view.State, view.Live != nil && view.Live.Bytes > 0 && view.Live.Trouble == "", view.Uploaded
		}
		v.faults.slow("put manifest", 1, time.Minute)
		publisher, c := s.onAir(t, "lobby", 2*time.Second)
		if state, live, _ := see(); state != domain.RecordingStarted || !live {
			t.Errorf("on air it is %s, written %v", state, live)
		}
		if stats, err := v.Stats(t.Context()); err != nil || stats.Live != 1 {
			t.Errorf("stats %+v (%v)", stats, err)
		}
		c.play(t, s.taps.sink(v.only(t).ID), time.Second)
		s.over(t, publisher)
		time.Sleep(30 * time.Second)
		synctest.Wait()
		bytes := v.only(t)
		if state, live, up := see(); state != domain.RecordingUploading || live || up != bytes.Bytes() {
			t.Errorf("before its manifest is stored it is %s, written %v, %d bytes uploaded of %d", state, live, up, bytes.Bytes())
		}
		stats, err := v.Stats(t.Context())
		if err != nil || stats.Live != 0 || len(stats.Uploading) != 1 || stats.Uploading[0].Done >= stats.Uploading[0].Bytes || stats.Uploading[0].Done == 0 || stats.Uploads != 1 {
			t.Errorf("stats %+v (%v)", stats, err)
		}
		if lines := v.log.about("uploading"); len(lines) != 3 || !strings.Contains(lines[0], `"of":`) {
			t.Errorf("the log tells of 30 s so: %q", lines)
		}
		time.Sleep(time.Minute)
		if state, live, up := see(); state != domain.RecordingStored || live || up != bytes.Bytes() {
			t.Errorf("in the end it is %s, written %v, %d bytes uploaded of %d", state, live, up, bytes.Bytes())
		}
		if stats, err := v.Stats(t.Context()); err != nil || stats.Uploaded <= bytes.Bytes() || len(stats.Uploading)+stats.Uploads+stats.Finalizes > 0 {
			t.Errorf("stats %+v (%v)", stats, err)
		}
	})
}
