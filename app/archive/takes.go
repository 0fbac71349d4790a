package archive

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
	live   map[domain.RecordingID]*Take
	ending sync.WaitGroup
}

func newTakes() *takes { return &takes{live: map[domain.RecordingID]*Take{}} }

// find returns a recording that is being written, nil if it is not.
func (t *takes) find(id domain.RecordingID) *Take {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.live[id]
}

// all returns every recording that is being written.
func (t *takes) all() []*Take {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := make([]*Take, 0, len(t.live))
	for _, one := range t.live {
		all = append(all, one)
	}
	return all
}

// wait returns when every recording that has been ended is closed.
func (t *takes) wait() { t.ending.Wait() }

// Take is a recording that is being written. Media may be given to it until End.
type Take struct {
	ports.Take
	recording domain.Recording          // as it was when it began
	began     atomic.Pointer[time.Time] // when its first packet came; nil: none has come
}

// ID returns the recording's.
func (t *Take) ID() domain.RecordingID { return t.recording.ID }

// Began returns when the first packet came, zero while none has come.
func (t *Take) Began() time.Time {
	if at := t.began.Load(); at != nil {
		return *at
	}
	return time.Time{}
}

// Live returns a recording that is being written, nil if it is not.
func (a *Archive) Live(id domain.RecordingID) *Take { return a.takes.find(id) }

// Begin begins a recording of what a publisher sends into a room, which is kept from
// its first packet on. It refuses with domain.ErrSpoolFull, and does not block.
func (a *Archive) Begin(room domain.RoomName, by domain.Session, requestKeyframe func(domain.SessionID)) (*Take, error) {
	r := domain.Recording{
		ID: domain.RecordingID(rand.Text()), Room: room, Session: by.ID, Subject: by.Subject, Node: a.settings.Node,
		State: domain.RecordingStarted, Started: time.Now().UTC(),
	}
	r.Key = a.settings.Key.Key(r)
	t := &Take{recording: r}
	var err error
	if t.Take, err = a.spool.Record(r, &director{t, a, func() { requestKeyframe(domain.SessionID(r.ID)) }}); err != nil {
		return nil, err
	}
	a.takes.mu.Lock()
	a.takes.live[r.ID] = t
	a.takes.mu.Unlock()
	return t, nil
}

// End ends a recording that nothing is given to any more. Its files are closed behind
// it, and it goes on to be finalized.
func (a *Archive) End(id domain.RecordingID) {
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

// director is told by the spool how a take goes.
type director struct {
	take            *Take
	archive         *Archive
	requestKeyframe func()
}

var _ ports.RecordingEvents = (*director)(nil)

// Began keeps that there is a recording, before media of it is written.
func (d *director) Began(id domain.RecordingID, at time.Time) {
	d.take.began.Store(&at)
	ctx, cancel := toKeep(context.Background())
	defer cancel()
	a, r := d.archive, d.take.recording
	r.Started = at.UTC()
	err := a.recordings.Update(ctx, id, func(*domain.Recording) (*domain.Recording, []ports.Delivery, error) { return &r, nil, nil })
	if err != nil && !a.database.Lost(err) {
		a.log.Error("the beginning of a recording cannot be kept, it goes on", "recording", id, "room", r.Room, "error", err)
	}
	a.log.Info("recording", "room", r.Room, "recording", id, "session", r.Session, "key", r.Key)
}

// PictureLost asks the publisher for a key frame.
func (d *director) PictureLost(domain.RecordingID) { d.requestKeyframe() }
