package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

// create provisions a room and returns its answer.
func (e edge) create(t *testing.T, body string) *httptest.ResponseRecorder {
	t.Helper()
	w := e.doJSON(http.MethodPost, "/api/rooms", body, bearerOf(carol))
	wantStatus(t, w, http.StatusCreated)
	return w
}

// room returns what the bearer is told of a room.
func (e edge) room(t *testing.T, name, token string) Room {
	t.Helper()
	return read[Room](t, e.do(http.MethodGet, "/api/rooms/"+name, "", bearerOf(token)))
}

// listRooms returns the names of a page of rooms.
func (e edge) listRooms(t *testing.T, query string, lines ...string) []string {
	t.Helper()
	names := []string{}
	for _, r := range read[RoomList](t, e.do(http.MethodGet, "/api/rooms"+query, "", lines...)).Rooms {
		names = append(names, r.Name)
	}
	return names
}

// A room is told of as the contract says, to the letter: clients read it.
func TestRoomIsCreated(t *testing.T) {
	e := newEdge(t)
	w := e.create(t, `{"name":"hall","display_name":"All hands","labels":{"team":"news","old":null},"max_subscribers":250,"record":false,"grace_seconds":0.5}`)
	made := read[Room](t, e.do(http.MethodGet, "/api/rooms/hall", "", bearerOf(carol)))
	stamps := fmt.Sprintf(`"created":%q,"changed":%q`, made.Created.Format(time.RFC3339Nano), made.Changed.Format(time.RFC3339Nano))
	const settings = `"display_name":"All hands","labels":{"team":"news"},"max_subscribers":250,"record":false,"grace_seconds":0.5`
	sameJSON(t, `{"name":"hall","provisioned":true,"version":1,`+settings+`,`+stamps+`}`, w.Body.String())
	want := http.Header{"Location": {"/api/rooms/hall"}, "Etag": {tagged(`"1"`, made)}, "Cache-Control": {"no-store"}, "Content-Type": {"application/json"}}
	if d := cmp.Diff(want, w.Header()); d != "" {
		t.Error(d)
	}
	wantProblem(t, e.doJSON(http.MethodPost, "/api/rooms", `{"name":"hall"}`, bearerOf(carol)), "room_exists")

	e.create(t, `{"name":"Hall","display_name":null,"labels":null,"max_subscribers":null,"record":null,"grace_seconds":null}`)
	other := e.room(t, "Hall", carol)
	sameJSON(t, fmt.Sprintf(`{"name":"Hall","provisioned":true,"version":1,"created":%q,"changed":%q}`,
		other.Created.Format(time.RFC3339Nano), other.Changed.Format(time.RFC3339Nano)), e.do(http.MethodGet, "/api/rooms/Hall", "", bearerOf(carol)).Body.String())
	wantProblem(t, e.do(http.MethodGet, "/api/rooms/HALL", "", bearerOf(carol)), "room_unknown")
}

func TestRoomSettingsAreRefused(t *testing.T) {
	e := newEdge(t)
	e.create(t, `{"name":"hall"}`)
	labels := map[string]string{}
	for i := range 65 {
		labels[fmt.Sprintf("l%d", i)] = "v"
	}
	many, _ := json.Marshal(labels)
	for name, members := range map[string]string{
		"a display name of 201 letters":    `"display_name":"` + strings.Repeat("ü", 201) + `"`,
		"a display name with NUL":          `"display_name":"a\u0000b"`,
		"a display name of two lines":      `"display_name":"a\nb"`,
		"fewer subscribers than none":      `"max_subscribers":-1`,
		"a negative grace":                 `"grace_seconds":-0.001`,
		"a grace of more than an hour":     `"grace_seconds":3600.001`,
		"a grace for ever":                 `"grace_seconds":1e300`,
		"a label without a key":            `"labels":{"":"a"}`,
		"a label of SQL":                   `"labels":{"a'; DROP TABLE rooms; --":"a"}`,
		"a label whose key is too long":    `"labels":{"` + strings.Repeat("a", 64) + `":"a"}`,
		"a label whose value is too long":  `"labels":{"a":"` + strings.Repeat("a", 257) + `"}`,
		"a label of two lines":             `"labels":{"a":"b\nc"}`,
		"65 labels":                        `"labels":` + string(many),
		"one wrong thing among right ones": `"display_name":"Hall","max_subscribers":3,"grace_seconds":-1`,
	} {
		t.Run(name, func(t *testing.T) {
			wantProblem(t, e.doJSON(http.MethodPost, "/api/rooms", `{"name":"foyer",`+members+`}`, bearerOf(carol)), "room_settings_invalid")
			wantProblem(t, e.doJSON(http.MethodPatch, "/api/rooms/hall", `{`+members+`}`, bearerOf(carol), "If-Match: *"), "room_settings_invalid")
		})
	}
	for _, name := range []string{"", "a.b", "a b", "' OR 1=1 --", "..", "hall\\n", "hälle", strings.Repeat("a", 65)} {
		wantProblem(t, e.doJSON(http.MethodPost, "/api/rooms", `{"name":"`+name+`"}`, bearerOf(carol)), "room_name_invalid")
	}
	wantProblem(t, e.doJSON(http.MethodPost, "/api/rooms", `{}`, bearerOf(carol)), "room_name_invalid")
	if got := e.room(t, "hall", carol); got.Version != 1 || len(e.listRooms(t, "", bearerOf(carol))) != 1 {
		t.Errorf("it has been changed: %+v", got)
	}
}

