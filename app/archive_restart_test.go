package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
	"rostrum/ports"
)

// Whatever a process has left that was killed, the next one goes on with: what has been
// done is not done again, and in the end the recording is stored and announced once.
func TestARestartGoesOn(t *testing.T) {
	failed := func(during domain.RecordingState) func(*testing.T, *vault) domain.Recording {
		return func(t *testing.T, v *vault) domain.Recording {
			r := v.leave(t, during)
			_ = r.Fail("the process was killed", time.Now().Add(-time.Hour))
			v.putRow(t, r)
			return r
		}
	}
	left := func(state domain.RecordingState) func(*testing.T, *vault) domain.Recording {
		return func(t *testing.T, v *vault) domain.Recording { return v.leave(t, state) }
	}
	const finalized, put, stored = "finalize, keep finalized", "keep uploading, put part-001.webm, put manifest.json", "keep stored, remove"
	for name, c := range map[string]struct {
		leave func(*testing.T, *vault) domain.Recording
		steps []string
		told  int
	}{
		"killed before it was kept":                   {unkept, []string{finalized, put, stored}, 1},
		"killed while it was recorded":                {left(domain.RecordingStarted), []string{finalized, put, stored}, 1},
		"killed before it was kept that it was whole": {whole, []string{finalized, put, stored}, 1},
		"killed when it was whole":                    {left(domain.RecordingFinalized), []string{put, stored}, 1},
		"killed while it was uploaded":                {half, []string{put, stored}, 1},
		"killed before it was kept that it was stored": {func(t *testing.T, v *vault) domain.Recording {
			r := v.leave(t, domain.RecordingUploading)
			v.putObjects(t, r, r.Parts[0].File, ports.ManifestFile)
			return r
		}, []string{put, stored}, 1},
		"killed before it was removed":           {left(domain.RecordingStored), []string{"remove"}, 0},
		"killed after it could not be finalized": {failed(domain.RecordingStarted), []string{finalized, put, stored}, 1},
		"killed after it could not be stored":    {failed(domain.RecordingUploading), []string{put, stored}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVault(t, local)
				r := c.leave(t, v)
				v.Start()
				t.Cleanup(func() { v.Close() })
				time.Sleep(time.Second)
				synctest.Wait()
				v.isStored(t, v.only(t))
				if diff := cmp.Diff(strings.Join(c.steps, ", "), strings.Join(v.faults.steps(), ", ")); diff != "" {
					t.Errorf("steps (-want +got):\n%s", diff)
				}
				if n := v.hook.events(local.Webhooks[0])[domain.RecordingCompleted]; n != c.told {
					t.Errorf("it was announced %d times, want %d", n, c.told)
				}
				got := v.only(t)
				if got.ID != r.ID || got.Key != r.Key || got.Session != r.Session || got.Subject != r.Subject || !got.Started.Equal(r.Started) {
					t.Errorf("the row is %+v, and was left as %+v", got, r)
				}
			})
		})
	}
}

// unkept leaves a recording of which there is no row.
func unkept(t *testing.T, v *vault) domain.Recording { return v.leaveUnknown(t) }

// whole leaves a recording whose files are whole, which its row does not say.
func whole(t *testing.T, v *vault) domain.Recording {
	r := v.leave(t, domain.RecordingStarted)
	if _, err := v.spool.Finalize(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	}
	return r
}

// half leaves a recording whose first object is in the store.
func half(t *testing.T, v *vault) domain.Recording {
	r := v.leave(t, domain.RecordingUploading)
	v.putObjects(t, r, r.Parts[0].File)
	return r
}

// A pause between two attempts goes on over a restart, and is no longer than the
// longest, also where the clock has been set back by a day.
func TestARestartInAPause(t *testing.T) {
	for name, c := range map[string]struct{ next, want time.Duration }{
		"of a minute":                  {time.Minute, time.Minute},
		"after the clock was set back": {24 * time.Hour, domain.LongestRetry},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVault(t, local)
				r := v.leave(t, domain.RecordingUploading)
				_ = r.Fail("the store is away", time.Now().Add(c.next-time.Second))
				v.putRow(t, r)
				v.Start()
				t.Cleanup(func() { v.Close() })
				time.Sleep(c.want - time.Millisecond)
				synctest.Wait()
				if n := v.faults.count("put"); n > 0 {
					t.Errorf("it was tried %v too early", time.Millisecond)
				}
				time.Sleep(2 * time.Millisecond)
				synctest.Wait()
				v.isStored(t, v.only(t))
			})
		})
	}
}

