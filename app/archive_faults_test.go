package app_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

// Whatever fails meanwhile: two hours after it has ended the recording is in the store
// whole, each object was put under one name, and it was announced once.
func TestNothingIsLost(t *testing.T) {
	for name, c := range map[string]struct {
		faults func(*faults)
		stuck  int // how often recording.failed is announced
	}{
		"the store refuses twice":                            {func(f *faults) { f.fail("put", 2) }, 0},
		"the store refuses three times":                      {func(f *faults) { f.fail("put", 3) }, 1},
		"the store refuses twenty times":                     {func(f *faults) { f.fail("put", 20) }, 1},
		"the store refuses the manifest":                     {func(f *faults) { f.fail("put manifest", 2) }, 0},
		"the store cuts the connection in the middle":        {func(f *faults) { f.fail("progress", 4) }, 1},
		"the store is slow":                                  {func(f *faults) { f.slow("put", -1, 5*time.Minute) }, 0},
		"the database is away when it begins":                {func(f *faults) { f.fail("keep started", 1) }, 0},
		"the database is slow when it begins":                {func(f *faults) { f.slow("keep started", 1, time.Minute) }, 0},
		"the database is away when it is finalized":          {func(f *faults) { f.fail("keep finalized", 5) }, 1},
		"the database is away when it is uploaded":           {func(f *faults) { f.fail("keep uploading", 5) }, 1},
		"the database is away when it is stored":             {func(f *faults) { f.fail("keep stored", 5) }, 1},
		"the database is away from finalizing to uploading":  {func(f *faults) { f.fail("keep f", 5); f.fail("keep uploading", 2) }, 0},
		"the database is away all along":                     {func(f *faults) { f.fail("keep", 10) }, 0},
		"the spool's disk fails when it is finalized":        {func(f *faults) { f.fail("finalize", 2) }, 0},
		"the spool's disk fails, and the database at first":  {func(f *faults) { f.fail("keep started", 1); f.fail("finalize", 3) }, 0},
		"the spool's disk fails when it is uploaded":         {func(f *faults) { f.fail("read", 3) }, 1},
		"a failure cannot be kept":                           {func(f *faults) { f.fail("put", 2); f.fail("keep failed", 1) }, 0},
		"the store, the database and the spool fail in turn": {func(f *faults) { f.fail("put", 2); f.fail("keep", 4); f.fail("finalize", 2) }, 0},
		"what is stored cannot be removed for a while":       {func(f *faults) { f.fail("remove", 5) }, 0},
		"the receivers of events are away":                   {func(f *faults) { f.fail("deliver", 6) }, 0},
		"the outbox is away":                                 {func(f *faults) { f.fail("due", 3) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStudio(t, recording, local)
				c.faults(s.vault.faults)
				publisher, _ := s.onAir(t, "lobby", time.Second)
				s.over(t, publisher)
				time.Sleep(2 * time.Hour)
				synctest.Wait()
				s.vault.isStored(t, s.vault.only(t))
				if keys := s.vault.stored(t); len(keys) != 2 {
					t.Errorf("objects %q, want a part and a manifest", keys)
				}
				want := map[domain.EventName]int{domain.RecordingCompleted: 1}
				if c.stuck > 0 {
					want[domain.RecordingStuck] = c.stuck
				}
				for _, to := range s.vault.settings.Webhooks {
					if diff := cmp.Diff(want, s.vault.hook.events(to)); diff != "" {
						t.Errorf("events for %s (-want +got):\n%s", to, diff)
					}
				}
			})
		})
	}
}

// What fails is in the row with its reason, and is tried again after pauses that
// double.
func TestAFailureTellsItsReasonAndWhatIsNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, recording, local)
		s.vault.faults.fail("put", 4)
		publisher, _ := s.onAir(t, "lobby", time.Second)
		s.over(t, publisher)
		for attempts := 1; attempts <= 4; attempts++ {
			synctest.Wait()
			r := s.vault.only(t)
			f := r.Failure
			if r.State != domain.RecordingFailed || f.During != domain.RecordingUploading || f.Attempts != attempts ||
				!strings.Contains(f.Reason, "part-001") || !strings.Contains(f.Reason, errAway.Error()) {
				t.Errorf("after %d attempts: %s, %+v", attempts, r.State, f)
			}
			if pause := time.Until(f.Next).Round(10 * time.Millisecond); pause != time.Second<<(attempts-1) {
				t.Errorf("the next after %d attempts is in %v", attempts, pause)
			}
			time.Sleep(time.Until(f.Next) + time.Millisecond)
		}
		synctest.Wait()
		s.vault.isStored(t, s.vault.only(t))
		if lines := s.vault.log.about("recording does not get on"); len(lines) != 4 {
			t.Errorf("%d lines tell of 4 failures: %q", len(lines), lines)
		}
	})
}

// A store that is away for an hour is asked no oftener than every five minutes in the
// end, by 40 recordings in turn, and then gets each of them once.
func TestAStoreThatIsAwayForAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault(t, local)
		const many = 40
		for range many {
			v.leave(t, domain.RecordingStarted)
		}
		v.faults.fail("put", -1)
		v.Start()
		t.Cleanup(func() { v.Close() })
		time.Sleep(time.Hour)
		before := v.faults.count("put")
		v.faults.mend()
		if perHour := before / many; perHour < 12 || perHour > 24 {
			t.Errorf("each was tried %d times in the hour", perHour)
		}
		time.Sleep(domain.LongestRetry + time.Second)
		synctest.Wait()
		for _, r := range v.all(t) {
			v.isStored(t, r)
		}
		if after := v.faults.count("put") - before; after != 2*many || len(v.stored(t)) != 2*many {
			t.Errorf("%d objects were put, and %d are there, want %d", after, len(v.stored(t)), 2*many)
		}
		if events := v.hook.events(local.Webhooks[0]); events[domain.RecordingCompleted] != many || events[domain.RecordingStuck] != many {
			t.Errorf("events: %v", events)
		}
	})
}

// A database that is away while nothing could be shown of a recording: it leaves
// nothing all the same.
func TestTheDatabaseIsAwayWhenAnEmptyRecordingEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, recording, local)
		s.vault.faults.fail("keep nothing", 2)
		s.vault.faults.fail("keep failed", 2)
		publisher := publish(t, s.house, "lobby")
		s.Connected(publisher)
		clip, err := readClip()
		if err != nil {
			t.Fatal(err)
		}
		half := clip[slices.IndexFunc(clip, func(f frame) bool { return f.key })]
		half.payloads = half.payloads[:1]
		newCamera(publisher).send(halved{s.taps.sink(s.record(t, "lobby").Recording)}, half)
		time.Sleep(time.Second)
		s.over(t, publisher)
		time.Sleep(time.Hour)
		synctest.Wait()
		if all, files := s.vault.all(t), s.vault.spooled(t); len(all)+len(files) > 0 {
			t.Errorf("rows %+v, files %q, want nothing", all, files)
		}
	})
}
