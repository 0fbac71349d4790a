package conformance

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestLinks(t *testing.T) {
	t.Parallel()
	s := startServer(t, settings(t, iceServers))
	t.Run("WHIP-170 WHIP-171 WHIP-172 WHIP-173 ICE servers in Link", func(t *testing.T) { testICEServers(t, s) })
	t.Run("WHIP-174 WHIP-175 WHIP-178 extensions are announced by their own kind", func(t *testing.T) { testExtensions(t, s) })
}

const iceServers = `
webrtc:
  ice_servers:
    - {urls: ["stun:stun.example:3478", "turn:turn.example:3478?transport=udp"], secret: secret-of-the-relay}
    - {urls: ["turn:other.example"], username: everybody, credential: password-of-all}
`

// link is one value of a Link field (RFC 8288).
var link = regexp.MustCompile(`^<([^>]*)>(; [a-z-]+="[^",;]*")*$`)

// parameter is a parameter of a Link value, "" if it has none.
func parameter(value, name string) string {
	if m := regexp.MustCompile(`; ` + name + `="([^"]*)"`).FindStringSubmatch(value); m != nil {
		return m[1]
	}
	return ""
}

func testICEServers(t *testing.T, s *server) {
	r := room()
	for what, answer := range map[string]reply{
		"publishing": s.send(t, http.MethodPost, whip+r, newWire(t).offer(t, "publisher"), typeSDP),
		"playing":    s.send(t, http.MethodPost, whep+room(), newWire(t).offer(t, "viewer"), typeSDP),
		"OPTIONS":    s.send(t, http.MethodOptions, whip+r, ""),
	} {
		seen := map[string]bool{}
		for _, value := range answer.Header.Values("Link") {
			if parameter(value, "rel") != "ice-server" {
				continue
			}
			if !link.MatchString(value) {
				t.Errorf("%s: a Link that OBS would split wrongly: %q", what, value)
				continue
			}
			uri := link.FindStringSubmatch(value)[1]
			scheme, _, _ := strings.Cut(uri, ":")
			seen[scheme] = true
			relay := strings.HasPrefix(scheme, "turn")
			if strings.Contains(uri, "//") || relay != (parameter(value, "username") != "") || relay != (parameter(value, "credential") != "") {
				t.Errorf("%s: %q", what, value)
			}
		}
		if !seen["stun"] || !seen["turn"] {
			t.Errorf("%s: ICE servers %v", what, answer.Header.Values("Link"))
		}
	}
}

func testExtensions(t *testing.T, s *server) {
	for endpoint, c := range map[string][2]string{whip: {"publisher", "urn:ietf:params:whip:ext"}, whep: {"viewer", "urn:ietf:params:whep:ext"}} {
		r := s.send(t, http.MethodPost, endpoint+room(), newWire(t).offer(t, c[0]), typeSDP)
		for _, value := range r.Header.Values("Link") {
			if rel := parameter(value, "rel"); rel != "ice-server" && !strings.HasPrefix(rel, c[1]) {
				t.Errorf("%s: rel %q", endpoint, rel)
			}
			if strings.Contains(value, ":ext:core:layer") {
				t.Errorf("%s: layer selection is announced, which is not served: %q", endpoint, value)
			}
		}
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	t.Run("WHIP-176 streams are made, read, ended, and end with their session", testEventStreams)
	t.Run("WHIP-176 unknown events make no stream", testUnknownEvents)
	t.Run("WHIP-177 active, inactive and viewercount", testEventKinds)
}

const eventsRel = "urn:ietf:params:whep:ext:core:server-sent-events"

// eventsOf is where a new viewer's event streams are made, and which events they have.
func eventsOf(t *testing.T, r string) (s *session, path string, events []string) {
	t.Helper()
	w := newWire(t)
	offer := w.offer(t, "viewer")
	created := house.send(t, http.MethodPost, whep+r, offer, typeSDP)
	created.expect(t, http.StatusCreated, "a viewer")
	for _, value := range created.Header.Values("Link") {
		if parameter(value, "rel") == eventsRel {
			path = strings.TrimPrefix(value[1:strings.Index(value, ">")], house.URL)
			events = strings.Split(parameter(value, "events"), ",")
		}
	}
	if path == "" {
		t.Fatalf("no event stream is announced: %v", created.Header.Values("Link"))
	}
	return house.opened(w, offer, created), path, events
}

// stream makes an event stream and returns its path.
func stream(t *testing.T, path string, events ...string) string {
	t.Helper()
	body, _ := json.Marshal(events)
	r := house.send(t, http.MethodPost, path, string(body), typeJSON)
	r.expect(t, http.StatusCreated, "an event stream")
	return strings.TrimPrefix(r.Header.Get("Location"), house.URL)
}

// listen reads an event stream: each event's name and its data, until the stream
// ends, which closes the channel.
func listen(t *testing.T, path string) <-chan [2]string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, house.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+studioToken)
	req.Header.Set("Accept", "text/event-stream")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if media, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";"); res.StatusCode != http.StatusOK || media != "text/event-stream" {
		t.Fatalf("GET of an event stream: %d, %q", res.StatusCode, res.Header.Get("Content-Type"))
	}
	events := make(chan [2]string, 64)
	t.Cleanup(func() { stop(); _ = res.Body.Close() })
	go func() {
		defer close(events)
		var name string
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			if v, ok := strings.CutPrefix(lines.Text(), "event:"); ok {
				name = strings.TrimSpace(v)
			}
			if v, ok := strings.CutPrefix(lines.Text(), "data:"); ok {
				events <- [2]string{name, strings.TrimSpace(v)}
			}
		}
	}()
	return events
}

