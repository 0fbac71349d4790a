package app_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
	"rostrum/ports"
)

// admin may do everything with the recordings of every room.
var admin = domain.Caller{Grant: domain.Grant{Subject: "root", Permissions: domain.Allow([]domain.Action{domain.ActionAdmin}, "*")}}

func (v *vault) deleteIt(t *testing.T, id domain.RecordingID) error {
	t.Helper()
	return v.DeleteRecording(t.Context(), domain.Caller{Grant: admin.Grant, Address: "192.0.2.1"}, id)
}

// isErased checks that nothing is left of any recording, and that nothing comes back.
func (v *vault) isErased(t *testing.T) {
	t.Helper()
	time.Sleep(time.Hour)
	v.restart()
	synctest.Wait()
	if all, files, keys := v.all(t), v.spooled(t), v.stored(t); len(all)+len(files)+len(keys) > 0 {
		t.Errorf("rows %+v, files %q, objects %q, want nothing", all, files, keys)
	}
	if stats, err := v.Stats(t.Context()); err != nil || stats.Finalizes+stats.Uploads+len(stats.Uploading) > 0 {
		t.Errorf("there is still something to do: %+v (%v)", stats, err)
	}
}

// A recording can be deleted in every state but while it is being written: what goes on
// is broken off, and nothing is left of it.
func TestDeleteInEveryState(t *testing.T) {
	for name, c := range map[string]struct {
		state  domain.RecordingState // it is left in
		faults func(*faults)
	}{
		"waits to be finalized":             {domain.RecordingStarted, func(f *faults) { f.fail("finalize", -1) }},
		"is being finalized":                {domain.RecordingStarted, func(f *faults) { f.slow("finalize", -1, time.Hour) }},
		"waits to be uploaded":              {domain.RecordingFinalized, func(f *faults) { f.fail("keep uploading", -1); f.fail("keep failed", -1) }},
		"its first object is on its way":    {domain.RecordingFinalized, func(f *faults) { f.slow("put part", -1, time.Hour) }},
		"its last object is on its way":     {domain.RecordingFinalized, func(f *faults) { f.slow("put manifest", -1, time.Hour) }},
		"has failed":                        {domain.RecordingUploading, func(f *faults) { f.fail("put manifest", -1) }},
		"is stored":                         {domain.RecordingUploading, func(*faults) {}},
		"is stored, and still in the spool": {domain.RecordingUploading, func(f *faults) { f.fail("remove", 1) }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVault(t, local)
				r := v.leave(t, c.state)
				c.faults(v.faults)
				v.Start()
				t.Cleanup(func() { v.Close() })
				time.Sleep(time.Second)
				synctest.Wait()
				began := time.Now()
				if err := v.deleteIt(t, r.ID); err != nil {
					t.Errorf("delete: %v", err)
				}
				if took := time.Since(began); took > 0 {
					t.Errorf("it waited %v for what was going on", took)
				}
				v.faults.mend()
				entries, err := v.audit.List(t.Context(), 0, 10)
				want := []ports.AuditEntry{{
					Number: 1, At: began.UTC(), Subject: "root", From: "192.0.2.1", Act: "recording.delete", Object: string(r.ID),
					Detail: "room lobby, key " + string(r.Key),
				}}
				if diff := cmp.Diff(want, entries); diff != "" || err != nil {
					t.Errorf("audit (-want +got, %v):\n%s", err, diff)
				}
				v.isErased(t)
				if err := v.deleteIt(t, r.ID); !errors.Is(err, domain.ErrRecordingUnknown) {
					t.Errorf("delete again: %v, want ErrRecordingUnknown", err)
				}
			})
		})
	}
}

