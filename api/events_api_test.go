package api

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestEventStream asks for events over a connection, reads the first, and ends the stream.
func TestEventStream(t *testing.T) {
	e := newEdge(t)
	session := e.begin(t, "/api/whep/play/hall")
	w := e.doJSON(http.MethodPost, session+"/events", `["viewercount"]`, bearerOf(alice))
	wantNothing(t, w, http.StatusCreated)
	location := w.Header().Get("Location")

	server := httptest.NewServer(e)
	defer server.Close()
	stream, err := server.Client().Get(server.URL + location)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	lines := bufio.NewScanner(stream.Body)
	if !lines.Scan() || lines.Text() != "event: viewercount" || stream.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%d %v begins with %q, %v", stream.StatusCode, stream.Header, lines.Text(), lines.Err())
	}

	wantNothing(t, e.do(http.MethodDelete, location, ""), http.StatusOK)
	for lines.Scan() { // to its end
	}
	if err := lines.Err(); err != nil {
		t.Errorf("the stream broke off: %v", err)
	}
	wantProblem(t, e.do(http.MethodGet, location, ""), "session_unknown")
}
