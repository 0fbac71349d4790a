package keeping

import (
	"maps"
	"net/http"
	"net/url"
	"testing"

	"rostrum/cmd/rostrum/rig"
)

// injections are texts that are more than text where somebody has made a statement of them.
var injections = []string{
	`'; DROP TABLE rooms; --`, `" OR ""="`, `\'; DELETE FROM sessions; --`, `$1 %s {} ${x} #{x}`, `\x27 \u0027 %27 &apos;`, `100%_[a-z]*`, "é 名前 🎤 e\u0301 \u202e",
}

// Text comes back as it was given, byte for byte, wherever it may stand, also from a server
// that was started anew.
func TestTextIsText(t *testing.T) {
	onEach(t, func(t *testing.T, database string) {
		s, _, _ := newIssued(t, database)
		s.start()
		labels := map[string]string{}
		for i, text := range injections {
			labels["label-"+string(rune('a'+i))] = text
		}
		want := map[string]string{} // display names by room
		for i, text := range injections {
			name := "room-" + string(rune('a'+i))
			s.do(http.MethodPost, "/api/rooms", map[string]any{"name": name, "display_name": text, "labels": labels}, http.StatusCreated, nil)
			s.do(http.MethodPost, "/api/rooms/"+name+"/tokens", map[string]any{"action": "play", "label": text}, http.StatusCreated, nil)
			want[name] = text
		}
		subject := injections[0]
		publisher := s.publish(t, "room-a", s.token("--subject", subject))
		s.stop()
		s.start()
		for name, text := range want {
			s.checkText(t, name, text, labels)
		}
		for key, text := range labels {
			var list struct{ Rooms []room }
			s.do(http.MethodGet, "/api/rooms?label="+url.QueryEscape(key+"="+text), nil, http.StatusOK, &list)
			if len(list.Rooms) != len(want) {
				t.Errorf("%d rooms have the label %q, want %d", len(list.Rooms), text, len(want))
			}
		}
		if v := s.sessions("room-a")[publisher.id]; v.Subject != "jwt:"+subject || v.UserAgent != userAgent {
			t.Errorf("the session is kept as %+v", v)
		}
	})
}

// checkText checks that a room has a text as its display name and as the label of its
// token, and has these labels.
func (s *stand) checkText(t *testing.T, name, text string, labels map[string]string) {
	t.Helper()
	told := s.room(name)
	if told.DisplayName != text || !maps.Equal(told.Labels, labels) {
		t.Errorf("%q is kept as %+v", text, told)
	}
	var list struct{ Tokens []roomToken }
	s.do(http.MethodGet, "/api/rooms/"+name+"/tokens", nil, http.StatusOK, &list)
	if len(list.Tokens) != 1 || list.Tokens[0].Label != text {
		t.Errorf("a token's label %q is kept as %+v", text, list.Tokens)
	}
}

// Names that differ by case are names of two rooms.
func TestNamesDifferByCase(t *testing.T) {
	onEach(t, func(t *testing.T, database string) {
		s := newStand(t, database)
		s.start()
		for _, name := range []string{"hall", "Hall", "HALL"} {
			s.do(http.MethodPost, "/api/rooms", map[string]any{"name": name, "display_name": "this is " + name}, http.StatusCreated, nil)
		}
		token := s.mint("Hall", "publish")
		s.refused(t, whip+"hall", token.Token, http.StatusForbidden, "forbidden")
		publisher := s.publish(t, "Hall", token.Token)
		s.publish(t, "hall", operator)
		rig.Eventually(t, "both sessions are kept", func() bool { return len(s.sessions("Hall"))+len(s.sessions("hall")) == 2 })
		if all := s.sessions("Hall"); len(all) != 1 || all[publisher.id].Room != "Hall" {
			t.Errorf("the sessions of one of them are %+v", all)
		}
		s.do(http.MethodDelete, "/api/rooms/hall", nil, http.StatusNoContent, nil)
		publisher.remains(t)
		for _, name := range []string{"Hall", "HALL"} {
			if told := s.room(name); told.DisplayName != "this is "+name {
				t.Errorf("%s is told of as %+v", name, told)
			}
		}
		var list struct{ Rooms []room }
		s.do(http.MethodGet, "/api/rooms?prefix=H", nil, http.StatusOK, &list)
		if len(list.Rooms) != 2 || list.Rooms[0].Name != "HALL" || list.Rooms[1].Name != "Hall" {
			t.Errorf("the rooms that begin with H are %+v", list.Rooms)
		}
	})
}
