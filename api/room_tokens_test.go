package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const tokensOfHall = "/api/rooms/hall/tokens"

// mint makes a token and returns what is told of it.
func (e edge) mint(t *testing.T, target, body string) NewRoomToken {
	t.Helper()
	w := e.doJSON(http.MethodPost, target, body, bearerOf(carol))
	if w.Code != http.StatusCreated || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	w.Code = http.StatusOK
	return read[NewRoomToken](t, w)
}

// tokens returns the ids of the room's tokens.
func (e edge) tokens(t *testing.T) (ids []string) {
	t.Helper()
	for _, token := range read[RoomTokenList](t, e.do(http.MethodGet, tokensOfHall, "", bearerOf(carol))).Tokens {
		ids = append(ids, token.ID)
	}
	return ids
}

// beginAs begins a session by a token, and returns the session's URL, or
// the code of the problem.
func (e edge) beginAs(t *testing.T, endpoint, token string) (session, code string) {
	t.Helper()
	w := e.do(http.MethodPost, endpoint, "offer", sdpType, bearerOf(token))
	if w.Code == http.StatusCreated {
		return w.Header().Get("Location"), ""
	}
	return "", problemIn(t, w).Code
}

// A token opens its own room, for its own action, and nothing else.
func TestRoomTokenWorks(t *testing.T) {
	e := newEdge(t)
	e.create(t, `{"name":"hall"}`)
	e.create(t, `{"name":"Hall"}`)
	publish := e.mint(t, tokensOfHall, `{"action":"publish","label":"camera; DROP TABLE rooms"}`)
	play := e.mint(t, tokensOfHall, `{"action":"play"}`)
	if publish.Label != "camera; DROP TABLE rooms" || publish.Action != "publish" || publish.Expires != nil || publish.Subject != "token:"+publish.ID || !strings.HasPrefix(publish.Token, "rostrum.hall.") {
		t.Errorf("%+v", publish)
	}
	for name, c := range map[string]struct{ endpoint, token, code string }{
		"its action":          {publishHall, publish.Token, ""},
		"another action":      {playHall, publish.Token, "forbidden"},
		"watching":            {playHall, play.Token, ""},
		"publishing":          {publishHall, play.Token, "forbidden"},
		"another room":        {"/api/whep/play/foyer", play.Token, "forbidden"},
		"a room of like name": {"/api/whep/play/Hall", play.Token, "forbidden"},
		"its name changed":    {"/api/whep/play/Hall", strings.Replace(play.Token, "hall", "Hall", 1), "token_invalid"},
		"its id alone":        {playHall, play.ID, "token_invalid"},
		"cut":                 {playHall, play.Token[:len(play.Token)-1], "token_invalid"},
		"in small letters":    {playHall, strings.ToLower(play.Token), "token_invalid"},
		"of no room":          {playHall, "rostrum.nowhere.AAAAAAAAAAAAAAAAAAAAAAAAAA", "token_invalid"},
	} {
		if _, code := e.beginAs(t, c.endpoint, c.token); code != c.code {
			t.Errorf("%s: %q, want %q", name, code, c.code)
		}
	}
	for _, token := range []string{publish.Token, play.Token} {
		wantProblem(t, e.do(http.MethodGet, tokensOfHall, "", bearerOf(token)), "forbidden")
	}
	e.room(t, "hall", play.Token)
	if got := strings.Join(e.listRooms(t, "", bearerOf(play.Token)), " "); got != "hall" {
		t.Errorf("it lists %s", got)
	}
}

// The secret is told once: neither lists nor the audit trail have it.
func TestRoomTokenIsToldOnce(t *testing.T) {
	e := newEdge(t)
	e.create(t, `{"name":"hall"}`)
	made := e.mint(t, tokensOfHall, `{"action":"publish","label":"camera","expires":"2999-01-01T01:00:00.0000001+01:00"}`)
	next := e.mint(t, tokensOfHall+"/"+made.ID+"/rotation", `{"overlap_seconds":60}`)
	list := e.do(http.MethodGet, tokensOfHall, "", bearerOf(carol))
	said := list.Body.String() + fmt.Sprint(e.entries(t)) + e.do(http.MethodGet, "/api/audit", "", bearerOf(carol)).Body.String() +
		e.do(http.MethodGet, "/api/rooms/hall", "", bearerOf(carol)).Body.String()
	for _, secret := range []string{made.Token, next.Token} {
		if random := secret[strings.LastIndex(secret, ".")+1:]; len(random) < 26 || strings.Contains(said, random) {
			t.Errorf("%q is told again in %s", secret, said)
		}
	}
	const expires = "2999-01-01T00:00:00Z"
	told := read[RoomTokenList](t, list).Tokens
	if len(told) != 2 || told[1].ID != next.ID || told[1].Subject != made.Subject || told[1].Label != "camera" || told[1].Expires.Format(time.RFC3339Nano) != expires ||
		told[0].ID != made.ID || time.Until(*told[0].Expires) > time.Minute {
		t.Errorf("%+v", told)
	}
	if d := cmp.Diff(told[1], next.RoomToken); d != "" {
		t.Error(d)
	}
}

