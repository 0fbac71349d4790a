package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// What a publisher is told by a server that refuses, and by what is no Rostrum at all.
func TestRefusals(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s went elsewhere, with Authorization %q", r.Method, r.URL, r.Header.Get("Authorization"))
	}))
	defer elsewhere.Close()
	created := func(location, answered string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodPost {
				return answer(w, http.StatusOK, "")
			}
			return answer(w, http.StatusCreated, answered, "Location", location, "ETag", `"a"`, "Content-Type", "application/sdp")
		}
	}
	const session = whip + "sessions/abc"
	released := make(chan struct{})
	defer close(released)

	for name, c := range map[string]struct {
		token   string
		instead func(http.ResponseWriter, *http.Request) bool
		want    wrong
		says    string
		deletes int
	}{
		"a token that is not known": {"no-token-of-this-server", nil, wrong{Code: "token_invalid", Status: 401}, "", 0},
		"no token":                  {"", nil, wrong{Code: "token_missing", Status: 401}, "", 0},
		"a server that hangs": {operator, func(_ http.ResponseWriter, r *http.Request) bool {
			select {
			case <-released:
			case <-r.Context().Done():
			}
			panic(http.ErrAbortHandler)
		}, wrong{Code: "server_away", Retryable: true}, "within 5 s", 0},
		"a server that hangs in its answer": {operator, func(w http.ResponseWriter, r *http.Request) bool {
			answer(w, http.StatusCreated, "v=0\r\n", "Location", session, "Content-Type", "application/sdp")
			w.(*keeper).ResponseWriter.(http.Flusher).Flush()
			select {
			case <-released:
			case <-r.Context().Done():
			}
			panic(http.ErrAbortHandler)
		}, wrong{Code: "server_away", Retryable: true}, "within 5 s", 0},
		"a server that breaks off": {operator, func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) },
			wrong{Code: "server_away", Retryable: true}, "http.cors_origins", 0},
		"a proxy whose server is away": {operator, instead(http.StatusBadGateway, "<h1>Bad Gateway</h1>", "text/html"),
			wrong{Code: "unavailable", Status: 502, Retryable: true}, "502", 0},
		"a page in its place":        {operator, instead(http.StatusCreated, "<h1>Hello</h1>", "text/html"), wrong{Code: "answer_invalid"}, "text/html", 0},
		"a teapot":                   {operator, instead(http.StatusTeapot, "{}", "application/json"), wrong{Code: "answer_invalid", Status: 418}, "418", 0},
		"an answer that is no SDP":   {operator, created(session, "hello"), wrong{Code: "answer_invalid"}, "no SDP", 1},
		"an answer that is empty":    {operator, created(session, ""), wrong{Code: "answer_invalid"}, "no SDP", 1},
		"an answer to another offer": {operator, created(session, "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"), wrong{Code: "answer_invalid"}, "browser", 1},
		"an answer that is too long": {operator, created(session, "v=0\r\n"+strings.Repeat("a=x\r\n", 100_000)), wrong{Code: "answer_invalid"}, "no SDP", 1},
		"an answer without end":      {operator, created(session, strings.Repeat("v=0\r\n", 4<<20)), wrong{Code: "answer_invalid"}, "longer", 0},
		"events without end": {operator, func(w http.ResponseWriter, r *http.Request) bool {
			answer(w, http.StatusCreated, "data: v=0\n\n", "Location", session, "Content-Type", "text/event-stream")
			w.(*keeper).ResponseWriter.(http.Flusher).Flush()
			select {
			case <-released:
			case <-r.Context().Done():
			}
			panic(http.ErrAbortHandler)
		}, wrong{Code: "server_away", Retryable: true}, "within 5 s", 0},
		"no Location":                     {operator, created("", "v=0\r\n"), wrong{Code: "answer_invalid"}, "not sent anywhere else", 0},
		"a Location elsewhere":            {operator, created(elsewhere.URL+session, "v=0\r\n"), wrong{Code: "answer_invalid"}, "not sent anywhere else", 0},
		"a Location that is no session's": {operator, created("/api/rooms/demo", "v=0\r\n"), wrong{Code: "answer_invalid"}, "not sent anywhere else", 0},
		"a Location with more in it":      {operator, created(session+"/../../rooms/demo?a=b", "v=0\r\n"), wrong{Code: "answer_invalid"}, "not sent anywhere else", 0},
		"a codec that is not offered":     {operator, instead(http.StatusUnprocessableEntity, `{"code":"no_common_codec","detail":"None.","retryable":false,"new":1}`, "application/problem+json"), wrong{Code: "no_common_codec", Status: 422}, "None.", 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWire(t, s, c.instead, nil)
			p := s.blank(t)
			p.offer(w.url, c.token)
			got := p.refused()
			if got.Code != c.want.Code || got.Status != c.want.Status || got.Retryable != c.want.Retryable {
				t.Errorf("it is refused by %+v, want %+v", got, c.want)
			}
			if !strings.Contains(got.Detail, c.says) || got.Detail == "" || c.token != "" && strings.Contains(got.Detail, c.token) {
				t.Errorf("it is told %q, want a word of %q and no token", got.Detail, c.says)
			}
			p.is("closed")
			p.waitsFor("sessions that cannot be used are ended", func() bool { return len(w.all(http.MethodDelete, session)) == c.deletes })
			if n := len(w.all(http.MethodPost, "/")); n > 1 {
				t.Errorf("there were %d offers", n)
			}
			for _, request := range w.all(http.MethodPost, "/") {
				if want := "Bearer " + c.token; c.token != "" && request.authorization != want || c.token == "" && request.authorization != "" {
					t.Errorf("Authorization is %q", request.authorization)
				}
			}
		})
	}
}