func testEventStreams(t *testing.T) {
	s, path, _ := eventsOf(t, room())
	ended, kept := stream(t, path, "active"), stream(t, path, "active", "inactive")
	listening, other := listen(t, ended), listen(t, kept)
	house.send(t, http.MethodDelete, ended, "").expect(t, http.StatusOK, "DELETE of a stream")
	house.send(t, http.MethodDelete, ended, "").refused(t, http.StatusNotFound)
	house.send(t, http.MethodGet, ended, "").refused(t, http.StatusNotFound)
	if _, more := <-listening; more {
		t.Error("an event on a stream that was ended")
	}
	s.end()
	select {
	case _, more := <-other:
		if more {
			t.Error("an event instead of the end of the session")
		}
	case <-time.After(soon):
		t.Error("the stream goes on after its session")
	}
}

func testUnknownEvents(t *testing.T) {
	_, path, events := eventsOf(t, room())
	for _, body := range []string{`["active","nonsense"]`, `["layers"]`, `[]`, `{}`, `"active"`, `[1]`, `active`, ``} {
		if body == `["layers"]` && slices.Contains(events, "layers") {
			continue
		}
		house.send(t, http.MethodPost, path, body, typeJSON).refused(t, http.StatusBadRequest)
	}
	house.send(t, http.MethodPost, path, `["active"]`, typeJSON, as(unknownToken)).refused(t, http.StatusUnauthorized)
}

func testEventKinds(t *testing.T) {
	r := room()
	_, path, announced := eventsOf(t, r)
	for _, name := range []string{"active", "inactive", "viewercount"} {
		if !slices.Contains(announced, name) {
			t.Errorf("events %v lack %s", announced, name)
		}
	}
	events := listen(t, stream(t, path, "active", "inactive", "viewercount"))
	heard := func(name string) bool {
		for deadline := time.After(soon); ; {
			select {
			case e := <-events:
				if e[0] != "" && !json.Valid([]byte(e[1])) {
					t.Errorf("the data of %s is no JSON: %q", e[0], e[1])
				}
				if e[0] == name {
					return true
				}
				if e[0] == "inactive" && name == "active" {
					t.Error("a stream begins with inactive")
				}
			case <-deadline:
				return false
			}
		}
	}
	if !heard("viewercount") {
		t.Error("the viewers are not counted")
	}
	house.publisher(t, r).goLive()
	if !heard("active") {
		t.Error("no active when the publisher comes")
	}
	house.viewer(t, r)
	if !heard("viewercount") {
		t.Error("no viewercount when another viewer comes")
	}
}
