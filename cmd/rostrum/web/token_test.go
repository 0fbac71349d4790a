package web

import (
	"net/http"
	"strings"
	"testing"
)

// A token that is fetched: before each request, in its time, and what goes wrong with it is
// the page's own.
func TestATokenThatIsFetched(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	w := newWire(t, s, nil, nil)
	p := s.blank(t)
	p.do(`window.rooms = (token, options, timeout = 60000) => new Rostrum({server: "` + w.url + `", timeout, token}).api.GET("/api/rooms", options);
		const tokens = ["` + operator + `", "another"];
		window.renewing = async () => tokens.shift()`)
	p.do(`await rooms(renewing); await rooms(renewing).catch(keep)`)
	if got := p.refused(); got.Code != "token_invalid" {
		t.Errorf("with another token it is refused by %+v", got)
	}
	sent := w.all(http.MethodGet, "/api/rooms")
	if len(sent) != 2 || sent[0].authorization != "Bearer "+operator || sent[1].authorization != "Bearer another" {
		t.Errorf("Authorization was %+v, want each token once", sent)
	}

	for what, script := range map[string]string{
		"what the function throws":  `rooms(() => { throw mine }).catch((error) => error === mine)`,
		"what it rejects with":      `rooms(async () => { throw mine }).catch((error) => error === mine)`,
		"why the caller gave up":    `(() => { const over = new AbortController(); const asked = rooms(() => new Promise(() => over.abort(mine)), {signal: over.signal}); return asked.catch((error) => error === mine) })()`,
		"that no token came":        `rooms(() => new Promise(() => {}), {}, 500).catch(({code, detail, retryable}) => code === "server_away" && retryable && detail.includes("token within 0.5 s"))`,
		"that it is none":           `rooms(async () => "a b").catch(({code}) => code === "token_malformed")`,
		"what is wrong before that": `rooms(() => { throw mine }, {params: {query: {access_token: "a"}}}).catch(({code}) => code === "token_in_url")`,
	} {
		p.do(`window.mine = new RangeError("mine")`)
		if !evaluate[bool](p, script+`.then((told) => told === true)`) {
			t.Errorf("the request does not reject with %s", what)
		}
	}
	if n := len(w.all(http.MethodGet, "/")); n != 2 {
		t.Errorf("%d requests were sent without their token", n-2)
	}
}

// A publisher waits for a token that may come, and not for one that will not. One that is
// missing in between costs it no more than what it was for.
func TestAPublisherWhoseTokenIsMissing(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	publish := func(token string) page {
		p := s.blank(t)
		p.do(`window.asked = 0; window.reported = []; addEventListener("error", ({message}) => reported.push(message));
			follow(new Publisher(new Rostrum({server: "` + s.url + `", token: async () => { asked++; ` + token + `; return "` + operator + `" }}), "demo", canvas(), {persistent: true}))`)
		return p
	}
	p := publish(`if (asked === 1) throw new Problem("token_away", {retryable: true}); if (asked === 3) throw new RangeError("mine")`)
	p.is("live")
	if events := evaluate[[]told](p, "told"); events[1].State != "reconnecting" || events[1].Code != "token_away" {
		t.Errorf("it was told %+v, want that it tries again", events)
	}
	p.waits("the page is told of its own error, which is nobody else's", `reported.some((message) => message.includes("mine"))`)
	p.do("window.first = participant.pc; await participant.restartIce()")
	if !evaluate[bool](p, `asked > 3 && participant.pc === first && participant.state === "live"`) {
		t.Error("after that ICE cannot be restarted")
	}
	p.do("await participant.stop()")

	p = publish(`throw new RangeError("mine")`)
	if got := p.refused(); got.Code != "unexpected" || got.Retryable || !strings.Contains(got.Detail, "mine") {
		t.Errorf("it is closed by %+v, want its own error", got)
	}
	p.is("closed")
}

// A page that is left ends its session with the token that its function has kept.
func TestAPageThatIsLeft(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	w := newWire(t, s, nil, nil)
	p := s.blank(t)
	p.do(`follow(new Publisher(new Rostrum({server: "` + w.url + `", token: async () => "` + operator + `"}), "demo", canvas()))`)
	p.is("live")
	p.do(`location.href = "` + s.site.URL + `/?elsewhere"`)
	p.waitsFor("the session is ended", func() bool { return len(w.all(http.MethodDelete, whip)) == 1 })
	if got := w.all(http.MethodDelete, whip)[0].authorization; got != "Bearer "+operator {
		t.Errorf("it is ended with Authorization %q", got)
	}
}
