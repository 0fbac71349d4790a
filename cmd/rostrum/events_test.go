package main

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/webrtcpeer"
)

// TestEvents has a viewer come before the publisher, listen to the room's events,
// and hear of everything until its session ends.
func TestEvents(t *testing.T) {
	server := startServer(t)
	viewer := webrtcpeer.Subscriber(t, func(*webrtc.TrackRemote) {})
	session := connect(t, viewer, server, "/api/whep/play/events")
	asJSON := func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }
	for body, want := range map[string]int{`["active","scores"]`: http.StatusBadRequest, `{}`: http.StatusBadRequest, `[]`: http.StatusBadRequest} {
		if a := send(t, http.MethodPost, session+"/events", strings.NewReader(body), asJSON); a.StatusCode != want {
			t.Errorf("asking for %s: %s", body, a.Status)
		}
	}
	asked := send(t, http.MethodPost, session+"/events", strings.NewReader(`["active","inactive","viewercount"]`), asJSON)
	if asked.StatusCode != http.StatusCreated {
		t.Fatalf("asking for events: %s: %s", asked.Status, asked.body)
	}
	stream := server + asked.Header.Get("Location")
	events := listen(t, stream)

	expect(t, events, `viewercount {"viewercount":1}`)
	publisher := connect(t, webrtcpeer.Publisher(t), server, "/api/whip/publish/events")
	expect(t, events, "active {}")
	connect(t, webrtcpeer.Subscriber(t, func(*webrtc.TrackRemote) {}), server, "/api/whep/play/events")
	expect(t, events, `viewercount {"viewercount":2}`)
	end(t, publisher)
	for range events { // whatever else is told, the stream ends with the session
	}
	if a := send(t, http.MethodGet, stream, nil); a.StatusCode != http.StatusNotFound {
		t.Errorf("reading on after the session has ended: %s", a.Status)
	}
}

// listen reads a stream of events, each as its name and its data.
func listen(t *testing.T, url string) <-chan string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req) //nolint:bodyclose // closed by the goroutine that reads it
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("GET %s: %s, %s", url, res.Status, res.Header.Get("Content-Type"))
	}
	events := make(chan string, 100)
	go func() {
		defer close(events)
		defer func() { _ = res.Body.Close() }()
		name := ""
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			if n, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				name = n
			} else if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				events <- name + " " + data
			}
		}
	}()
	return events
}

// expect waits for an event. Others may come before it: a connection is up for its
// client a little before it is for the server.
func expect(t *testing.T, events <-chan string, want string) {
	t.Helper()
	late := time.After(rig.Patience)
	for {
		select {
		case got := <-events:
			if got == want {
				return
			}
		case <-late:
			t.Fatalf("did not hear %q within %v", want, rig.Patience)
		}
	}
}
