package app_test

import (
	"crypto/rand"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// leave leaves a recording as a process does that is killed when it is in a state: in
// the spool as far as it had come, in the store what had been put, and its row.
func (v *vault) leave(t *testing.T, state domain.RecordingState) domain.Recording {
	t.Helper()
	r := v.leaveUnknown(t)
	r.State = domain.RecordingStarted
	if state != domain.RecordingStarted {
		whole, err := v.spool.Finalize(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		r = whole
	}
	r.State = state
	if state == domain.RecordingStored {
		v.putObjects(t, r, r.Parts[0].File, ports.ManifestFile)
		r.Stored = time.Now().UTC()
	}
	v.putRow(t, r)
	return r
}

// leaveUnknown leaves a recording that has not been finalized, and of which there is no
// row.
func (v *vault) leaveUnknown(t *testing.T) domain.Recording {
	t.Helper()
	r := domain.Recording{
		ID: domain.RecordingID(rand.Text()), Room: "lobby", Session: "P", Subject: "alice", State: domain.RecordingStarted, Started: time.Now().UTC(),
	}
	r.Key = v.settings.Key.Key(r)
	take, err := v.spool.Record(r, deaf{})
	if err != nil {
		t.Fatal(err)
	}
	newCamera("P").play(t, take, 200*time.Millisecond)
	take.Close()
	return r
}

// putObjects puts files of a recording into the store.
func (v *vault) putObjects(t *testing.T, r domain.Recording, files ...string) {
	t.Helper()
	for _, file := range files {
		err := v.storeFile(t, r.Key.Below(file), func() (ports.SpoolFile, error) { return v.spool.Open(r.ID, file) })
		if err != nil {
			t.Fatal(err)
		}
	}
}

// deaf is ports.RecordingEvents for whoever does not care.
type deaf struct{}

func (deaf) Began(domain.RecordingID, time.Time) {}
func (deaf) PictureLost(domain.RecordingID)      {}
