package api

import (
	"net/http"
	"testing"
)

const recordingOfHall = "/api/rooms/hall/recording"

// A recording is begun, goes on, is stopped, and is there; each may be said twice.
func TestRoomIsRecorded(t *testing.T) {
	e := newEdge(t)
	e.archive.Start()
	off := RoomRecording{}
	if got := read[RoomRecording](t, e.do(http.MethodGet, recordingOfHall, "", bearerOf(bob))); got != off {
		t.Errorf("in an empty room: %+v", got)
	}
	w := e.do(http.MethodPut, recordingOfHall, "", bearerOf(carol))
	if wantProblem(t, w, "room_idle"); w.Header().Get("Retry-After") == "" {
		t.Error("it does not say when to try again")
	}
	first := e.record(t, "hall")
	again := read[RoomRecording](t, e.do(http.MethodPut, recordingOfHall, "", bearerOf(carol)))
	if !first.On || first.Recording == "" || first.Trouble != "" || first.Refused != nil || again.Recording != first.Recording {
		t.Errorf("%+v, then %+v", first, again)
	}
	for range 2 {
		if got := read[RoomRecording](t, e.do(http.MethodDelete, recordingOfHall, "", bearerOf(carol))); got != off {
			t.Errorf("stopped: %+v", got)
		}
	}
	eventually(t, "it is stored", func() bool {
		return read[RecordingDetail](t, e.do(http.MethodGet, "/api/recordings/"+first.Recording, "", bearerOf(bob))).State == "stored"
	})
	second := read[RoomRecording](t, e.do(http.MethodPut, recordingOfHall, "", bearerOf(carol)))
	if !second.On || second.Recording == first.Recording {
		t.Errorf("recorded anew: %+v", second)
	}
}

func TestRoomRecordingIsRefused(t *testing.T) {
	e := newEdgeFor(t, []string{"play:foyer"}, 0)
	for name, c := range map[string]struct{ method, room, token, code string }{
		"starting without a token":     {http.MethodPut, "hall", "", "forbidden"},
		"starting with a wrong one":    {http.MethodPut, "hall", "wrong-token", "token_invalid"},
		"starting as who may publish":  {http.MethodPut, "hall", alice, "forbidden"},
		"stopping as who may publish":  {http.MethodDelete, "hall", alice, "forbidden"},
		"stopping without a token":     {http.MethodDelete, "foyer", "", "forbidden"},
		"looking into another room":    {http.MethodGet, "hall", dave, "forbidden"},
		"anybody looking into another": {http.MethodGet, "hall", "", "forbidden"},
		"a room that cannot be":        {http.MethodGet, "a.b", carol, "room_name_invalid"},
		"SQL for a room":               {http.MethodDelete, "x'%20OR%201=1", carol, "room_name_invalid"},
		"another method":               {http.MethodPost, "hall", carol, "method_not_allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			var lines []string
			if c.token != "" {
				lines = append(lines, bearerOf(c.token))
			}
			wantProblem(t, e.do(c.method, "/api/rooms/"+c.room+"/recording", "", lines...), c.code)
		})
	}
	wantStatus(t, e.do(http.MethodGet, "/api/rooms/foyer/recording", ""), http.StatusOK)
	wantProblem(t, newEdge(t).do(http.MethodGet, recordingOfHall, ""), "token_missing")
}

// With no room for recordings the publication goes on, and who asks is told why it is
// not recorded.
func TestSpoolFull(t *testing.T) {
	e := newEdgeFor(t, nil, 1)
	e.archive.Start()
	e.store.held = make(chan struct{})
	defer close(e.store.held)
	waiting := e.record(t, "attic").Recording
	wantStatus(t, e.do(http.MethodDelete, "/api/rooms/attic/recording", "", bearerOf(carol)), http.StatusOK)
	eventually(t, "it waits for the store", func() bool {
		return read[RecordingDetail](t, e.do(http.MethodGet, "/api/recordings/"+waiting, "", bearerOf(bob))).State == "uploading"
	})
	e.begin(t, publishHall)
	w := e.do(http.MethodPut, recordingOfHall, "", bearerOf(carol))
	if wantProblem(t, w, "spool_full"); w.Header().Get("Retry-After") == "" {
		t.Error("it does not say when to try again")
	}
	got := read[RoomRecording](t, e.do(http.MethodGet, recordingOfHall, "", bearerOf(bob)))
	if !got.On || got.Recording != "" || got.Refused == nil || got.Refused.Code != "spool_full" || got.Refused.Reason == "" {
		t.Errorf("%+v", got)
	}
	wantProblem(t, e.do(http.MethodPost, publishHall, "offer", sdpType, bearerOf(carol)), "room_busy")
}
