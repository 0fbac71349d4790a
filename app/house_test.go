package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"rostrum/app"
	"rostrum/app/archive"
	"rostrum/app/database"
	"rostrum/domain"
	"rostrum/ports"
)

// house is an App, what its media port was told, and what it logged.
type house struct {
	*app.App
	keeping
	media *media
	log   *journal
}

// newHouse returns a house that is to be closed.
func newHouse(settings app.Settings) house { return houseOf(settings, database.Settings{}) }

func houseOf(settings app.Settings, kept database.Settings, access ...ports.Authenticator) house {
	h := house{media: &media{known: true, routing: map[domain.RoomName]bool{}}, log: &journal{}}
	log := slog.New(slog.NewJSONHandler(h.log, nil))
	h.keeping = newKeeping(log, kept)
	needs := h.needs()
	needs.Media, needs.Log, needs.Access = h.media, log, access
	needs.Archive = archive.New(archive.Needs{Database: h.database, Log: log}, archive.Settings{}) // where nothing is recorded
	h.App = app.New(needs, settings)
	if err := h.database.Start(context.Background()); err != nil {
		panic(err) // memory does not fail
	}
	return h
}

// Close closes the house, and what it keeps is written.
func (h house) Close() {
	h.App.Close()
	h.database.Close()
}

// logger returns what writes into the house's log.
func (h house) logger() *slog.Logger { return slog.New(slog.NewJSONHandler(h.log, nil)) }

// journal remembers log lines, each of which is one Write.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, string(bytes.TrimSpace(line)))
	return len(line), nil
}

// endings returns the lines about a session's end.
func (j *journal) endings(t *testing.T, id domain.SessionID) []map[string]any {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	var found []map[string]any
	for _, line := range j.lines {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		if entry["msg"] == "session ended" && entry["session"] == string(id) {
			found = append(found, entry)
		}
	}
	return found
}

// ended checks that a session has ended once, for that reason.
func (h house) ended(t *testing.T, id domain.SessionID, reason domain.EndReason) {
	t.Helper()
	entries := h.log.endings(t, id)
	if len(entries) != 1 || entries[0]["because"] != reason.Words() || !h.media.hasEnded(id) || h.Alive(id) {
		t.Errorf("%v, want one end because %q (closed %v, alive %v)", entries, reason.Words(), h.media.hasEnded(id), h.Alive(id))
	}
}

// lives checks that a session has not ended.
func (h house) lives(t *testing.T, id domain.SessionID) {
	t.Helper()
	if entries := h.log.endings(t, id); len(entries) > 0 || h.media.hasEnded(id) || !h.Alive(id) {
		t.Errorf("it has ended: %v (closed %v, alive %v)", entries, h.media.hasEnded(id), h.Alive(id))
	}
}

// media is a media port without a network: it takes every offer, or fails as it is
// told to, takes its time, and remembers what it was asked.
type media struct {
	delay  time.Duration
	fail   error
	takes  []domain.Codec // by subscribers; nil: VP8 and Opus
	sends  domain.Codec   // by publishers; "": VP8
	vitals domain.Vitals
	of     domain.SessionID // whose vitals these are, others having just begun; "": everybody's
	known  bool             // Vitals has a session
	report domain.SessionReport

	mu      sync.Mutex
	routed  []domain.FanOut
	ended   []domain.SessionID
	routing map[domain.RoomName]bool
	broken  []string // promises of the port that its caller broke
}

func (m *media) Publish(_ context.Context, o ports.Offer) (ports.Publication, error) {
	codec, fail := m.sends, m.fail
	if codec == "" {
		codec = domain.VP8
	}
	time.Sleep(m.delay)
	return ports.Publication{Answer: "answer to " + o.SDP, Tag: "first", Tracks: []domain.Track{video(codec)}}, fail
}

func video(codec domain.Codec) domain.Track {
	return domain.Track{ID: "video", Codec: codec, Layers: []domain.Layer{{}}}
}

func (m *media) Subscribe(_ context.Context, o ports.Offer, _ []domain.Track) (ports.Subscription, error) {
	takes, fail := m.takes, m.fail
	if takes == nil {
		takes = []domain.Codec{domain.VP8, domain.Opus}
	}
	time.Sleep(m.delay)
	return ports.Subscription{Answer: "answer to " + o.SDP, Tag: "first", Codecs: takes}, fail
}

func (m *media) Route(fan domain.FanOut) {
	m.mu.Lock()
	if m.routing[fan.Room] {
		m.broken = append(m.broken, "two calls of Route for one room at once")
	}
	m.routing[fan.Room] = true
	m.mu.Unlock()
	m.mu.Lock() // a moment for another call to come in
	defer m.mu.Unlock()
	m.routing[fan.Room] = false
	m.routed = append(m.routed, fan)
}

func (m *media) Attach(domain.SessionID, ports.MediaSink) {}

func (m *media) RequestKeyframe(domain.SessionID) {}

func (m *media) Report(domain.SessionID) (domain.SessionReport, bool) { return m.report, m.known }

func (m *media) Stats() ports.MediaStats { return ports.MediaStats{} }

func (m *media) End(id domain.SessionID) domain.SessionReport {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ended = append(m.ended, id)
	return m.report
}

func (m *media) Patch(_ context.Context, _ domain.SessionID, p ports.ICEPatch) (ports.ICEUpdate, error) {
	if !p.Match("first") {
		return ports.ICEUpdate{}, domain.ErrTagStale
	}
	return ports.ICEUpdate{Tag: "next", Fragment: "answer to " + p.Fragment}, m.fail
}

func (m *media) Vitals(id domain.SessionID) (domain.Vitals, bool) {
	if m.of != "" && m.of != id {
		return domain.Vitals{}, m.known
	}
	return m.vitals, m.known
}

// last returns the last fan-out.
func (m *media) last() domain.FanOut {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.routed) == 0 {
		return domain.FanOut{}
	}
	return m.routed[len(m.routed)-1]
}

// routes reports whether the last fan-out is of that publisher, to these alone.
func (m *media) routes(publisher domain.SessionID, subscribers ...domain.SessionID) bool {
	fan := m.last()
	if fan.Publisher != publisher || len(fan.Routes) != 1 {
		return false
	}
	var legs []domain.SessionID
	for _, l := range fan.Routes[0].Legs {
		legs = append(legs, l.Subscriber)
	}
	return slices.Equal(legs, subscribers)
}

func (m *media) hasEnded(id domain.SessionID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Contains(m.ended, id)
}

// nobody reports whether the last fan-out is of an empty stage.
func (m *media) nobody() bool {
	fan := m.last()
	return fan.Publisher == "" && len(fan.Routes) == 0
}
