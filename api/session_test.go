package api

import (
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

// life returns what the bearer is told of a session.
func (e edge) life(t *testing.T, id, token string) SessionLife {
	t.Helper()
	return read[SessionLife](t, e.do(http.MethodGet, "/api/sessions/"+id, "", bearerOf(token)))
}

// A life is told as the contract says, to the letter, while it goes on and after.
func TestALifeIsTold(t *testing.T) {
	e := newEdge(t)
	e.media.report = domain.SessionReport{
		RemoteCandidates: 4, FirstCandidateAfter: 10_500 * time.Microsecond, Pair: "udp 192.0.2.10 198.51.100.7", PairedAfter: 60 * time.Millisecond, DTLS: "connecting",
	}
	session := e.begin(t, publishHall)
	id := strings.TrimPrefix(session, "/api/whip/sessions/")
	w := e.do(http.MethodGet, "/api/sessions/"+id, "", bearerOf(carol))
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %q", got)
	}
	body := w.Body.String()
	told := read[SessionLife](t, w)
	at := func(after time.Duration) string { return told.Started.Add(after).Format(time.RFC3339Nano) }
	start := `{"id":"` + id + `","room":"hall","role":"publisher","subject":"alice","address":"192.0.2.1","node":"north-1","codecs":["VP8"],"started":"` + at(0) + `",`
	const report = `"report":{"first_candidate_after_ms":10.5,"paired_after_ms":60,"bitrate":0,"packets":0,"bytes":0,"keyframes":0,"lost":0,"resent":0,"dropped":0,
		"estimated_bitrate":0,"ice_restarts":0,"remote_candidates":4,"mdns_candidates":0,"candidate_pair":"udp 192.0.2.10 198.51.100.7","dtls":"connecting"},`
	life := `"life":[{"step":"offered","at":"` + at(0) + `","after_ms":0,"words":"alice came to publish"},
		{"step":"candidates","at":"` + at(10_500*time.Microsecond) + `","after_ms":10.5,"words":"its client told the first candidate"},
		{"step":"paired","at":"` + at(60*time.Millisecond) + `","after_ms":60,"words":"ICE chose udp 192.0.2.10 198.51.100.7"}`
	sameJSON(t, start+report+life+`]}`, body)

	wantNothing(t, e.do(http.MethodDelete, session, "", bearerOf(alice)), http.StatusOK)
	body = e.do(http.MethodGet, "/api/sessions/"+id, "", bearerOf(carol)).Body.String()
	told = e.life(t, id, carol)
	if told.Ended == nil {
		t.Fatal(body)
	}
	lasted := told.Ended.Sub(told.Started)
	sameJSON(t, start+`"ended":"`+at(lasted)+`","reason":"client","because":"ended by its client","diagnosis":`+strconv.Quote(told.Diagnosis)+`,`+report+
		life+`,{"step":"ended","at":"`+at(lasted)+`","after_ms":`+fmt.Sprint(milliseconds(lasted))+`,"words":"ended by its client"}]}`, body)
	if !strings.Contains(told.Diagnosis, "before it could be expected to connect") {
		t.Errorf("the diagnosis is %q", told.Diagnosis)
	}
}

// Who administers the room of a session is told of it; to everybody else each session is
// as unknown as one that never was.
func TestWhoIsToldALife(t *testing.T) {
	e := newEdge(t)
	history(t, e) // A is of the hall, B of the attic
	if got := e.life(t, "A", carol); got.Room != "hall" || len(got.Life) != 2 {
		t.Errorf("the administrator of all is told %+v", got)
	}
	if got := e.life(t, "B", erin); got.Room != "attic" {
		t.Errorf("the attic's administrator is told %+v", got)
	}
	unknown := e.do(http.MethodGet, "/api/sessions/NOBODY", "", bearerOf(carol))
	wantProblem(t, unknown, "session_unknown")
	for name, c := range map[string]struct{ id, token string }{
		"another room's administrator":  {"A", erin},
		"its own subject":               {"A", alice},
		"who may watch the room":        {"B", dave},
		"who asks for one that is none": {"NOBODY", erin},
		"an id with SQL":                {"A'%20OR%20'1'='1", carol},
		"an id in small letters":        {"a", carol},
		"an id with NUL":                {"A%00", carol},
		"an id of 65 letters":           {strings.Repeat("A", 65), carol},
	} {
		w := e.do(http.MethodGet, "/api/sessions/"+c.id, "", bearerOf(c.token))
		wantProblem(t, w, "session_unknown")
		if d := cmp.Diff(unknown.Body.String(), w.Body.String()); d != "" {
			t.Errorf("%s learns something: %s", name, d)
		}
	}
	wantProblem(t, e.do(http.MethodGet, "/api/sessions/A", ""), "token_missing")
	wantProblem(t, e.do(http.MethodGet, "/api/sessions/A", "", bearerOf("guessed")), "token_invalid")
}

func TestALifeWhileTheDatabaseIsAway(t *testing.T) {
	e := newEdge(t)
	id := strings.TrimPrefix(e.begin(t, publishHall), "/api/whip/sessions/")
	history(t, e)
	e.outage.away.Store(true)
	if got := e.life(t, id, carol); got.ID != id || got.Ended != nil {
		t.Errorf("a live session is told as %+v", got)
	}
	wantProblem(t, e.do(http.MethodGet, "/api/sessions/A", "", bearerOf(carol)), "unavailable")
	none := e.do(http.MethodGet, "/api/sessions/NOBODY", "", bearerOf(erin))
	if d := cmp.Diff(none.Body.String(), e.do(http.MethodGet, "/api/sessions/"+id, "", bearerOf(erin)).Body.String()); d != "" {
		t.Errorf("another room's administrator learns that there is such a session: %s", d)
	}
}

// The contract lists every step that a life can have.
func TestStepsOfTheContract(t *testing.T) {
	field, _ := reflect.TypeFor[Milestone]().FieldByName("Step")
	var all []string
	for _, step := range domain.Steps() {
		all = append(all, string(step))
	}
	if listed := field.Tag.Get("enum"); listed != strings.Join(all, ",") {
		t.Errorf("%s, want %s", listed, strings.Join(all, ","))
	}
}