func TestRoomTokenIsRotated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEdge(t)
		e.create(t, `{"name":"hall"}`)
		old := e.mint(t, tokensOfHall, `{"action":"play"}`)
		session, _ := e.beginAs(t, playHall, old.Token)
		next := e.mint(t, tokensOfHall+"/"+old.ID+"/rotation", `{"overlap_seconds":60}`)
		for _, token := range []string{old.Token, next.Token} {
			wantNothing(t, e.do(http.MethodGet, session, "", bearerOf(token)), http.StatusNoContent)
		}
		time.Sleep(time.Minute + time.Second)
		wantProblem(t, e.do(http.MethodGet, session, "", bearerOf(next.Token)), "session_unknown")
		if _, code := e.beginAs(t, playHall, old.Token); code != "token_invalid" {
			t.Errorf("the old one after its time: %q", code)
		}
		if got := e.tokens(t); !slices.Equal(got, []string{next.ID}) {
			t.Errorf("%v are left", got)
		}
		session, _ = e.beginAs(t, playHall, next.Token)
		last := e.mint(t, tokensOfHall+"/"+next.ID+"/rotation", `{"overlap_seconds":0}`)
		wantProblem(t, e.do(http.MethodGet, session, "", bearerOf(last.Token)), "session_unknown")
		if _, code := e.beginAs(t, playHall, next.Token); code != "token_invalid" {
			t.Errorf("the old one without overlap: %q", code)
		}
		if _, code := e.beginAs(t, playHall, last.Token); code != "" {
			t.Errorf("the new one: %q", code)
		}
		wantProblem(t, e.doJSON(http.MethodPost, tokensOfHall+"/"+old.ID+"/rotation", `{"overlap_seconds":0}`, bearerOf(carol)), "token_unknown")
	})
}

func TestRoomTokenIsRevoked(t *testing.T) {
	e := newEdge(t)
	e.create(t, `{"name":"hall"}`)
	publish, play := e.mint(t, tokensOfHall, `{"action":"publish"}`), e.mint(t, tokensOfHall, `{"action":"play","expires_in_seconds":3600.5}`)
	publisher, _ := e.beginAs(t, publishHall, publish.Token)
	watcher, _ := e.beginAs(t, playHall, play.Token)
	other := e.begin(t, playHall)
	wantNothing(t, e.do(http.MethodDelete, tokensOfHall+"/"+play.ID, "", bearerOf(carol)), http.StatusNoContent)
	wantProblem(t, e.do(http.MethodGet, watcher, "", bearerOf(carol)), "session_unknown")
	wantNothing(t, e.do(http.MethodGet, other, "", bearerOf(alice)), http.StatusNoContent)
	wantNothing(t, e.do(http.MethodGet, publisher, "", bearerOf(publish.Token)), http.StatusNoContent)
	if _, code := e.beginAs(t, playHall, play.Token); code != "token_invalid" {
		t.Errorf("a revoked token: %q", code)
	}
	for _, id := range []string{play.ID, "AAAA", "x'%20OR%201=1", "%00"} {
		wantProblem(t, e.do(http.MethodDelete, tokensOfHall+"/"+id, "", bearerOf(carol)), "token_unknown")
	}
	wantNothing(t, e.do(http.MethodDelete, "/api/rooms/hall", "", bearerOf(carol)), http.StatusNoContent)
	if _, code := e.beginAs(t, publishHall, publish.Token); code != "token_invalid" {
		t.Errorf("a token of a deleted room: %q", code)
	}
	e.create(t, `{"name":"hall"}`)
	if _, code := e.beginAs(t, publishHall, publish.Token); code != "token_invalid" {
		t.Errorf("a token of the room that had its name: %q", code)
	}
}

