package draining

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"

	"rostrum/cmd/rostrum/rig"
)

// Endpoints, without the room.
const (
	whip = "/api/whip/publish/"
	whep = "/api/whep/play/"
)

// answer is one over HTTP whose body has been read; of status 0 where nobody has answered.
type answer struct {
	status int
	header http.Header
	closes bool // the connection
	body   string
}

// code returns the code of a refusal, "" of anything else.
func (a answer) code() string {
	var problem struct{ Code string }
	_ = json.Unmarshal([]byte(a.body), &problem) // anything else has none
	return problem.Code
}

// request makes a request with the token, and headers as "Name: value".
func (s *stand) request(method, path, body string, headers ...string) answer {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return answer{}
	}
	defer func() { _ = res.Body.Close() }()
	read, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{}
	}
	return answer{res.StatusCode, res.Header, res.Close, string(read)}
}

// offer posts an offer.
func (s *stand) offer(endpoint, sdp string) answer {
	s.t.Helper()
	return s.request(http.MethodPost, endpoint, sdp, "Content-Type: application/sdp")
}

// listen asks for a session's events of these names and returns them as they come, each as
// its name. The channel is closed when the stream has ended.
func (s *stand) listen(session string, names ...string) <-chan string {
	s.t.Helper()
	asked, err := json.Marshal(names)
	if err != nil {
		s.t.Fatal(err)
	}
	a := s.request(http.MethodPost, session+"/events", string(asked), "Content-Type: application/json")
	if a.status != http.StatusCreated {
		s.t.Fatalf("asking for events: %d %s", a.status, a.body)
	}
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+strings.TrimPrefix(a.header.Get("Location"), s.url), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	res, err := s.client.Do(req) // its body is closed by the goroutine that reads it
	if err != nil || res.StatusCode != http.StatusOK {
		s.t.Fatalf("reading events: %v %v", res, err)
	}
	events := make(chan string, 100)
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(events)
		defer func() { _ = res.Body.Close() }()
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				events <- name
			}
		}
	})
	s.t.Cleanup(reading.Wait)
	return events
}

// refuses checks that nobody new is let in: not into a room that is live, nor into another.
func (s *stand) refuses(offer string, rooms ...string) {
	s.t.Helper()
	for _, room := range rooms {
		for _, endpoint := range []string{whip, whep} {
			a := s.offer(endpoint+room, offer)
			if a.status != http.StatusServiceUnavailable || a.code() != "shutting_down" || a.header.Get("Retry-After") == "" || !a.closes {
				s.t.Errorf("POST %s%s: %d %v %s, want 503 shutting_down with Retry-After on a connection that is closed", endpoint, room, a.status, a.header, a.body)
			}
		}
	}
	if a := s.request(http.MethodGet, "/readyz", ""); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || !strings.Contains(a.body, "unavailable") {
		s.t.Errorf("/readyz: %d %v %s", a.status, a.header, a.body)
	}
	if a := s.request(http.MethodGet, "/healthz", ""); a.status != http.StatusNoContent {
		s.t.Errorf("/healthz: %d %s, want 204: the process lives", a.status, a.body)
	}
}

// subscribers waits until so many are in a room.
func (s *stand) subscribers(room string, n int) {
	s.t.Helper()
	rig.Eventually(s.t, "the room has its subscribers", func() bool {
		var r struct {
			Live *struct{ Subscribers int }
		}
		a := s.request(http.MethodGet, "/api/rooms/"+room, "")
		return json.Unmarshal([]byte(a.body), &r) == nil && r.Live != nil && r.Live.Subscribers == n
	})
}
