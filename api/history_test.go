package api

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"rostrum/domain"
)

// history keeps sessions of the hall and the attic, of which the last that began is F.
func history(t *testing.T, e edge) {
	t.Helper()
	var records []domain.SessionRecord
	for i, id := range []domain.SessionID{"A", "B", "C", "D", "E", "F"} {
		r := domain.SessionRecord{
			ID: id, Room: []domain.RoomName{"hall", "attic"}[i%2], Role: []domain.Role{domain.RolePublisher, domain.RoleSubscriber, domain.RoleSubscriber}[i%3],
			Subject: "alice", Node: "north-1", Started: may(1 + i/2), Ended: may(9), Reason: domain.EndedByClient,
		}
		if i >= 4 {
			r.Ended, r.Reason = time.Time{}, ""
		}
		records = append(records, r)
	}
	if err := e.sessions.Keep(t.Context(), records); err != nil {
		t.Fatal(err)
	}
}

func (e edge) listSessions(t *testing.T, target, token string) (ids []string, cursor string) {
	t.Helper()
	list := read[SessionList](t, e.do(http.MethodGet, target, "", bearerOf(token)))
	for _, s := range list.Sessions {
		ids = append(ids, s.ID)
	}
	return ids, list.NextCursor
}

func TestSessionsAreListed(t *testing.T) {
	e := newEdge(t)
	history(t, e)
	for query, want := range map[string]string{
		"":                                "FEDCBA",
		"?room=attic":                     "FDB",
		"?room=nowhere":                   "",
		"?role=publisher":                 "DA",
		"?role=subscriber":                "FECB",
		"?live=true":                      "FE",
		"?live=false":                     "FEDCBA",
		"?from=2026-05-01T02:00:00Z":      "FEDC",
		"?before=2026-05-01T02:00:00Z":    "BA",
		"?role=subscriber&live=true":      "FE",
		"?room=&role=&live=&from=&limit=": "FEDCBA",
	} {
		for limit := 1; limit < 8; limit++ {
			var got []string
			and := "?" + strings.TrimPrefix(query+"&", "?")
			for more := and + fmt.Sprintf("limit=%d", limit); more != ""; {
				ids, cursor := e.listSessions(t, "/api/sessions"+strings.Replace(more, "limit=&", "", 1), carol)
				got = append(got, ids...)
				if more = ""; cursor != "" {
					more = and + fmt.Sprintf("limit=%d&cursor=%s", limit, cursor)
				}
			}
			if strings.Join(got, "") != want {
				t.Errorf("%s by %d: %s, want %s", query, limit, got, want)
			}
		}
	}
	if got, _ := e.listSessions(t, "/api/rooms/attic/sessions?role=subscriber&room=hall", erin); strings.Join(got, "") != "FB" {
		t.Errorf("of the attic: %s", got)
	}
	if got, _ := e.listSessions(t, "/api/rooms/Attic/sessions", carol); len(got) > 0 {
		t.Errorf("of a room of like name: %s", got)
	}
}

