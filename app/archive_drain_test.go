package app_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/app/archive"
	"rostrum/domain"
)

// patient is local with patience for uploads when it ends.
var patient = archive.Settings{Key: local.Key, Webhooks: local.Webhooks, Uploads: 10 * time.Second}

// What has just ended is made whole, uploaded and announced before the process ends.
func TestCloseUploadsWhatHasJustEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, recording, patient)
		s.vault.faults.slow("finalize", 1, 5*time.Second)
		s.vault.faults.slow("put", -1, 3*time.Second)
		s.onAir(t, "lobby", time.Second)
		s.Close()
		began := time.Now()
		s.vault.Close()
		if took := time.Since(began); took != 11*time.Second {
			t.Errorf("Close took %v, want 5 s of finalizing and 6 s for a part and the manifest", took)
		}
		s.vault.isStored(t, s.vault.only(t))
	})
}

// What cannot be uploaded in time, or has to be tried again too late, is parked; nothing of
// it is lost.
func TestCloseHasPatienceForUploads(t *testing.T) {
	for name, c := range map[string]struct {
		faults func(*faults)
		runs   time.Duration // before Close
		takes  time.Duration
		parked int
	}{
		"the store does not answer":         {func(f *faults) { f.slow("put", -1, time.Hour) }, 0, 10 * time.Second, 3},
		"the store refuses":                 {func(f *faults) { f.fail("put", -1) }, 0, 0, 3},
		"the store has refused for long":    {func(f *faults) { f.fail("put", -1) }, time.Hour, 0, 3},
		"the store is slow":                 {func(f *faults) { f.slow("put", -1, 3*time.Second) }, 0, 10 * time.Second, 1},
		"a receiver of events is away":      {func(f *faults) { f.slow("deliver", -1, time.Hour) }, 0, 0, 0},
		"there is nothing that is not done": {func(*faults) {}, time.Minute, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVault(t, patient)
				for range 3 {
					v.leave(t, domain.RecordingFinalized)
				}
				c.faults(v.faults)
				v.Start()
				synctest.Wait()
				time.Sleep(c.runs)
				began := time.Now()
				v.Close()
				if took := time.Since(began); took != c.takes {
					t.Errorf("Close took %v, want %v", took, c.takes)
				}
				if n := v.log.parked(t); n != c.parked {
					t.Errorf("the log tells of %d that are parked, want %d", n, c.parked)
				}
				v.faults.mend()
				v.restart()
				t.Cleanup(func() { v.Close() })
				time.Sleep(domain.LongestRetry + time.Second)
				synctest.Wait()
				for _, r := range v.all(t) {
					v.isStored(t, r)
				}
			})
		})
	}
}

// Park ends the patience, whenever it is called.
func TestPark(t *testing.T) {
	for name, after := range map[string]time.Duration{"before": -time.Second, "meanwhile": 4 * time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVault(t, patient)
				v.leave(t, domain.RecordingFinalized)
				v.faults.slow("put", -1, time.Hour)
				v.Start()
				synctest.Wait()
				if after < 0 {
					v.Park()
				} else {
					parking := time.AfterFunc(after, v.Park)
					defer parking.Stop()
				}
				began := time.Now()
				v.Close()
				if took := time.Since(began); took != max(after, 0) {
					t.Errorf("Close took %v", took)
				}
				if n := v.log.parked(t); n != 1 {
					t.Errorf("the log tells of %d that are parked, want 1", n)
				}
			})
		})
	}
}

// parked returns of how many recordings the log tells that the next start goes on with them.
func (j *journal) parked(t *testing.T) int {
	t.Helper()
	lines := j.saying(t, "recordings are not uploaded yet: the next start goes on with them")
	if i := slices.IndexFunc(lines, func(line map[string]any) bool { return line["recordings"] != nil }); i >= 0 {
		return int(lines[i]["recordings"].(float64))
	}
	return 0
}
