package app_test

import (
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/domain"
)

// What has just ended is made whole before the process ends; it is uploaded after the
// next start.
func TestCloseFinalizesWhatHasJustEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, recording, local)
		s.vault.faults.slow("finalize", 1, 5*time.Second)
		s.onAir(t, "lobby", time.Second)
		s.Close()
		began := time.Now()
		s.vault.Close()
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("Close took %v, want the 5 s of finalizing", took)
		}
		if r := s.vault.only(t); r.State != domain.RecordingFinalized || s.vault.faults.count("put") > 0 {
			t.Errorf("it is left as %+v", r)
		}
		s.vault.restart()
		synctest.Wait()
		s.vault.isStored(t, s.vault.only(t))
	})
}

// What is still being written to a slow disk is waited for.
func TestCloseWaitsForTheDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, recording, local)
		s.vault.faults.slow("close", 1, 3*time.Second)
		publisher := publish(t, s.house, "lobby")
		s.Connected(publisher)
		c := newCamera(publisher) // whose pictures are taken when the process is ending already
		c.play(t, s.taps.sink(s.record(t, "lobby").Recording), 10*time.Millisecond)
		s.Close()
		began := time.Now()
		s.vault.Close()
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("Close took %v, want the 3 s of the disk", took)
		}
		if r := s.vault.only(t); r.State != domain.RecordingFinalized {
			t.Errorf("it is left as %+v", r)
		}
		s.vault.restart()
		synctest.Wait()
		s.vault.isStored(t, s.vault.only(t))
	})
}

// What takes longer is broken off, and done after the next start.
func TestCloseDoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, recording, local)
		s.vault.faults.slow("finalize", -1, time.Hour)
		for _, room := range []domain.RoomName{"a", "b", "c"} {
			s.onAir(t, room, 100*time.Millisecond)
		}
		s.Close()
		began := time.Now()
		s.vault.Close()
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("Close took %v, want 10 s", took)
		}
		s.vault.faults.mend()
		s.vault.restart()
		synctest.Wait()
		for _, r := range s.vault.all(t) {
			s.vault.isStored(t, r)
		}
		if n := len(s.vault.all(t)); n != 3 {
			t.Errorf("%d recordings, want 3", n)
		}
	})
}

// Uploads are broken off at once, and go on after the next start.
func TestCloseParksUploads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault(t, local)
		for range 5 {
			v.leave(t, domain.RecordingFinalized)
		}
		v.faults.slow("put", -1, time.Hour)
		v.Start()
		time.Sleep(time.Minute)
		began := time.Now()
		v.Close()
		if took := time.Since(began); took > 0 {
			t.Errorf("Close took %v", took)
		}
		for _, r := range v.all(t) {
			if r.State != domain.RecordingFinalized && r.State != domain.RecordingUploading {
				t.Errorf("it is left as %+v", r)
			}
		}
		v.faults.mend()
		v.restart()
		t.Cleanup(func() { v.Close() })
		synctest.Wait()
		for _, r := range v.all(t) {
			v.isStored(t, r)
		}
	})
}

// Close returns whatever is away, and whatever is going on.
func TestCloseWhileSomethingIsAway(t *testing.T) {
	for name, c := range map[string]struct {
		faults func(*faults)
		within time.Duration
	}{
		"the spool is being searched":  {func(f *faults) { f.slow("search", -1, time.Hour) }, 0},
		"the search has failed":        {func(f *faults) { f.fail("search", -1) }, 0},
		"the database does not answer": {func(f *faults) { f.slow("keep", -1, time.Hour) }, 20 * time.Second},
		"the database is away":         {func(f *faults) { f.fail("keep", -1) }, 0},
		"the store does not answer":    {func(f *faults) { f.slow("put", -1, time.Hour) }, 0},
		"a receiver does not answer":   {func(f *faults) { f.slow("deliver", -1, time.Hour) }, 0},
		"everything is tried again":    {func(f *faults) { f.fail("put", -1); f.fail("deliver", -1) }, 0},
		"a disk fails":                 {func(f *faults) { f.fail("finalize", -1) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVault(t, local)
				for range 3 {
					v.leave(t, domain.RecordingStarted)
				}
				c.faults(v.faults)
				v.Start()
				time.Sleep(20 * time.Second)
				began := time.Now()
				v.Close()
				if took := time.Since(began); took > c.within {
					t.Errorf("Close took %v, want %v at most", took, c.within)
				}
				v.faults.mend()
				v.restart()
				t.Cleanup(func() { v.Close() })
				time.Sleep(domain.LongestRetry + time.Second)
				synctest.Wait()
				for _, r := range v.all(t) {
					v.isStored(t, r)
				}
				if n := len(v.all(t)); n != 3 {
					t.Errorf("%d recordings, want 3", n)
				}
			})
		})
	}
}

// An archive that was never started can be closed, and one that has nothing to do.
func TestCloseOfAnIdleArchive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		newVault(t, local).Close()
		v := newVault(t, local)
		v.Start()
		v.Close()
		if took := time.Since(began); took > 0 {
			t.Errorf("it took %v", took)
		}
	})
}

// Whenever the process is ended, again and again, while everything takes its time: each
// recording is stored in the end, and announced at least once, under one id.
func TestCloseAtAnyMoment(t *testing.T) {
	for seed := range uint64(8) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1))
			v := newVault(t, local)
			t.Cleanup(func() { v.Close() })
			for _, call := range []string{"put", "keep", "finalize", "search", "deliver", "get"} {
				v.faults.slow(call, -1, time.Duration(1+random.IntN(300))*time.Millisecond)
			}
			s := studioOver(t, v, recording)
			v.Start()
			const times = 8
			for range times {
				s.onAir(t, "lobby", 200*time.Millisecond)
				time.Sleep(time.Duration(random.IntN(1000)) * time.Millisecond)
				s.Close()
				v.restart()
				s = studioOver(t, v, recording)
			}
			time.Sleep(time.Hour)
			synctest.Wait()
			all := v.all(t)
			for _, r := range all {
				v.isStored(t, r)
			}
			if len(all) != times || len(v.stored(t)) != 2*times {
				t.Errorf("%d recordings in %d objects, want %d", len(all), len(v.stored(t)), times)
			}
			events := map[domain.EventID]bool{}
			for _, one := range v.hook.all() {
				if one.body.Type == domain.RecordingCompleted {
					events[one.id] = true
				}
			}
			if len(events) != times {
				t.Errorf("%d events of another id, want %d", len(events), times)
			}
		})
	}
}