func TestTokenOrderIsRefused(t *testing.T) {
	e := newEdge(t)
	e.create(t, `{"name":"hall"}`)
	for name, c := range map[string]struct{ body, code string }{
		"nothing":                   {``, "request_invalid"},
		"null":                      {`null`, "request_invalid"},
		"no action":                 {`{}`, "room_token_invalid"},
		"an administrator's":        {`{"action":"admin"}`, "room_token_invalid"},
		"an action that is none":    {`{"action":"publish'--"}`, "room_token_invalid"},
		"a number for an action":    {`{"action":1}`, "request_invalid"},
		"a secret of its own":       {`{"action":"play","token":"hunter2"}`, "request_invalid"},
		"a label of 201 letters":    {`{"action":"play","label":"` + strings.Repeat("a", 201) + `"}`, "room_token_invalid"},
		"a label of two lines":      {`{"action":"play","label":"a\nb"}`, "room_token_invalid"},
		"an end that is no time":    {`{"action":"play","expires":"tomorrow"}`, "request_invalid"},
		"an end in the year 10000":  {`{"action":"play","expires":"9999-12-31T23:59:59-01:00"}`, "request_invalid"},
		"an end that is a number":   {`{"action":"play","expires":1999999999}`, "request_invalid"},
		"an end in the past":        {`{"action":"play","expires":"2001-01-01T00:00:00Z"}`, "room_token_invalid"},
		"the zero time":             {`{"action":"play","expires":"0001-01-01T00:00:00Z"}`, "room_token_invalid"},
		"an empty end":              {`{"action":"play","expires":""}`, "request_invalid"},
		"an end now":                {`{"action":"play","expires_in_seconds":0}`, "room_token_invalid"},
		"an end before now":         {`{"action":"play","expires_in_seconds":-1e300}`, "room_token_invalid"},
		"seconds as text":           {`{"action":"play","expires_in_seconds":"60"}`, "request_invalid"},
		"two ends":                  {`{"action":"play","expires":"2999-01-01T00:00:00Z","expires_in_seconds":60}`, "request_invalid"},
		"twice the same":            {`{"action":"play","action":"publish"}`, "request_invalid"},
		"more than a body may have": {`{"action":"play","label":"` + strings.Repeat("a", maxJSON) + `"}`, "body_too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			wantProblem(t, e.doJSON(http.MethodPost, tokensOfHall, c.body, bearerOf(carol)), c.code)
		})
	}
	if got := e.tokens(t); len(got) > 0 {
		t.Errorf("%v have been made", got)
	}
	made := e.mint(t, tokensOfHall, `{"action":"play","expires_in_seconds":1e300}`) // as long as can be counted
	for _, body := range []string{``, `null`, `{}`, `{"overlap_seconds":null}`, `{"overlap_seconds":-1}`, `{"overlap_seconds":604801}`, `{"overlap_seconds":1e999}`, `{"overlap_seconds":"0"}`, `{"overlap":0}`} {
		wantProblem(t, e.doJSON(http.MethodPost, tokensOfHall+"/"+made.ID+"/rotation", body, bearerOf(carol)), "request_invalid")
	}
	if got := e.tokens(t); !slices.Equal(got, []string{made.ID}) {
		t.Errorf("%v are left", got)
	}
	for range 31 {
		e.mint(t, tokensOfHall, `{"action":"play"}`)
	}
	wantProblem(t, e.doJSON(http.MethodPost, tokensOfHall, `{"action":"play"}`, bearerOf(carol)), "too_many_tokens")
	wantProblem(t, e.doJSON(http.MethodPost, tokensOfHall+"/"+made.ID+"/rotation", `{"overlap_seconds":1}`, bearerOf(carol)), "too_many_tokens")
}

// Only a provisioned room has tokens.
func TestTokensOfOtherRooms(t *testing.T) {
	e := newEdge(t)
	wantProblem(t, e.do(http.MethodGet, tokensOfHall, "", bearerOf(carol)), "room_unknown")
	e.begin(t, publishHall)
	if got := e.tokens(t); len(got) > 0 {
		t.Errorf("%v", got)
	}
	wantProblem(t, e.doJSON(http.MethodPost, tokensOfHall, `{"action":"play"}`, bearerOf(carol)), "room_unknown")
	wantProblem(t, e.do(http.MethodDelete, tokensOfHall+"/AAAA", "", bearerOf(carol)), "room_unknown")
}