// A spool or a database that is away at the start is asked again; what is foreign in
// the spool is left alone and named once.
func TestAStartWhileSomethingIsAway(t *testing.T) {
	for name, away := range map[string]func(*faults){
		"the spool":                       func(f *faults) { f.fail("search", 4) },
		"the database":                    func(f *faults) { f.fail("get", 4) },
		"the database after some answers": func(f *faults) { f.before("get", func() {}); f.fail("get", 2); f.fail("list", 3) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVault(t, local)
				for range 3 {
					v.leave(t, domain.RecordingStarted)
				}
				foreign := filepath.Join(v.spoolDir, "holiday.mp4")
				if err := os.WriteFile(foreign, []byte("sea"), 0o600); err != nil {
					t.Fatal(err)
				}
				away(v.faults)
				v.Start()
				t.Cleanup(func() { v.Close() })
				time.Sleep(time.Hour)
				synctest.Wait()
				for _, r := range v.all(t) {
					if r.State != domain.RecordingStored {
						t.Errorf("%+v, want it stored", r)
					}
				}
				if left := v.spooled(t); !cmp.Equal(left, []string{"holiday.mp4"}) {
					t.Errorf("the spool holds %q", left)
				}
				lines := v.log.about("the spool holds something that is none of ours, it is left alone")
				if len(lines) != 1 || !strings.Contains(lines[0], "holiday.mp4") {
					t.Errorf("the log names foreign things so: %q", lines)
				}
			})
		})
	}
}

// A recording whose files are gone from the spool is not lost silently: its row says
// so, for as long as that lasts.
func TestFilesAreGoneFromTheSpool(t *testing.T) {
	for _, state := range []domain.RecordingState{
		domain.RecordingStarted, domain.RecordingFinalized, domain.RecordingUploading,
	} {
		t.Run(string(state), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVault(t, local)
				r := v.leave(t, state)
				home, aside := filepath.Join(v.spoolDir, string(r.ID)), filepath.Join(t.TempDir(), "aside")
				if err := os.Rename(home, aside); err != nil {
					t.Fatal(err)
				}
				v.Start()
				t.Cleanup(func() { v.Close() })
				time.Sleep(time.Hour)
				synctest.Wait()
				gone := v.only(t)
				if gone.State != domain.RecordingFailed || !strings.Contains(gone.Failure.Reason, "gone from the spool") {
					t.Errorf("%+v, want it failed since its files are gone", gone)
				}
				if n := v.hook.events(local.Webhooks[0])[domain.RecordingStuck]; n != 1 {
					t.Errorf("its failure was announced %d times, want once", n)
				}
				if err := os.Rename(aside, home); err != nil { // they are put back
					t.Fatal(err)
				}
				time.Sleep(domain.LongestRetry + time.Second)
				synctest.Wait()
				v.isStored(t, v.only(t))
			})
		})
	}
}

// Many recordings that wait at the start are all stored, each once.
func TestManyWaitAtTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault(t, local)
		const many = 150
		for i := range many {
			v.leave(t, []domain.RecordingState{domain.RecordingStarted, domain.RecordingFinalized, domain.RecordingUploading}[i%3])
		}
		v.Start()
		t.Cleanup(func() { v.Close() })
		time.Sleep(time.Second)
		synctest.Wait()
		states, err := v.Stats(t.Context())
		if err != nil || states.States[domain.RecordingStored] != many || len(v.all(t)) != many {
			t.Errorf("states %v (%v), want %d that are stored", states, err, many)
		}
		if keys, left := v.stored(t), v.spooled(t); len(keys) != 2*many || len(left) > 0 {
			t.Errorf("%d objects, want %d; the spool holds %q", len(keys), 2*many, left)
		}
		if n := v.hook.events(local.Webhooks[0])[domain.RecordingCompleted]; n != many {
			t.Errorf("%d events, want %d", n, many)
		}
	})
}
