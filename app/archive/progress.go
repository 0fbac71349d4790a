package archive

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"rostrum/domain"
)

// progressPause is how often uploads that go on are told of in the log.
const progressPause = 10 * time.Second

// Upload is an upload that goes on.
type Upload struct {
	Recording   domain.RecordingID
	Room        domain.RoomName
	Done, Bytes int64
}

// progress is how far uploads have come.
type progress struct {
	uploaded atomic.Int64 // by uploads that have ended

	mu    sync.Mutex
	going map[domain.RecordingID]*going
}

type going struct {
	room  domain.RoomName
	bytes int64
	done  atomic.Int64
}

func newProgress() *progress { return &progress{going: map[domain.RecordingID]*going{}} }

// begin returns what the upload counts its bytes in.
func (p *progress) begin(id domain.RecordingID, room domain.RoomName, bytes int64) *atomic.Int64 {
	g := &going{room: room, bytes: bytes}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.going[id] = g
	return &g.done
}

func (p *progress) end(id domain.RecordingID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.uploaded.Add(p.going[id].done.Load())
	delete(p.going, id)
}

// all returns the uploads that go on.
func (p *progress) all() []Upload {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []Upload
	for id, g := range p.going {
		all = append(all, Upload{id, g.room, g.done.Load(), g.bytes})
	}
	return all
}

// of returns how many bytes of a recording have been uploaded by the upload that goes
// on, false if none does.
func (p *progress) of(id domain.RecordingID) (int64, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	g := p.going[id]
	if g == nil {
		return 0, false
	}
	return g.done.Load(), true
}

// tellProgress says in the log how long uploads get on.
func (a *Archive) tellProgress(ctx context.Context) {
	tick := time.NewTicker(progressPause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, u := range a.progress.all() {
			a.log.Info("uploading", "room", u.Room, "recording", u.Recording, "done", u.Done, "of", u.Bytes)
		}
	}
}