// instead answers offers in the server's place.
func instead(status int, body, mediaType string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		return r.Method == http.MethodPost && answer(w, status, body, "Content-Type", mediaType)
	}
}

// What cannot be right is refused before anything is sent.
func TestArgumentsThatCannotBeRight(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	p := s.blank(t)
	for script, want := range map[string]string{
		`new Rostrum({server: "https://user:secret@live.example.net"})`:                          "token_in_url",
		`new Rostrum({server: "https://live.example.net/?token=secret"})`:                        "token_in_url",
		`new Rostrum({server: "https://live.example.net/#secret"})`:                              "token_in_url",
		`new Rostrum({server: "https://live.example.net/rostrum"})`:                              "server_invalid",
		`new Rostrum({server: "live.example.net"})`:                                              "server_invalid",
		`new Rostrum({server: "ftp://live.example.net"})`:                                        "server_invalid",
		`new Publisher(new Rostrum(), "a.b", canvas())`:                                          "room_name_invalid",
		`new Publisher(new Rostrum(), "demo?token=secret", canvas())`:                            "room_name_invalid",
		`new Publisher(new Rostrum(), "demo", new MediaStream())`:                                "stream_invalid",
		`new Subscriber(new Rostrum(), "")`:                                                      "room_name_invalid",
		`await new Rostrum({token: "secret secret"}).api.GET("/api/rooms")`:                      "token_malformed",
		`await new Rostrum({token: "secret\nsecret"}).api.GET("/api/rooms")`:                     "token_malformed",
		`await new Rostrum().api.GET("/api/rooms", {params: {query: {access_token: "secret"}}})`: "token_in_url",
		`await new Rostrum().api.GET("/api/rooms", {baseUrl: "http://127.0.0.1:1"})`:             "server_invalid",
	} {
		p.do(`window.wrong = null; try { ` + script + ` } catch (problem) { keep(problem) }`)
		got := evaluate[*wrong](p, "window.wrong")
		if got == nil || got.Code != want || got.Retryable || got.Detail == "" || strings.Contains(got.Detail, "secret") {
			t.Errorf("%s: %+v, want %s with words and without the secret", script, got, want)
		}
	}
}