// Text of any sort comes back as it was.
func TestTextIsKept(t *testing.T) {
	e := newEdge(t)
	for i, text := range []string{`'; DROP TABLE rooms; --`, `" OR ""="`, `%_\`, `<script>alert(1)</script>`, "日本語 🎥 ü", "\u202e\u200d", `$1 ? :name @p {{.}}`, `\u0000`} {
		quoted, _ := json.Marshal(text)
		e.create(t, fmt.Sprintf(`{"name":"r%d","display_name":%s,"labels":{"a":%[2]s}}`, i, quoted))
		if got := e.room(t, fmt.Sprintf("r%d", i), carol); got.DisplayName != text || got.Labels["a"] != text {
			t.Errorf("%q is %+v", text, got)
		}
	}
}

var quotedVersion = regexp.MustCompile(`"(\d)"`)

// tagged makes of versions in quotes the tags of a room.
func tagged(line string, of Room) string {
	return quotedVersion.ReplaceAllString(line, `"${1}-`+strconv.FormatInt(of.Created.UnixMicro(), 36)+`"`)
}

// Only who knows the present version, which is 2 here, changes or deletes it.
func TestRoomVersions(t *testing.T) {
	for name, c := range map[string]struct {
		lines         []string
		patch, delete string // codes of their problems; "" where they are done
	}{
		"none":                {nil, "version_missing", ""},
		"blank":               {[]string{"If-Match: "}, "version_missing", ""},
		"the version":         {[]string{`If-Match: "2"`}, "", ""},
		"the star":            {[]string{"If-Match: *"}, "", ""},
		"one of several":      {[]string{`If-Match: "1", "2"`}, "", ""},
		"on another line":     {[]string{`If-Match: "1"`, `If-Match: "2"`}, "", ""},
		"an old version":      {[]string{`If-Match: "1"`}, "version_stale", "version_stale"},
		"one that will be":    {[]string{`If-Match: "3"`}, "version_stale", "version_stale"},
		"weak":                {[]string{`If-Match: W/"2"`}, "version_stale", "version_stale"},
		"no quotes":           {[]string{"If-Match: 2"}, "version_stale", "version_stale"},
		"written otherwise":   {[]string{`If-Match: "02"`}, "version_stale", "version_stale"},
		"another header":      {[]string{`If-None-Match: "1"`, `ETag: "2"`}, "version_missing", ""},
		"a million quotes":    {[]string{"If-Match: " + strings.Repeat(`"1",`, 100_000)}, "version_stale", "version_stale"},
		"of an earlier room":  {[]string{`If-Match: "2-dlq0k0gv4w"`}, "version_stale", "version_stale"},
		"its number alone":    {[]string{`If-Match: "02"`, `If-Match: "2-"`}, "version_stale", "version_stale"},
		"more than a version": {[]string{`If-Match: "99999999999999999999"`}, "version_stale", "version_stale"},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEdge(t)
			e.create(t, `{"name":"hall"}`)
			made := e.room(t, "hall", carol)
			first := e.do(http.MethodPatch, "/api/rooms/hall", `{"display_name":"first"}`, bearerOf(carol), tagged(`If-Match: "1"`, made), "Content-Type: application/merge-patch+json")
			if wantStatus(t, first, http.StatusOK); first.Header().Get("ETag") != tagged(`"2"`, made) {
				t.Fatalf("%v", first.Header())
			}
			lines := []string{bearerOf(carol)}
			for _, line := range c.lines {
				lines = append(lines, tagged(line, made))
			}
			changed := e.doJSON(http.MethodPatch, "/api/rooms/hall", `{"display_name":"second"}`, lines...)
			if c.patch == "" {
				if got := read[Room](t, changed); got.DisplayName != "second" || got.Version != 3 || changed.Header().Get("ETag") != tagged(`"3"`, made) {
					t.Errorf("%+v %v", got, changed.Header())
				}
				return
			}
			wantProblem(t, changed, c.patch)
			if got := e.room(t, "hall", carol); got.DisplayName != "first" || got.Version != 2 {
				t.Errorf("%+v", got)
			}
			deleted := e.do(http.MethodDelete, "/api/rooms/hall", "", lines...)
			if c.delete == "" {
				wantNothing(t, deleted, http.StatusNoContent)
				return
			}
			wantProblem(t, deleted, c.delete)
			e.room(t, "hall", carol)
		})
	}
}

func TestRoomIsChanged(t *testing.T) {
	e := newEdge(t)
	e.create(t, `{"name":"hall","display_name":"Hall","labels":{"team":"news","floor":"1"},"max_subscribers":2,"record":true,"grace_seconds":5}`)
	all := Room{Name: "hall", Provisioned: true, DisplayName: "Hall", Labels: map[string]string{"team": "news", "floor": "1"}, MaxSubscribers: 2, Record: ptr(true), GraceSeconds: ptr(5.0)}
	for _, step := range []struct {
		patch   string
		wants   func(*Room)
		version int64
	}{
		{`{}`, func(*Room) {}, 1},
		{`{"labels":{"team":null,"floor":"2","new":""}}`, func(r *Room) { r.Labels = map[string]string{"floor": "2", "new": ""} }, 2},
		{`{"labels":{"unknown":null}}`, func(*Room) {}, 2},
		{`{"record":false,"grace_seconds":0}`, func(r *Room) { r.Record, r.GraceSeconds = ptr(false), ptr(0.0) }, 3},
		{`{"labels":null,"record":null,"grace_seconds":null}`, func(r *Room) { r.Labels, r.Record, r.GraceSeconds = nil, nil, nil }, 4},
		{`{"display_name":null,"max_subscribers":null}`, func(r *Room) { r.DisplayName, r.MaxSubscribers = "", 0 }, 5},
	} {
		step.wants(&all)
		got := read[Room](t, e.doJSON(http.MethodPatch, "/api/rooms/hall", step.patch, bearerOf(carol), "If-Match: *"))
		all.Version, all.Created, all.Changed = step.version, got.Created, got.Changed
		if d := cmp.Diff(all, got); d != "" {
			t.Errorf("%s: %s", step.patch, d)
		}
	}
	wantProblem(t, e.doJSON(http.MethodPatch, "/api/rooms/foyer", `{}`, bearerOf(carol), "If-Match: *"), "room_unknown")
}

// What is changed holds at once in a room that is live; what is deleted ends.
func TestLiveRoomFollows(t *testing.T) {
	e := newEdge(t)
	e.create(t, `{"name":"hall"}`)
	publisher, watcher := e.begin(t, publishHall), e.begin(t, playHall)
	read[Room](t, e.doJSON(http.MethodPatch, "/api/rooms/hall", `{"max_subscribers":1}`, bearerOf(carol), "If-Match: *"))
	wantProblem(t, e.do(http.MethodPost, playHall, "offer", sdpType, bearerOf(alice)), "room_full")
	wantNothing(t, e.do(http.MethodDelete, "/api/rooms/hall/publisher", "", bearerOf(carol)), http.StatusNoContent)
	wantProblem(t, e.do(http.MethodGet, publisher, "", bearerOf(alice)), "session_unknown")
	wantProblem(t, e.do(http.MethodGet, watcher, "", bearerOf(alice)), "session_unknown")
	wantProblem(t, e.do(http.MethodDelete, "/api/rooms/hall/publisher", "", bearerOf(carol)), "room_idle")
	publisher = e.begin(t, publishHall)
	present := tagged(`If-Match: "2"`, e.room(t, "hall", carol))
	wantNothing(t, e.do(http.MethodDelete, "/api/rooms/hall", "", bearerOf(carol), present), http.StatusNoContent)
	wantProblem(t, e.do(http.MethodGet, publisher, "", bearerOf(alice)), "session_unknown")
	wantProblem(t, e.do(http.MethodGet, "/api/rooms/hall", "", bearerOf(carol)), "room_unknown")
	wantProblem(t, e.do(http.MethodDelete, "/api/rooms/hall", "", bearerOf(carol)), "room_unknown")

	publisher = e.begin(t, publishHall) // now of nobody's making
	wantProblem(t, e.do(http.MethodDelete, "/api/rooms/hall", "", bearerOf(carol), present), "version_stale")
	wantNothing(t, e.do(http.MethodGet, publisher, "", bearerOf(alice)), http.StatusNoContent)
	wantNothing(t, e.do(http.MethodDelete, "/api/rooms/hall", "", bearerOf(carol)), http.StatusNoContent)
	wantProblem(t, e.do(http.MethodGet, publisher, "", bearerOf(alice)), "session_unknown")
}

// Who only may watch is told what a viewer sees, and not who it is or how the operator
// has sorted it.
func TestRoomIsTold(t *testing.T) {
	e := newEdge(t)
	e.media.report = domain.SessionReport{Bitrate: 2_500_000, Packets: 180, Bytes: 206_000, Lost: 12, Keyframes: 3, RoundTrip: 23_500 * time.Microsecond}
	session := strings.TrimPrefix(e.begin(t, publishHall), "/api/whip/sessions/")
	e.begin(t, playHall)
	e.create(t, `{"name":"hall","display_name":"Hall","labels":{"cost-center":"7"},"max_subscribers":9,"record":false,"grace_seconds":5}`)
	whole := e.room(t, "hall", carol)
	if whole.Live == nil || whole.Live.Publisher == nil {
		t.Fatalf("%+v", whole)
	}
	since := whole.Live.Publisher.Since.Format(time.RFC3339Nano)
	stamps := fmt.Sprintf(`"created":%q,"changed":%q`, whole.Created.Format(time.RFC3339Nano), whole.Changed.Format(time.RFC3339Nano))
	const numbers = `"connected":false,"tracks":[{"kind":"video","codec":"VP8"}],"bitrate":2500000,"packets":180,"bytes":206000,"lost":12,"keyframes":3`
	const live = `"awaiting":false,"subscribers":1,"recording":{"on":false,"bytes":0,"gaps":0}`
	for token, want := range map[string]string{
		carol: `{"name":"hall","provisioned":true,"version":1,"display_name":"Hall","labels":{"cost-center":"7"},"max_subscribers":9,"record":false,"grace_seconds":5,` + stamps +
			`,"live":{"publisher":{"session":"` + session + `","subject":"alice","since":"` + since + `",` + numbers + `,"round_trip_ms":23.5},` + live + `}}`,
		bob: `{"name":"hall","provisioned":true,"version":1,"display_name":"Hall",` + stamps + `,"live":{"publisher":{"since":"` + since + `",` + numbers + `},` + live + `}}`,
	} {
		one := e.do(http.MethodGet, "/api/rooms/hall", "", bearerOf(token))
		sameJSON(t, want, one.Body.String())
		sameJSON(t, `{"rooms":[`+want+`]}`, e.do(http.MethodGet, "/api/rooms", "", bearerOf(token)).Body.String())
		if one.Header().Get("ETag") != tagged(`"1"`, whole) || one.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%v", one.Header())
		}
	}
	for token, want := range map[string]int{carol: 1, bob: 0} { // a label that is not told cannot be found out
		list := read[RoomList](t, e.do(http.MethodGet, "/api/rooms?label=cost-center%3D7&limit=1", "", bearerOf(token)))
		if len(list.Rooms) != want || (list.NextCursor != "") != (want > 0) {
			t.Errorf("%s finds %+v", token, list)
		}
	}
	e.begin(t, "/api/whep/play/foyer")
	foyer := e.do(http.MethodGet, "/api/rooms/foyer", "", bearerOf(bob))
	sameJSON(t, `{"name":"foyer","provisioned":false,"live":{`+live+`}}`, foyer.Body.String())
	if foyer.Header()["Etag"] != nil {
		t.Errorf("%v", foyer.Header())
	}
}

func TestRoomsAreListed(t *testing.T) {
	e := newEdgeFor(t, []string{"play:foyer"}, 0)
	for _, room := range []string{
		`{"name":"b","labels":{"team":"news"}}`, `{"name":"attic","labels":{"team":"sport"}}`, `{"name":"B"}`, `{"name":"hall","labels":{"team":"news","floor":"1"}}`, `{"name":"b-2"}`,
	} {
		e.create(t, room)
	}
	e.begin(t, publishHall)
	e.begin(t, "/api/whip/publish/c")
	e.begin(t, "/api/whep/play/foyer")
	for query, want := range map[string]string{
		"":                           "B attic b b-2 c foyer hall",
		"?prefix=b":                  "b b-2",
		"?prefix=B":                  "B",
		"?prefix=f":                  "foyer",
		"?prefix=_":                  "",
		"?live=true":                 "c foyer hall",
		"?live=false":                "B attic b b-2 c foyer hall",
		"?live=true&prefix=c":        "c",
		"?label=team":                "attic b hall",
		"?label=team%3Dnews":         "b hall",
		"?label=team%3D":             "attic b hall",
		"?label=team%3DNews":         "",
		"?label=floor&live=true":     "hall",
		"?label=team&prefix=h":       "hall",
		"?prefix=&label=&live=":      "B attic b b-2 c foyer hall",
		"?order=desc&offset=1&x=%00": "B attic b b-2 c foyer hall",
	} {
		if got := strings.Join(e.listRooms(t, query, bearerOf(carol)), " "); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
		for limit := 1; limit < 4; limit++ {
			if got := strings.Join(e.pagesOfRooms(t, query, limit, bearerOf(carol)), " "); got != want {
				t.Errorf("%s by %d: %s, want %s", query, limit, got, want)
			}
		}
	}
	for name, c := range map[string]struct{ line, want string }{
		"who may watch all": {bearerOf(bob), "B attic b b-2 c foyer hall"}, "who may watch one": {bearerOf(dave), "attic"},
		"who administers one": {bearerOf(erin), "attic"}, "anybody": {"Accept: */*", "foyer"},
	} {
		if got := strings.Join(e.pagesOfRooms(t, "", 1, c.line), " "); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// pagesOfRooms returns the names of all pages.
func (e edge) pagesOfRooms(t *testing.T, query string, limit int, line string) []string {
	t.Helper()
	names := []string{}
	and := "?" + strings.TrimPrefix(query+"&", "?")
	for more := and + fmt.Sprintf("limit=%d", limit); more != ""; {
		page := read[RoomList](t, e.do(http.MethodGet, "/api/rooms"+more, "", line))
		for _, r := range page.Rooms {
			names = append(names, r.Name)
		}
		if len(page.Rooms) > limit {
			t.Errorf("%d on a page of %d", len(page.Rooms), limit)
		}
		if more = ""; page.NextCursor != "" {
			more = and + fmt.Sprintf("limit=%d&cursor=%s", limit, page.NextCursor)
		}
	}
	return names
}

func TestRoomListIsRefused(t *testing.T) {
	e := newEdge(t)
	e.create(t, `{"name":"hall"}`)
	for name, c := range map[string]struct{ query, code string }{
		"SQL for a prefix":                    {"prefix=" + url.QueryEscape("' OR 1=1 --"), "room_name_invalid"},
		"a wildcard for a prefix":             {"prefix=%25", "room_name_invalid"},
		"an endless prefix":                   {"prefix=" + strings.Repeat("a", 65), "room_name_invalid"},
		"SQL for a label":                     {"label=" + url.QueryEscape("team' OR '1'='1"), "request_invalid"},
		"a label without a key":               {"label=%3Dnews", "request_invalid"},
		"a label with NUL":                    {"label=team%3D%00", "request_invalid"},
		"a label that is no UTF-8":            {"label=team%3D%ff", "request_invalid"},
		"an endless label":                    {"label=team%3D" + strings.Repeat("a", 257), "request_invalid"},
		"a live that is neither":              {"live=1", "request_invalid"},
		"no rooms":                            {"limit=0", "request_invalid"},
		"more than may be":                    {"limit=201", "request_invalid"},
		"a cursor that is none":               {"cursor=next", "cursor_invalid"},
		"a name for a cursor":                 {"cursor=" + encoded("hall"), "cursor_invalid"},
		"a cursor of nothing":                 {"cursor=" + encoded(">"), "cursor_invalid"},
		"SQL in a cursor":                     {"cursor=" + encoded(">x' OR 1=1"), "cursor_invalid"},
		"a padded cursor":                     {"cursor=" + encoded(">hall") + "==", "cursor_invalid"},
		"a cursor of recordings":              {"cursor=" + cursorOf(may(3), "C"), "cursor_invalid"},
		"a cursor with something behind it":   {"cursor=" + roomCursor("hall") + "A", "cursor_invalid"},
		"a cursor of a million bytes":         {"cursor=" + strings.Repeat("A", 1_000_000), "cursor_invalid"},
		"a cursor of a name that is too long": {"cursor=" + encoded(">"+strings.Repeat("a", 65)), "cursor_invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			wantProblem(t, e.do(http.MethodGet, "/api/rooms?"+c.query, "", bearerOf(bob)), c.code)
		})
	}
}

func FuzzRoomCursor(f *testing.F) {
	f.Add(exampleRoomCursor)
	f.Add(encoded(">a b"))
	f.Fuzz(func(t *testing.T, cursor string) {
		name, err := parseRoomCursor(cursor)
		if err == nil && roomCursor(name) != cursor {
			t.Errorf("%q is taken for %q", cursor, name)
		}
	})
}
