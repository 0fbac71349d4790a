package recording

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"rostrum/cmd/rostrum/rig"
)

// hookSecret signs what the server tells.
const hookSecret = "whsec_c2VjcmV0LW9mLXRoZS1yZWNvcmRpbmctdGVzdHM="

// hook is a receiver of events. It believes none that is not signed.
type hook struct {
	t      *testing.T
	url    string
	mu     sync.Mutex
	events map[string][]event // by webhook-id
	refuse int                // how many are to be refused, by 500
}

type event struct {
	Type string
	Data struct {
		Recording, State, Key string
		Bytes                 int64
	}
}

func newHook(t *testing.T) *hook {
	t.Helper()
	h := &hook{t: t, events: map[string][]event{}}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	h.url = server.URL
	return h
}

// flags are those of a server that tells the hook.
func (h *hook) flags() []string {
	return []string{"--webhooks.urls", h.url, "--webhooks.secret", hookSecret}
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the server was killed
	}
	verifier, err := standardwebhooks.NewWebhook(hookSecret)
	if err == nil {
		err = verifier.Verify(body, r.Header)
	}
	var e event
	if err == nil {
		err = json.Unmarshal(body, &e)
	}
	if err != nil {
		h.t.Errorf("an event that is none: %v\n%s", err, body)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.refuse > 0 {
		h.refuse--
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	id := r.Header.Get("webhook-id")
	h.events[id] = append(h.events[id], e)
	w.WriteHeader(http.StatusNoContent)
}

// told waits until each of the recordings has been announced as completed, and checks
// that what came was one event of each, and of no other.
func (h *hook) told(recordings []recording) {
	h.t.Helper()
	rig.Eventually(h.t, "every recording is announced", func() bool { return h.completed() >= len(recordings) })
	h.mu.Lock()
	defer h.mu.Unlock()
	known := map[string]bool{}
	for _, r := range recordings {
		known[r.ID] = true
	}
	seen := map[string]bool{}
	for id, events := range h.events {
		for _, e := range events {
			if e.Type != "recording.completed" {
				continue
			}
			if !known[e.Data.Recording] || e.Data.State != "stored" {
				h.t.Errorf("event %s is of %+v", id, e)
			}
		}
		if e := events[0]; e.Type == "recording.completed" {
			if seen[e.Data.Recording] {
				h.t.Errorf("%s is announced by two events", e.Data.Recording)
			}
			seen[e.Data.Recording] = true
		}
	}
}

// completed returns how many events say that a recording is completed, each id once.
func (h *hook) completed() (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, events := range h.events {
		if events[0].Type == "recording.completed" {
			n++
		}
	}
	return n
}
