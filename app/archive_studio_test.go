package app_test

import (
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"rostrum/app"
	"rostrum/app/archive"
	"rostrum/domain"
	"rostrum/ports"
)

// studio is a house whose rooms are recorded, and the vault that takes it.
type studio struct {
	house
	vault *vault
	taps  *taps
}

var recording = app.Settings{AutoCreate: true, Rules: domain.RoomRules{Record: true, Grace: grace}}

// newStudio returns a studio that works until the test ends.
func newStudio(t *testing.T, settings app.Settings, archive archive.Settings) *studio {
	t.Helper()
	v := started(t, archive)
	return studioOver(t, v, settings)
}

// studioOver returns a studio before a vault.
func studioOver(t *testing.T, v *vault, settings app.Settings) *studio {
	t.Helper()
	s := &studio{house: house{media: &media{known: true, routing: map[domain.RoomName]bool{}}, keeping: v.kept, log: v.log}, vault: v}
	s.taps = &taps{media: s.media, sinks: map[domain.SessionID]ports.MediaSink{}}
	needs := s.needs()
	needs.Media, needs.Archive, needs.Log = s.taps, v.Archive, slog.New(slog.NewJSONHandler(v.log, nil))
	s.App = app.New(needs, settings)
	t.Cleanup(s.App.Close)
	return s
}

// taps is a media port that remembers who taps rooms, and in which order it was told
// what.
type taps struct {
	*media
	mu    sync.Mutex
	sinks map[domain.SessionID]ports.MediaSink
	order []string
	asked []domain.SessionID // for key frames
}

func (p *taps) Attach(id domain.SessionID, sink ports.MediaSink) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sinks[id] = sink
	p.order = append(p.order, "attach "+string(id))
}

func (p *taps) RequestKeyframe(id domain.SessionID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, id)
}

func (p *taps) Route(fan domain.FanOut) {
	p.media.Route(fan)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range fan.Routes {
		for _, l := range r.Legs {
			if p.sinks[l.Subscriber] != nil {
				p.order = append(p.order, "route to "+string(l.Subscriber))
				return
			}
		}
	}
	p.order = append(p.order, "route to nobody")
}

func (p *taps) End(id domain.SessionID) domain.SessionReport {
	p.mu.Lock()
	if p.sinks[id] != nil {
		delete(p.sinks, id)
		p.order = append(p.order, "end "+string(id))
	}
	p.mu.Unlock()
	return p.media.End(id)
}

// sink returns what a recording is made of, nil if there is none.
func (p *taps) sink(id domain.RecordingID) ports.MediaSink {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sinks[domain.SessionID(id)]
}

// told returns what it was told up to now.
func (p *taps) told() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.order)
}

// record returns how the recording of a room stands.
func (s *studio) record(t *testing.T, room domain.RoomName) app.RoomRecording {
	t.Helper()
	r, err := s.RoomRecording(room)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// onAir begins a publication, which sends for so long.
func (s *studio) onAir(t *testing.T, room domain.RoomName, length time.Duration) (domain.SessionID, *camera) {
	t.Helper()
	publisher := publish(t, s.house, room)
	s.Connected(publisher)
	c := newCamera(publisher)
	c.play(t, s.taps.sink(s.record(t, room).Recording), length)
	return publisher, c
}

// over ends a publication, and waits until what follows is done that need not wait.
func (s *studio) over(t *testing.T, publisher domain.SessionID) {
	t.Helper()
	if err := s.End(alice, domain.RolePublisher, publisher); err != nil {
		t.Error(err)
	}
	time.Sleep(time.Millisecond)
}
