package api

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"rostrum/adapters/statictoken"
	"rostrum/app"
	"rostrum/domain"
	"rostrum/ports"
)

// Bearers of the tests: alice may do everything but administer, bob only play, carol
// everything, dave only play in the attic, and erin everything there.
const (
	alice = "token-of-alice"
	bob   = "token-of-bob"
	carol = "token-of-carol"
	dave  = "token-of-dave"
	erin  = "token-of-erin"
)

// edge is the HTTP surface over a real App, a real Archive and a real Database, whose
// media port is made up, and whose stores can be away.
type edge struct {
	http.Handler
	vault
	stores
	media *media
	app   *app.App
}

// newEdge returns an edge that ends with the test.
func newEdge(t *testing.T, change ...func(*Options)) edge {
	t.Helper()
	return newEdgeFor(t, nil, 0, change...)
}

// newEdgeFor returns an edge where anybody may do what is said, and whose spool holds
// so many bytes, 0 for as many as there are.
func newEdgeFor(t *testing.T, anonymous []string, limit int64, change ...func(*Options)) edge {
	t.Helper()
	access, err := statictoken.New([]statictoken.Token{
		{Token: alice, Subject: "alice", Actions: []domain.Action{domain.ActionPublish, domain.ActionPlay}, Rooms: []string{"*"}},
		{Token: bob, Subject: "bob", Actions: []domain.Action{domain.ActionPlay}, Rooms: []string{"*"}},
		{Token: carol, Subject: "carol", Actions: []domain.Action{domain.ActionAdmin}, Rooms: []string{"*"}},
		{Token: dave, Subject: "dave", Actions: []domain.Action{domain.ActionPlay}, Rooms: []string{"attic"}},
		{Token: erin, Subject: "erin", Actions: []domain.Action{domain.ActionAdmin}, Rooms: []string{"attic"}},
	}, anonymous)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	e := edge{media: &media{tags: map[domain.SessionID]string{}}, stores: newStores(t, log)}
	e.vault = newVault(t, log, limit, e.stores)
	e.app = app.New(app.Needs{
		Media: e.media, Rooms: e.rooms, Database: e.database,
		Access: []ports.Authenticator{access}, Archive: e.archive, Log: log,
	}, app.Settings{AutoCreate: true, Outage: outagePatience})
	t.Cleanup(e.app.Close)
	options := Options{Log: log}
	for _, c := range change {
		c(&options)
	}
	e.Handler = conforming(t, New(e.app, e.archive, options))
	return e
}

// do makes a request with the header lines, each "Name: value".
func (e edge) do(method, target, body string, lines ...string) *httptest.ResponseRecorder {
	w, r := httptest.NewRecorder(), httptest.NewRequest(method, target, strings.NewReader(body))
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	e.ServeHTTP(w, r)
	return w
}

// doJSON makes a request with a body of JSON.
func (e edge) doJSON(method, target, body string, lines ...string) *httptest.ResponseRecorder {
	return e.do(method, target, body, append(lines, "Content-Type: application/json")...)
}

func bearerOf(token string) string { return "Authorization: Bearer " + token }

const (
	sdpType      = "Content-Type: application/sdp"
	fragmentType = "Content-Type: application/trickle-ice-sdpfrag"
)

// begin begins a session of alice's and returns its URL.
func (e edge) begin(t *testing.T, endpoint string) string {
	t.Helper()
	w := e.do(http.MethodPost, endpoint, "offer", sdpType, bearerOf(alice))
	if w.Code != http.StatusCreated {
		t.Fatalf("%s: %d %s", endpoint, w.Code, w.Body)
	}
	return w.Header().Get("Location")
}

// media is a media port without a network. Of the ICE of a session it knows the
// tag: "now", and "next" after a fragment that says "restart".
type media struct {
	report domain.SessionReport // of every session
	stats  ports.MediaStats

	mu   sync.Mutex
	tags map[domain.SessionID]string
	sink ports.MediaSink // of who was attached last
}

func (m *media) enter(o ports.Offer) (tag string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tags[o.Session] = "now"
	return "now"
}

func (m *media) Publish(_ context.Context, o ports.Offer) (ports.Publication, error) {
	track := domain.Track{ID: "video", Codec: domain.VP8, Layers: []domain.Layer{{}}}
	return ports.Publication{Answer: "answer to " + o.SDP, Tag: m.enter(o), Tracks: []domain.Track{track}}, nil
}

func (m *media) Subscribe(_ context.Context, o ports.Offer, _ []domain.Track) (ports.Subscription, error) {
	return ports.Subscription{Answer: "answer to " + o.SDP, Tag: m.enter(o), Codecs: []domain.Codec{domain.VP8}}, nil
}

func (m *media) Patch(_ context.Context, id domain.SessionID, patch ports.ICEPatch) (ports.ICEUpdate, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case !patch.Match(m.tags[id]):
		return ports.ICEUpdate{}, domain.ErrTagStale
	case patch.Fragment == "restart":
		m.tags[id] = "next"
		return ports.ICEUpdate{Tag: "next", Fragment: "restarted"}, nil
	case patch.Fragment != "candidate":
		return ports.ICEUpdate{}, domain.ErrFragment
	}
	return ports.ICEUpdate{}, nil
}

func (m *media) End(domain.SessionID) domain.SessionReport            { return m.report }
func (m *media) Vitals(domain.SessionID) (domain.Vitals, bool)        { return domain.Vitals{}, true }
func (m *media) Report(domain.SessionID) (domain.SessionReport, bool) { return m.report, true }
func (m *media) Stats() ports.MediaStats                              { return m.stats }
func (m *media) Route(domain.FanOut)                                  {}
func (m *media) RequestKeyframe(domain.SessionID)                     {}

func (m *media) Attach(_ domain.SessionID, sink ports.MediaSink) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sink = sink
}

// limiter allows so many requests altogether.
type limiter struct{ left uint64 }

func (l *limiter) Take(context.Context, string) (ports.Allowance, error) {
	allowance := ports.Allowance{OK: l.left > 0, Limit: 9, Reset: time.Now().Add(time.Minute)}
	if allowance.OK {
		l.left--
	}
	allowance.Remaining = l.left
	return allowance, nil
}

// wantNothing checks that an answer has that status and no content.
func wantNothing(t *testing.T, w *httptest.ResponseRecorder, status int) {
	t.Helper()
	if body, _ := io.ReadAll(w.Body); w.Code != status || len(body) > 0 {
		t.Errorf("%d %q, want %d without content", w.Code, body, status)
	}
}
