package app_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/app"
	"rostrum/domain"
)

// What is in the spool of another server is that server's to finish, and nobody else's to
// try again or to erase.
func TestRecordingsOfAnotherNodeAreLeftAlone(t *testing.T) {
	for _, state := range []domain.RecordingState{domain.RecordingStarted, domain.RecordingFinalized, domain.RecordingFailed} {
		synctest.Test(t, func(t *testing.T) {
			settings := local
			settings.Node = "a"
			v := newVault(t, settings)
			theirs := domain.Recording{ID: "THEIRS", Room: "lobby", Node: "b", Key: "k", State: state, Started: time.Now().UTC()}
			if state == domain.RecordingFailed {
				theirs.Failure = domain.Failure{During: domain.RecordingFinalized, Reason: "away", Attempts: 1, Next: time.Now().UTC()}
			}
			v.putRow(t, theirs)
			v.Start()
			defer v.Close()
			time.Sleep(time.Hour)
			synctest.Wait()
			if got := v.only(t); got.State != state || got.Failure.Attempts != theirs.Failure.Attempts {
				t.Errorf("%s: it is %+v", state, got)
			}
			if _, err := v.RetryRecording(t.Context(), admin, "THEIRS"); !errors.Is(err, domain.ErrRecordingState) {
				t.Errorf("%s: tried again: %v", state, err)
			}
			if err := v.DeleteRecording(t.Context(), admin, "THEIRS"); !errors.Is(err, domain.ErrRecordingState) {
				t.Errorf("%s: deleted: %v", state, err)
			}
		})
	}
}

// A recording says whose spool it is in, also one that the database has not seen begin.
func TestRecordingsHaveTheirNode(t *testing.T) {
	for name, call := range map[string]string{"as it begins": "", "as it is finalized": "keep"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				settings := local
				settings.Node = "a"
				s := newStudio(t, app.Settings{AutoCreate: true, Rules: domain.RoomRules{Record: true}}, settings)
				if call != "" {
					s.vault.faults.fail(call, 1)
				}
				publisher, _ := s.onAir(t, "lobby", time.Second)
				s.over(t, publisher)
				time.Sleep(time.Minute)
				synctest.Wait()
				if r := s.vault.only(t); r.Node != "a" || r.State != domain.RecordingStored {
					t.Errorf("%+v", r)
				}
			})
		})
	}
}
