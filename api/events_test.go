package api

import (
	"strings"
	"testing"

	"rostrum/app"
	"rostrum/domain"
)

func TestParseEventNames(t *testing.T) {
	for body, ok := range map[string]bool{
		`["active"]`: true, `["active","inactive","viewercount","reconnect"]`: true, ` [ "active" ] `: true,
		``: false, `[]`: false, `{}`: false, `"active"`: false, `["active","layers"]`: false, `["Active"]`: false, `[1]`: false, `["active"`: false,
	} {
		if names, err := parseEventNames([]byte(body)); (err == nil) != ok {
			t.Errorf("%s: %v, %v", body, names, err)
		}
	}
}

func FuzzEventNames(f *testing.F) {
	f.Add([]byte(`["active","viewercount"]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		names, err := parseEventNames(body)
		if err == nil && len(names) == 0 {
			t.Errorf("%q asks for nothing and is taken", body)
		}
	})
}

func TestEventsBetween(t *testing.T) {
	status := func(active bool, viewers int) app.Status {
		return app.Status{Status: domain.Status{Active: active, Viewers: viewers}}
	}
	leaving := status(true, 1)
	leaving.Reconnect = true
	all := eventStream{events: eventNames}
	for name, c := range map[string]struct {
		stream    eventStream
		last, now app.Status
		first     bool
		want      string
	}{
		"a stream begins in an empty room":  {all, app.Status{}, status(false, 1), true, `viewercount {"viewercount":1}`},
		"a stream begins in a live room":    {all, app.Status{}, status(true, 2), true, `active {}; viewercount {"viewercount":2}`},
		"somebody publishes":                {all, status(false, 2), status(true, 2), false, "active {}"},
		"nobody publishes any more":         {all, status(true, 2), status(false, 2), false, "inactive {}"},
		"a viewer comes":                    {all, status(true, 2), status(true, 3), false, `viewercount {"viewercount":3}`},
		"nothing that is told has happened": {all, status(true, 2), status(true, 2), false, ""},
		"the server goes away":              {all, status(true, 1), leaving, false, "reconnect {}"},
		"only what was asked for":           {eventStream{events: []string{"inactive"}}, status(true, 2), status(false, 5), false, "inactive {}"},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.NewReplacer("event: ", "", "\ndata: ", " ", "\n\n", "; ").Replace(c.stream.between(c.last, c.now, c.first))
			if got = strings.TrimSuffix(got, "; "); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestEventStreamsAreBounded(t *testing.T) {
	streams, living := newEventStreams(), map[domain.SessionID]bool{"a": true, "b": true}
	alive := func(id domain.SessionID) bool { return living[id] }
	var first string
	for i := range streamsPerSession {
		id := streams.open("a", eventNames, alive)
		if id == "" {
			t.Fatalf("stream %d is refused", i)
		}
		if first == "" {
			first = id
		}
	}
	if streams.open("a", eventNames, alive) != "" {
		t.Error("a session has more streams than it may")
	}
	if streams.open("b", eventNames, alive) == "" {
		t.Error("one session's streams are another's bound")
	}
	if _, ok := streams.find("b", first); ok || streams.end("b", first) {
		t.Error("a stream is found by another session's path")
	}
	if !streams.end("a", first) || streams.end("a", first) {
		t.Error("a stream does not end once")
	}
	if streams.open("a", eventNames, alive) == "" {
		t.Error("a stream that has ended still counts")
	}
	living["a"] = false
	streams.open("b", eventNames, alive)
	if n := len(streams.streams); n != 2 {
		t.Errorf("%d streams are kept, want those of the living session, 2", n)
	}
}
