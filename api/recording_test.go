package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

// A recording is told of as the contract says, to the letter: clients read it.
func TestRecordingIsTold(t *testing.T) {
	e := newEdge(t)
	r := e.stored(t, "hall", "A", may(1), film, film+"!")
	r.Parts[0].Gaps = []domain.Gap{{Kind: domain.Video, At: 200 * time.Millisecond, Length: 400 * time.Millisecond, Reason: domain.GapSlowDisk}}
	r.Parts[1].Video, r.Parts[1].Width, r.Parts[1].Height, r.Parts[1].Pictures = "", 0, 0, 0
	r.State, r.Stored = domain.RecordingFailed, time.Time{}
	r.Failure = domain.Failure{During: domain.RecordingUploading, Reason: "the store is away", Attempts: 3, Next: may(6)}
	e.keep(t, r)
	const summary = `"id":"A","room":"hall","session":"SESSION","state":"failed","key":"hall/2026-05-01/A","started":"2026-05-01T01:00:00Z",
		"ended":"2026-05-01T01:01:00Z","duration_seconds":3,"bytes":131073,"uploaded_bytes":0,"part_count":2,"gap_count":1,
		"video":{"codec":"H264","width":1280,"height":720,"pictures":45},"audio":{"codec":"OPUS","packets":150},
		"failure":{"during":"uploading","reason":"the store is away","attempts":3,"next_try":"2026-05-01T06:00:00Z"}`
	parts := `[{"file":"part-001.mp4","container":"mp4","publisher":"SESSION","video":{"codec":"H264","width":1280,"height":720,"pictures":45},
		"audio":{"codec":"OPUS","packets":75},"started":"2026-05-01T01:00:00Z","duration_seconds":1.5,"bytes":65536,"sha256":"` + r.Parts[0].SHA256 + `",
		"gaps":[{"kind":"video","at_seconds":0.2,"seconds":0.4,"reason":"slow disk"}],"url":"LINK"},
		{"file":"part-002.mp4","container":"mp4","publisher":"SESSION","audio":{"codec":"OPUS","packets":75},"started":"2026-05-01T01:00:00Z",
		"duration_seconds":1.5,"bytes":65537,"sha256":"` + r.Parts[1].SHA256 + `","gaps":[],"url":"LINK"}]`
	list := e.do(http.MethodGet, "/api/recordings", "", bearerOf(bob))
	sameJSON(t, `{"recordings":[{`+summary+`}]}`, list.Body.String())
	one := e.do(http.MethodGet, "/api/recordings/A", "", bearerOf(bob))
	sameJSON(t, `{`+summary+`,"parts":`+parts+`}`, linkFound.ReplaceAllString(one.Body.String(), `"url":"LINK"`))
	for _, w := range []http.Header{list.Header(), one.Header()} {
		if w.Get("Cache-Control") != "no-store" || w.Get("Content-Type") != "application/json" {
			t.Errorf("%v", w)
		}
	}
	sameJSON(t, `{"recordings":[]}`, e.do(http.MethodGet, "/api/recordings?room=nowhere", "", bearerOf(bob)).Body.String())
}

func sameJSON(t *testing.T, want, got string) {
	t.Helper()
	var w, g any
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	if d := cmp.Diff(w, g); d != "" {
		t.Error(d)
	}
}

// operations are all that can be asked of the recording A.
var operations = []struct{ method, target string }{
	{http.MethodGet, "/api/recordings/A"},
	{http.MethodGet, "/api/recordings/A/media"},
	{http.MethodHead, "/api/recordings/A/media"},
	{http.MethodPost, "/api/recordings/A/retry"},
	{http.MethodDelete, "/api/recordings/A"},
}

// To who may not watch its room a recording is not there, whatever is asked of it.
func TestRecordingIsHidden(t *testing.T) {
	e := newEdge(t)
	e.stored(t, "hall", "A", may(1), film)
	for _, op := range operations {
		wantProblem(t, e.do(op.method, op.target, ""), "token_missing")
		wantProblem(t, e.do(op.method, op.target, "", bearerOf("wrong-token")), "token_invalid")
		wantProblem(t, e.do(op.method, op.target, "", bearerOf(dave)), "recording_unknown")
		for _, id := range []string{"B", "a", "A%00", "A%27%20OR%201=1", "%2e%2e%2fA", strings.Repeat("A", 65), "%C3%84"} {
			target := strings.Replace(op.target, "/A", "/"+id, 1)
			if w := e.do(op.method, target, "", bearerOf(carol)); w.Code != http.StatusNotFound && w.Code != http.StatusBadRequest {
				t.Errorf("%s %s: %d %s", op.method, target, w.Code, w.Body)
			}
		}
	}
	for _, op := range operations[3:] {
		wantProblem(t, e.do(op.method, op.target, "", bearerOf(bob)), "forbidden")
	}
	if e.list(t, "", bearerOf(bob))[0] != "A" {
		t.Error("it is gone")
	}
}

