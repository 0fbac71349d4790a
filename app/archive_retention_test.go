package app_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/app/archive"
	"rostrum/domain"
)

const day = 24 * time.Hour

// aged leaves a stored recording of a room that ended some time ago.
func (v *vault) aged(t *testing.T, room domain.RoomName, age time.Duration) domain.Recording {
	t.Helper()
	r := v.leave(t, domain.RecordingStored)
	r.Room, r.Ended = room, time.Now().UTC().Add(-age)
	r.Started = r.Ended.Add(-time.Second)
	v.putRow(t, r)
	if err := v.spool.Remove(r.ID); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRetention(t *testing.T) {
	settings := local
	settings.Retention = []archive.Retention{{Rooms: "court-*", Keep: 0}, {Rooms: "demo", Keep: time.Hour}, {Rooms: "*", Keep: 30 * day}}
	for name, c := range map[string]struct {
		room domain.RoomName
		age  time.Duration // when the archive starts
		gone time.Duration // after so long more; 0: never
	}{
		"a room without a rule of its own":  {"lobby", 29 * day, day},
		"one whose time was over long ago":  {"lobby", 99 * day, time.Millisecond},
		"a room that is kept for an hour":   {"demo", 30 * time.Minute, 30 * time.Minute},
		"a room that is kept for ever":      {"court-1", 999 * day, 0},
		"the first rule that fits holds":    {"court-demo", 99 * day, 0},
		"a name that a rule's is a part of": {"demo-2", 2 * time.Hour, 30*day - 2*time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVault(t, settings)
				r := v.aged(t, c.room, c.age)
				v.Start()
				t.Cleanup(func() { v.Close() })
				if c.gone > time.Millisecond {
					time.Sleep(c.gone - time.Minute)
				}
				synctest.Wait()
				if c.gone > time.Millisecond && len(v.all(t)) != 1 {
					t.Fatal("it was deleted too early")
				}
				time.Sleep(11 * time.Minute)
				synctest.Wait()
				entries, _ := v.audit.List(t.Context(), 0, 10)
				if c.gone == 0 {
					if len(v.all(t)) != 1 || len(v.stored(t)) != 2 || len(entries) > 0 {
						t.Errorf("it was deleted: %+v", entries)
					}
					return
				}
				if len(entries) != 1 || entries[0].Subject != "retention" || entries[0].Object != string(r.ID) || entries[0].From != "" {
					t.Errorf("the audit tells %+v", entries)
				}
				v.isErased(t)
			})
		})
	}
}

// What is not stored yet is not deleted, however old it is.
func TestRetentionSparesWhatIsNotStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		settings := local
		settings.Retention = []archive.Retention{{Rooms: "*", Keep: time.Hour}}
		v := newVault(t, settings)
		v.leave(t, domain.RecordingFinalized)
		v.faults.fail("put", -1)
		v.Start()
		t.Cleanup(func() { v.Close() })
		time.Sleep(3 * day)
		if r := v.only(t); r.State != domain.RecordingFailed {
			t.Errorf("%+v", r)
		}
		v.faults.mend()
		time.Sleep(time.Hour)
		v.isErased(t)
	})
}

// One recording that cannot be deleted keeps none of the others, and is in the audit
// once; one that somebody else has deleted is no failure.
func TestRetentionOfWhatCannotBeDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		settings := local
		settings.Retention = []archive.Retention{{Rooms: "*", Keep: time.Hour}}
		v := newVault(t, settings)
		for i := range 3 {
			v.aged(t, domain.RoomName(fmt.Sprint("room-", i)), time.Duration(i+2)*time.Hour)
		}
		first := v.all(t)[0]
		v.faults.fail("delete part", 1) // the first that is tried, in each of five rounds
		for round := range 5 {
			if round == 0 {
				v.Start()
				t.Cleanup(func() { v.Close() })
			} else {
				v.faults.fail("delete part", 1)
				time.Sleep(10 * time.Minute)
			}
			synctest.Wait()
			if r := v.only(t); r.ID != first.ID {
				t.Errorf("%+v is left, want %s alone", r, first.ID)
			}
		}
		if lines := v.log.about("recordings whose time is over cannot be deleted yet"); len(lines) != 5 {
			t.Errorf("%d lines tell of five rounds: %q", len(lines), lines)
		}
		time.Sleep(10 * time.Minute)
		entries, _ := v.audit.List(t.Context(), 0, 100)
		var objects []string
		for _, e := range entries {
			objects = append(objects, e.Object)
		}
		slices.Sort(objects)
		if len(entries) != 3 || len(slices.Compact(objects)) != 3 {
			t.Errorf("the audit tells %+v, want each of three recordings once", entries)
		}
		v.isErased(t)
	})
}