// One that is being written goes on; when it is over it can be deleted.
func TestDeleteOfALiveRecording(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, recording, local)
		publisher, c := s.onAir(t, "lobby", time.Second)
		r := s.vault.only(t)
		if err := s.vault.deleteIt(t, r.ID); !errors.Is(err, domain.ErrRecordingLive) {
			t.Errorf("delete: %v, want ErrRecordingLive", err)
		}
		if entries, _ := s.vault.audit.List(t.Context(), 0, 10); len(entries) > 0 {
			t.Errorf("what was refused is in the audit: %+v", entries)
		}
		c.play(t, s.taps.sink(r.ID), time.Second)
		s.over(t, publisher)
		synctest.Wait()
		s.vault.isStored(t, s.vault.only(t))
		if err := s.vault.deleteIt(t, r.ID); err != nil {
			t.Error(err)
		}
		s.vault.isErased(t)
	})
}

func TestWhoMayDelete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := started(t, local)
		r := v.leave(t, domain.RecordingStored)
		for name, c := range map[string]struct {
			permissions []domain.Permission
			want        error
		}{
			"a viewer":                          {domain.Allow([]domain.Action{domain.ActionPlay}, "*"), domain.ErrForbidden},
			"a publisher":                       {domain.Allow([]domain.Action{domain.ActionPublish}, "*"), domain.ErrRecordingUnknown},
			"an administrator of another room":  {domain.Allow([]domain.Action{domain.ActionAdmin}, "hall"), domain.ErrRecordingUnknown},
			"a viewer here, administrator else": {append(domain.Allow([]domain.Action{domain.ActionPlay}, "lobby"), domain.Allow([]domain.Action{domain.ActionAdmin}, "hall")...), domain.ErrForbidden},
		} {
			grant := domain.Grant{Subject: "x", Permissions: c.permissions}
			if err := v.DeleteRecording(t.Context(), domain.Caller{Grant: grant}, r.ID); !errors.Is(err, c.want) {
				t.Errorf("%s: delete: %v, want %v", name, err, c.want)
			}
			if _, err := v.RetryRecording(t.Context(), domain.Caller{Grant: grant}, r.ID); !errors.Is(err, c.want) {
				t.Errorf("%s: retry: %v, want %v", name, err, c.want)
			}
		}
		if entries, _ := v.audit.List(t.Context(), 0, 10); len(entries) > 0 || v.only(t).State != domain.RecordingStored {
			t.Errorf("audit %+v, row %+v", entries, v.only(t))
		}
	})
}

// What cannot be deleted now can be deleted later, and until then goes on from where it
// stood.
func TestDeleteWhileSomethingIsAway(t *testing.T) {
	fails := func(call string) fault { return fault{call: call, left: 1, err: errAway} }
	for name, c := range map[string]struct {
		state domain.RecordingState
		fault func(*faults) fault
		goes  bool // it is uploaded then
		busy  bool
	}{
		"the audit":                        {domain.RecordingFinalized, func(*faults) fault { return fails("audit") }, true, false},
		"the store":                        {domain.RecordingFinalized, func(*faults) fault { return fails("delete part") }, true, false},
		"the store, while it is finalized": {domain.RecordingStarted, func(*faults) fault { return fails("delete manifest") }, true, true},
		"the store, while it is uploaded":  {domain.RecordingFinalized, func(*faults) fault { return fails("delete part") }, true, true},
		"the store, half-way":              {domain.RecordingFinalized, func(*faults) fault { return fails("delete manifest") }, true, false},
		"the store, and then the database": {domain.RecordingFinalized, func(f *faults) fault {
			return fault{call: "delete part", left: 1, err: errAway, do: func() { f.fail("get", 1) }}
		}, true, false},
		"the spool":                    {domain.RecordingFinalized, func(*faults) fault { return fails("remove") }, true, false},
		"the database":                 {domain.RecordingStored, func(*faults) fault { return fails("keep nothing") }, false, false},
		"the store, of what is stored": {domain.RecordingStored, func(*faults) fault { return fails("delete part") }, false, false},
		"the store, of what waits to be finalized": {domain.RecordingStarted, func(*faults) fault { return fails("delete manifest") }, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVault(t, local)
				r := v.leave(t, c.state)
				if c.busy { // with it when it is deleted; else it waits
					v.faults.slow("put", 1, time.Hour)
					v.faults.slow("finalize", 1, time.Hour)
				} else {
					v.faults.fail("put", 3)
					v.faults.fail("finalize", 2)
				}
				v.Start()
				t.Cleanup(func() { v.Close() })
				synctest.Wait()
				v.faults.add(c.fault(v.faults))
				if err := v.deleteIt(t, r.ID); !errors.Is(err, errAway) {
					t.Errorf("delete: %v, want %v", err, errAway)
				}
				time.Sleep(time.Hour)
				synctest.Wait()
				v.faults.mend()
				if c.goes {
					v.isStored(t, v.only(t))
				}
				if err := v.deleteIt(t, r.ID); err != nil {
					t.Errorf("delete again: %v", err)
				}
				v.isErased(t)
			})
		})
	}
}