// The rest of the API: what is read, what is refused, and what is no answer of it.
func TestRequests(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("a redirect took the token elsewhere")
		}
		answer(w, http.StatusOK, `{"rooms":[]}`, "Content-Type", "application/json", "Access-Control-Allow-Headers", "Authorization")
	}))
	defer elsewhere.Close()
	w := newWire(t, s, func(w http.ResponseWriter, r *http.Request) bool {
		switch r.URL.Query().Get("cursor") {
		case "html":
			return answer(w, http.StatusOK, "<h1>Hello</h1>", "Content-Type", "text/html")
		case "broken":
			return answer(w, http.StatusOK, `{"rooms":`, "Content-Type", "application/json")
		case "redirected":
			return answer(w, http.StatusFound, "", "Location", elsewhere.URL)
		case "later":
			return answer(w, http.StatusServiceUnavailable, "", "Retry-After", time.Now().Add(time.Minute).UTC().Format(http.TimeFormat))
		}
		return false
	}, nil)
	p := s.blank(t)
	p.do(`window.rostrum = new Rostrum({server: "` + w.url + `", token: () => "` + operator + `"}); window.rooms = (cursor) => rostrum.api.GET("/api/rooms", {params: {query: {cursor}}})`)
	if !evaluate[bool](p, `rooms().then(({data}) => Array.isArray(data.rooms))`) {
		t.Error("the rooms are not read")
	}
	if !evaluate[bool](p, `rostrum.contract().then(({openapi}) => openapi.startsWith("3.1"))`) || !evaluate[bool](p, "rostrum.alive()") || !evaluate[bool](p, "rostrum.ready()") {
		t.Error("the server is not there, not ready, or has no contract")
	}
	for cursor, want := range map[string]wrong{
		"html":       {Code: "answer_invalid"},
		"broken":     {Code: "answer_invalid"},
		"redirected": {Code: "answer_invalid"},
		"later":      {Code: "unavailable", Status: 503, Retryable: true},
		"none":       {Code: "cursor_invalid", Status: 400},
	} {
		p.do(`window.wrong = null; await rooms("` + cursor + `").catch(keep)`)
		got := evaluate[*wrong](p, "window.wrong")
		if got == nil || got.Code != want.Code || got.Status != want.Status || got.Retryable != want.Retryable {
			t.Errorf("%s: %+v, want %+v", cursor, got, want)
		} else if later := got.RetryAfter != nil && *got.RetryAfter > 50_000 && *got.RetryAfter <= 60_000; later != (cursor == "later") {
			t.Errorf("%s: it is to be tried again after %v ms", cursor, got.RetryAfter)
		}
	}
	if !evaluate[bool](p, `rostrum.api.GET("/api/rooms", {signal: AbortSignal.abort("mine")}).catch((reason) => reason === "mine")`) {
		t.Error("the caller's own abort is not told as such")
	}
	s.kill()
	if evaluate[bool](p, `new Rostrum({server: "`+s.url+`"}).alive()`) {
		t.Error("a server that was killed is alive")
	}
	s.start()
}

// Who is refused for now comes later each time, and not before the server says.
func TestPauses(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	var tries atomic.Int32
	w := newWire(t, s, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost {
			return false
		}
		switch try := tries.Add(1); {
		case try < 4:
			return answer(w, http.StatusServiceUnavailable, "")
		case try == 4:
			return answer(w, http.StatusServiceUnavailable, "", "Retry-After", "1")
		default:
			return false
		}
	}, nil)
	p := s.blank(t)
	p.play(w.url)
	p.waits("it waits in the room", `participant.state === "waiting"`)
	var waits []float64
	for _, event := range evaluate[[]told](p, `told.filter(({state}) => state === "reconnecting")`) {
		waits = append(waits, event.Wait)
	}
	bounds := [][2]float64{{375, 625}, {750, 1250}, {1500, 2500}, {1000, 1250}}
	if len(waits) != len(bounds) {
		t.Fatalf("the pauses were %v, want %d", waits, len(bounds))
	}
	for i, wait := range waits {
		if wait < bounds[i][0] || wait > bounds[i][1] {
			t.Errorf("pause %d was %v ms, want %v", i, wait, fmt.Sprint(bounds[i]))
		}
	}
}

// A pause is cut short when the browser comes online, unless the server has asked for it.
func TestOnlineCutsAPauseShort(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	w := newWire(t, s, func(w http.ResponseWriter, r *http.Request) bool {
		return r.Method == http.MethodPost && answer(w, http.StatusServiceUnavailable, "", "Retry-After", "3600")
	}, nil)
	p := s.blank(t)
	p.play(w.url)
	p.is("reconnecting")
	p.do(`dispatchEvent(new Event("online"))`)
	away := s.blank(t)
	s.kill()
	away.play(s.url)
	away.waits("it waits for longer and longer", `told.some(({wait}) => wait > 2500)`)
	s.start()
	away.do(`dispatchEvent(new Event("online"))`)
	away.is("waiting")
	if n := len(w.all(http.MethodPost, whep)); n != 1 { // it would have been cut short long ago
		t.Errorf("a pause that the server asked for was cut short: %d offers", n)
	}
}