func TestRecordingsAreLimited(t *testing.T) {
	targets := append(slices.Clone(operations), struct{ method, target string }{http.MethodGet, "/api/recordings"},
		struct{ method, target string }{http.MethodGet, "/api/rooms/hall/recording"},
		struct{ method, target string }{http.MethodPut, "/api/rooms/hall/recording"},
		struct{ method, target string }{http.MethodDelete, "/api/rooms/hall/recording"})
	for _, op := range targets {
		e := newEdge(t, func(o *Options) { o.Sessions = &limiter{} })
		w := e.do(op.method, op.target, "", bearerOf(carol))
		if wantProblem(t, w, "rate_limited"); w.Header().Get("Retry-After") != "60" {
			t.Errorf("%s %s: %v", op.method, op.target, w.Header())
		}
	}
}

func TestRecordingIsDeleted(t *testing.T) {
	e := newEdge(t)
	r := e.stored(t, "hall", "A", may(1), film, film)
	e.stored(t, "hall", "B", may(2), film)
	wantNothing(t, e.do(http.MethodDelete, "/api/recordings/A", "", bearerOf(carol)), http.StatusNoContent)
	wantProblem(t, e.do(http.MethodDelete, "/api/recordings/A", "", bearerOf(carol)), "recording_unknown")
	if got := e.list(t, "", bearerOf(bob)); !slices.Equal(got, []string{"B"}) {
		t.Errorf("%v are left, want B", got)
	}
	for _, p := range r.Parts {
		if _, err := e.store.Stat(t.Context(), r.Key.Below(p.File)); err == nil {
			t.Errorf("%s is still in the store", p.File)
		}
	}
	entries := e.entries(t)
	if len(entries) != 1 {
		t.Fatalf("%+v", entries)
	}
	if got := entries[0]; got.Subject != "carol" || got.From != "192.0.2.1" || got.Act != "recording.delete" || got.Object != "A" {
		t.Errorf("%+v", got)
	}
}

// Whoever looks on while a recording is made, fails, and is tried again sees all of it.
func TestRecordingIsTriedAgain(t *testing.T) {
	e := newEdge(t)
	e.store.refuses.Store(true)
	e.archive.Start()
	id := e.record(t, "hall").Recording
	path := "/api/recordings/" + id
	wantProblem(t, e.do(http.MethodPost, path+"/retry", "", bearerOf(carol)), "recording_state")
	wantProblem(t, e.do(http.MethodDelete, path, "", bearerOf(carol)), "recording_live")
	wantProblem(t, e.do(http.MethodGet, path+"/media", "", bearerOf(bob)), "recording_pending")
	live := read[RecordingDetail](t, e.do(http.MethodGet, path, "", bearerOf(bob)))
	if live.State != "started" || live.Live == nil || live.Live.Bytes == 0 || live.Bytes != live.Live.Bytes || live.DurationSeconds <= 0 || len(live.Parts) > 0 {
		t.Errorf("while it is being made: %+v", live)
	}
	wantStatus(t, e.do(http.MethodDelete, "/api/rooms/hall/recording", "", bearerOf(carol)), http.StatusOK)
	now := live
	look := func() string {
		now = read[RecordingDetail](t, e.do(http.MethodGet, path, "", bearerOf(bob)))
		return now.State
	}
	eventually(t, "the upload fails twice", func() bool { return look() == "failed" && now.Failure.Attempts > 1 })
	if now.Live != nil || now.Failure.During != "uploading" || !strings.Contains(now.Failure.Reason, "403") || now.Failure.NextTry == nil || now.UploadedBytes != 0 {
		t.Errorf("after it has failed: %+v", now)
	}
	if w := e.do(http.MethodGet, now.Parts[0].URL, ""); w.Code != http.StatusOK || int64(w.Body.Len()) != now.Parts[0].Bytes {
		t.Errorf("it does not play meanwhile: %d", w.Code)
	}
	e.store.refuses.Store(false)
	read[RecordingDetail](t, e.do(http.MethodPost, path+"/retry", "", bearerOf(carol)))
	eventually(t, "it is stored", func() bool { return look() == "stored" })
	if now.Failure != nil || now.UploadedBytes != now.Bytes || now.Stored == nil || now.Video == nil || now.Video.Width != 320 || now.Audio == nil {
		t.Errorf("in the store: %+v", now)
	}
	wantProblem(t, e.do(http.MethodPost, path+"/retry", "", bearerOf(carol)), "recording_state")
	wantNothing(t, e.do(http.MethodDelete, path, "", bearerOf(carol)), http.StatusNoContent)
	wantProblem(t, e.do(http.MethodGet, now.Parts[0].URL, ""), "recording_unknown")
}

func TestUploadIsToldOf(t *testing.T) {
	e := newEdge(t)
	e.store.held = make(chan struct{})
	e.archive.Start()
	id := e.record(t, "hall").Recording
	wantStatus(t, e.do(http.MethodDelete, "/api/rooms/hall/recording", "", bearerOf(carol)), http.StatusOK)
	var now RecordingDetail
	look := func() RecordingDetail {
		now = read[RecordingDetail](t, e.do(http.MethodGet, "/api/recordings/"+id, "", bearerOf(bob)))
		return now
	}
	eventually(t, "half of it is in the store", func() bool { return look().State == "uploading" && now.UploadedBytes == now.Bytes/2 && now.Bytes > 0 })
	close(e.store.held)
	eventually(t, "all of it is in the store", func() bool { return look().State == "stored" && now.UploadedBytes == now.Bytes })
}