// A session is told of as the contract says, to the letter, while it is live and after.
func TestSessionIsTold(t *testing.T) {
	e := newEdge(t)
	e.media.report = domain.SessionReport{
		RemoteCandidates: 4, MDNSCandidates: 1, FirstCandidateAfter: 10 * time.Millisecond, Pair: "udp host", PairedAfter: 60 * time.Millisecond,
		DTLS: "connected", ConnectedAfter: 180_500 * time.Microsecond, FirstMediaAfter: 240 * time.Millisecond, FirstKeyframeAfter: 250 * time.Millisecond,
		FirstPictureAfter: 900 * time.Millisecond, Fed: domain.Video,
		RoundTrip: 23_500 * time.Microsecond, Packets: 180, Bytes: 206_000, Bitrate: 2_500_000, Keyframes: 3, Resent: 5, Dropped: 1, Lost: 12, Estimate: 6_000_000, Restarts: 2,
	}
	const report = `"diagnosis":"12 packets of it never came: its network does not carry what it sends. Lower the encoder's bitrate, or use a better network.",
		"report":{"first_candidate_after_ms":10,"paired_after_ms":60,"connected_after_ms":180.5,"first_media_after_ms":240,"first_keyframe_after_ms":250,"first_picture_after_ms":900,
		"fed":"video","round_trip_ms":23.5,"mdns_candidates":1,"bitrate":2500000,"packets":180,"bytes":206000,"keyframes":3,
		"lost":12,"resent":5,"dropped":1,"estimated_bitrate":6000000,"ice_restarts":2,"remote_candidates":4,"candidate_pair":"udp host","dtls":"connected"}`
	session := e.do(http.MethodPost, publishHall, "offer", sdpType, bearerOf(alice), "User-Agent: OBS/32 '; DROP TABLE sessions; --").Header().Get("Location")
	id := strings.TrimPrefix(session, "/api/whip/sessions/")
	told := func() (SessionRecord, string) {
		w := e.do(http.MethodGet, "/api/rooms/hall/sessions", "", bearerOf(carol))
		if w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%v", w.Header())
		}
		said := w.Body.String()
		list := read[SessionList](t, w)
		if len(list.Sessions) != 1 {
			return SessionRecord{}, said
		}
		return list.Sessions[0], said
	}
	var now SessionRecord
	var said string
	eventually(t, "its beginning is kept", func() bool { now, said = told(); return now.ID == id })
	start := `{"sessions":[{"id":"` + id + `","room":"hall","role":"publisher","subject":"alice","address":"192.0.2.1","user_agent":"OBS/32 '; DROP TABLE sessions; --",
		"node":"north-1","codecs":["VP8"],"started":"` + now.Started.Format(time.RFC3339Nano) + `",`
	sameJSON(t, start+report+`}]}`, said)
	wantNothing(t, e.do(http.MethodDelete, session, "", bearerOf(alice)), http.StatusOK)
	eventually(t, "its end is kept", func() bool { now, said = told(); return now.Ended != nil })
	sameJSON(t, start+`"ended":"`+now.Ended.Format(time.RFC3339Nano)+`","reason":"client","because":"ended by its client",`+report+`}]}`, said)
}

func TestSessionListIsRefused(t *testing.T) {
	e := newEdge(t)
	history(t, e)
	for name, c := range map[string]struct{ query, code string }{
		"a role that is none":     {"role=viewer", "request_invalid"},
		"SQL for a role":          {"role=" + url.QueryEscape("publisher' OR 1=1 --"), "request_invalid"},
		"a live that is neither":  {"live=yes", "request_invalid"},
		"a day for a time":        {"from=2026-05-01", "request_invalid"},
		"SQL for a time":          {"before=" + url.QueryEscape("'; DROP TABLE sessions; --"), "request_invalid"},
		"no sessions":             {"limit=0", "request_invalid"},
		"more than may be":        {"limit=201", "request_invalid"},
		"a cursor of rooms":       {"cursor=" + roomCursor("hall"), "cursor_invalid"},
		"a cursor that is none":   {"cursor=next", "cursor_invalid"},
		"a cursor with SQL":       {"cursor=" + encoded("1|A' OR 1=1"), "cursor_invalid"},
		"a cursor of a far year":  {"cursor=" + encoded("9223372036854775807|A"), "cursor_invalid"},
		"a cursor that is padded": {"cursor=" + encoded("12|A") + "==", "cursor_invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, target := range []string{"/api/sessions?", "/api/rooms/hall/sessions?"} {
				wantProblem(t, e.do(http.MethodGet, target+c.query, "", bearerOf(carol)), c.code)
			}
		})
	}
	wantProblem(t, e.do(http.MethodGet, "/api/sessions?room=a.b", "", bearerOf(carol)), "room_name_invalid")
	wantProblem(t, e.do(http.MethodGet, "/api/rooms/a.b/sessions", "", bearerOf(carol)), "room_name_invalid")
}

// The contract lists every reason that a session can end for.
func TestReasonsOfTheContract(t *testing.T) {
	field, _ := reflect.TypeFor[SessionRecord]().FieldByName("Reason")
	var all []string
	for _, reason := range domain.EndReasons() {
		all = append(all, string(reason))
		if reason.Words() == "" {
			t.Errorf("%s has no words", reason)
		}
	}
	if listed := field.Tag.Get("enum"); listed != strings.Join(all, ",") {
		t.Errorf("%s, want %s", listed, strings.Join(all, ","))
	}
}
