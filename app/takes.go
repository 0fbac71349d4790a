package app

import (
	"context"
	"crypto/rand"
	"sync"
	"sync/atomic"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// takes are the recordings that are being written.
type takes struct {
	mu     sync.Mutex
	live   map[domain.RecordingID]*take
	ending sync.WaitGroup
}

func newTakes() *takes { return &takes{live: map[domain.RecordingID]*take{}} }

// find returns a recording that is being written, nil if it is not.
func (t *takes) find(id domain.RecordingID) *take {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.live[id]
}

// all returns every recording that is being written.
func (t *takes) all() []*take {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := make([]*take, 0, len(t.live))
	for _, one := range t.live {
		all = append(all, one)
	}
	return all
}

// wait returns when every recording that has been ended is closed.
func (t *takes) wait() { t.ending.Wait() }

// take is a recording that is being written. The spool tells it how that goes.
type take struct {
	ports.Take
	recording       domain.Recording // as it was when it began
	archive         *Archive
	requestKeyframe func()
	began           atomic.Pointer[time.Time] // when its first packet came; nil: none has come
}

var _ ports.RecordingEvents = (*take)(nil)

// begin begins a recording of what a publisher sends into a room, which is kept from
// its first packet on. It refuses with domain.ErrSpoolFull, and does not block.
func (a *Archive) begin(room domain.RoomName, by domain.Session, requestKeyframe func(domain.SessionID)) (*take, error) {
	r := domain.Recording{
		ID: domain.RecordingID(rand.Text()), Room: room, Session: by.ID, Subject: by.Subject, Node: a.settings.Node,
		State: domain.RecordingStarted, Started: time.Now().UTC(),
	}
	r.Key = a.settings.Key.Key(r)
	t := &take{recording: r, archive: a, requestKeyframe: func() { requestKeyframe(domain.SessionID(r.ID)) }}
	var err error
	if t.Take, err = a.spool.Record(r, t); err != nil {
		return nil, err
	}
	a.takes.mu.Lock()
	a.takes.live[r.ID] = t
	a.takes.mu.Unlock()
	return t, nil
}

// end ends a recording that nothing is given to any more. Its files are closed behind
// it, and it goes on to be finalized.
func (a *Archive) end(id domain.RecordingID) {
	t := a.takes.find(id)
	if t == nil {
		return
	}
	a.takes.ending.Go(func() {
		t.Close()
		a.finalize.add(id, time.Now())
		a.takes.mu.Lock()
		defer a.takes.mu.Unlock()
		delete(a.takes.live, id)
	})
}

// Began keeps that there is a recording, before media of it is written.
func (t *take) Began(id domain.RecordingID, at time.Time) {
	t.began.Store(&at)
	ctx, cancel := toKeep(context.Background())
	defer cancel()
	r := t.recording
	r.Started = at.UTC()
	err := t.archive.recordings.Update(ctx, id, func(*domain.Recording) (*domain.Recording, []ports.Delivery, error) { return &r, nil, nil })
	if err != nil && !t.archive.database.lost(err) {
		t.archive.log.Error("the beginning of a recording cannot be kept, it goes on", "recording", id, "room", r.Room, "error", err)
	}
	t.archive.log.Info("recording", "room", r.Room, "recording", id, "session", r.Session, "key", r.Key)
}

// PictureLost asks the publisher for a key frame.
func (t *take) PictureLost(domain.RecordingID) { t.requestKeyframe() }