// A recording that comes further while it is being deleted leaves no object behind.
func TestDeleteCrossesTheUpload(t *testing.T) {
	for name, c := range map[string]struct {
		call string // during which it is begun
		also func(*vault, domain.RecordingID)
	}{
		"after it was read for the audit": {"audit", func(v *vault, id domain.RecordingID) {
			v.faults.mend() // it is finalized, and uploaded
			_, _ = v.RetryRecording(context.Background(), admin, id)
			time.Sleep(time.Minute)
		}},
		"by a retry": {"delete manifest", func(v *vault, id domain.RecordingID) {
			v.faults.mend()
			_, _ = v.RetryRecording(context.Background(), admin, id)
			time.Sleep(time.Minute)
		}},
		"by another who deletes it": {"delete part", func(v *vault, id domain.RecordingID) {
			if err := v.DeleteRecording(context.Background(), admin, id); err != nil {
				panic(err)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVault(t, local)
				r := v.leave(t, domain.RecordingStarted)
				if c.call == "audit" {
					v.faults.before(c.call, func() { c.also(v, r.ID) })
					v.faults.fail("finalize", -1)
				} else {
					v.faults.before(c.call, func() { c.also(v, r.ID) })
					v.faults.fail("put", -1)
				}
				v.Start()
				t.Cleanup(func() { v.Close() })
				synctest.Wait()
				if err := v.deleteIt(t, r.ID); err != nil && !errors.Is(err, domain.ErrRecordingUnknown) {
					t.Errorf("delete: %v", err)
				}
				v.isErased(t)
			})
		})
	}
}

// A recording that is deleted while the spool is still being searched does not come
// back.
func TestDeleteWhileTheSpoolIsSearched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault(t, local)
		r := v.leave(t, domain.RecordingStarted)
		v.faults.slow("search", 1, time.Minute)
		v.Start()
		t.Cleanup(func() { v.Close() })
		synctest.Wait()
		if err := v.deleteIt(t, r.ID); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Hour)
		if all := v.all(t); len(all) > 0 {
			t.Errorf("it has come back: %+v", all)
		}
		v.isErased(t)
	})
}

// Who asks for another attempt need not wait for the pause to end.
func TestRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault(t, local)
		r := v.leave(t, domain.RecordingFinalized)
		v.faults.fail("put", 10)
		v.Start()
		t.Cleanup(func() { v.Close() })
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		v.faults.mend()
		if view, err := v.RetryRecording(t.Context(), admin, r.ID); err != nil || view.State != domain.RecordingFailed {
			t.Errorf("retry: %+v, %v", view, err)
		}
		synctest.Wait()
		v.isStored(t, v.only(t))
		if _, err := v.RetryRecording(t.Context(), admin, r.ID); !errors.Is(err, domain.ErrRecordingState) {
			t.Errorf("retry of what is stored: %v, want ErrRecordingState", err)
		}
		if _, err := v.RetryRecording(t.Context(), admin, "NONE"); !errors.Is(err, domain.ErrRecordingUnknown) {
			t.Errorf("retry of nothing: %v, want ErrRecordingUnknown", err)
		}
		if slices.Contains(v.faults.steps(), "audit") {
			t.Error("a retry is in the audit as if it were an erasure")
		}
	})
}
