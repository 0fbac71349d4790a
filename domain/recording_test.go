package domain_test

import (
	"errors"
	"testing"
	"time"

	"rostrum/domain"
)

var (
	parts = []domain.Part{
		{File: "part-001.mp4", Video: domain.H264, Duration: time.Minute, Bytes: 1000},
		{File: "part-002.webm", Video: domain.VP8, Duration: time.Second, Bytes: 24},
	}
)

func started() domain.Recording {
	return domain.Recording{ID: "R", Room: "hall", State: domain.RecordingStarted, Started: noon}
}

// The steps of a recording, by name.
var steps = map[string]func(*domain.Recording) error{
	"finalize": func(r *domain.Recording) error { return r.Finalize(parts, noon.Add(time.Minute)) },
	"upload":   (*domain.Recording).Upload,
	"store":    func(r *domain.Recording) error { return r.Store(noon.Add(time.Hour)) },
	"fail":     func(r *domain.Recording) error { return r.Fail("the store is away", noon) },
	"retry":    func(r *domain.Recording) error { return r.RetryNow(noon) },
}

// Which step leads from which state where; every other one is refused.
func TestRecordingStates(t *testing.T) {
	const (
		start, final, up = domain.RecordingStarted, domain.RecordingFinalized, domain.RecordingUploading
		stored, failed   = domain.RecordingStored, domain.RecordingFailed
	)
	type from struct {
		state  domain.RecordingState
		during domain.RecordingState // of one that has failed
	}
	leads := map[from]map[string]domain.RecordingState{
		{start, ""}:     {"finalize": final, "fail": failed},
		{final, ""}:     {"upload": up, "fail": failed},
		{up, ""}:        {"upload": up, "store": stored, "fail": failed},
		{stored, ""}:    {},
		{failed, start}: {"finalize": final, "fail": failed, "retry": failed},
		{failed, final}: {"upload": up, "fail": failed, "retry": failed},
		{failed, up}:    {"upload": up, "fail": failed, "retry": failed},
	}
	for f, allowed := range leads {
		for step, do := range steps {
			r := started()
			r.State = f.state
			if f.state == failed {
				r.Failure = domain.Failure{During: f.during, Attempts: 1}
			}
			before := r
			err := do(&r)
			to, ok := allowed[step]
			switch {
			case ok && (err != nil || r.State != to):
				t.Errorf("%s of %v: %s, %v, want %s", step, f, r.State, err, to)
			case !ok && !errors.Is(err, domain.ErrRecordingState):
				t.Errorf("%s of %v is allowed, it leads to %s", step, f, r.State)
			case !ok:
				same(t, "the refused", r, before)
			}
		}
	}
}

func TestRecordingGoesOnFromWhereItFailed(t *testing.T) {
	r := started()
	must(t, steps["finalize"](&r))
	must(t, r.Upload())
	for attempt := 1; attempt <= 20; attempt++ {
		must(t, r.Fail("the store is away", noon))
		want := domain.Failure{During: domain.RecordingUploading, Reason: "the store is away", Attempts: attempt, Next: noon.Add(domain.Backoff(attempt))}
		same(t, "failure", r.Failure, want)
		if attempt%3 == 0 { // tried again, by the way of uploading or without having got that far
			must(t, r.Upload())
		}
	}
	must(t, r.Upload())
	must(t, r.Store(noon.Add(time.Hour)))
	same(t, "failure of what is stored", r.Failure, domain.Failure{})
	same(t, "stored", r.Stored, noon.Add(time.Hour))
	same(t, "ended", r.Ended, noon.Add(time.Minute))
	same(t, "bytes", r.Bytes(), int64(1024))
	same(t, "duration", r.Duration(), time.Minute+time.Second)
}

func TestBackoff(t *testing.T) {
	for attempts, want := range map[int]time.Duration{
		0: time.Second, 1: time.Second, 2: 2 * time.Second, 5: 16 * time.Second, 9: 256 * time.Second,
		10: domain.LongestRetry, 11: domain.LongestRetry, 1 << 40: domain.LongestRetry,
	} {
		if got := domain.Backoff(attempts); got != want {
			t.Errorf("after %d attempts %v, want %v", attempts, got, want)
		}
	}
}

func TestAnnouncements(t *testing.T) {
	r := started()
	var told []domain.EventID
	note := func() {
		if _, id, ok := r.Announcement(); ok {
			told = append(told, id)
		}
	}
	note()
	must(t, steps["finalize"](&r))
	note()
	for range 5 {
		must(t, r.Upload())
		note()
		must(t, r.Fail("away", noon))
		note()
	}
	must(t, r.Upload())
	must(t, r.Store(noon))
	note()
	same(t, "what is told", told, []domain.EventID{"R.failed", "R.completed"})
	name, _, _ := r.Announcement()
	same(t, "name", name, domain.RecordingCompleted)
}

func TestRecordingParts(t *testing.T) {
	r := started()
	must(t, steps["finalize"](&r))
	if p, ok := r.Part("part-002.webm"); !ok || p.Video != domain.VP8 {
		t.Errorf("part 2 is %+v, %v", p, ok)
	}
	if _, ok := r.Part("part-003.mp4"); ok {
		t.Error("there is a third part")
	}
	for _, s := range []string{"started", "finalized", "uploading", "stored", "failed"} {
		if got, ok := domain.ParseRecordingState(s); !ok || string(got) != s {
			t.Errorf("%s is %s, %v", s, got, ok)
		}
	}
	if got, ok := domain.ParseRecordingState("lost"); ok {
		t.Errorf("lost is %s", got)
	}
}

func TestKeyTemplate(t *testing.T) {
	r := domain.Recording{ID: "R2D2", Room: "hall_1", Started: time.Date(2026, 1, 2, 23, 4, 5, 0, time.FixedZone("", -3600))}
	for template, want := range map[domain.KeyTemplate]domain.ObjectKey{
		"{room}/{date}/{recording}":                   "hall_1/2026-01-03/R2D2",
		"year={year}/month={month}/{day}/{recording}": "year=2026/month=01/03/R2D2",
		"{recording}":                   "R2D2",
		"a.b/{time}-{room}-{recording}": "a.b/000405-hall_1-R2D2",
	} {
		if err := template.Check(); err != nil {
			t.Errorf("%s: %v", template, err)
		}
		if got := template.Key(r); got != want || !got.Valid() {
			t.Errorf("%s gives %s, want %s", template, got, want)
		}
	}
	for _, template := range []domain.KeyTemplate{
		"", "{room}", "{recording}/", "/{recording}", "{recording}/../x", "./{recording}", "{recording}/{subject}", "{recording", "a//{recording}",
		"ü/{recording}", "{recording} ", "{recording}\n", "{room}/{recording}/{recording}}", `\{recording}`,
	} {
		if template.Check() == nil {
			t.Errorf("%q is taken, and gives %s", template, template.Key(r))
		}
	}
	same(t, "below", domain.ObjectKey("a/b").Below("c.mp4"), domain.ObjectKey("a/b/c.mp4"))
}

func TestObjectKeysAreBounded(t *testing.T) {
	long := make([]byte, 513)
	for i := range long {
		long[i] = 'a'
	}
	for key, want := range map[domain.ObjectKey]bool{
		domain.ObjectKey(long): false, domain.ObjectKey(long[1:]): true, "a/..b": true, "a/..": false, "..": false, "a/./b": false, "a b": false, "": false,
	} {
		if key.Valid() != want {
			t.Errorf("%q valid: %v", key, !want)
		}
	}
}

func TestRoomRecording(t *testing.T) {
	r := domain.NewRoom("hall", domain.RoomRules{Record: true})
	on := func(when string, want bool) { t.Helper(); same(t, "recording "+when, r.Recording(), want) }
	on("an empty room", false)
	if err := r.Record(true); !errors.Is(err, domain.ErrRoomIdle) {
		t.Errorf("recording nobody: %v", err)
	}
	must(t, r.Publish(ann))
	on("a publisher", true)
	must(t, r.Record(false))
	on("what it shall not", false)
	must(t, r.Record(true))
	on("it again", true)
	must(t, r.Connect("pub"))
	r.Lose("pub")
	on("while the publisher is awaited", true)
	must(t, r.Publish(annNext))
	on("the one that came back", true)
	must(t, r.Connect("next"))
	must(t, r.Record(false))
	r.Leave("next")
	on("after all have left", false)
	must(t, r.Publish(ann))
	on("the next publication, as the settings say", true)
}

func TestTheRecorderIsInEveryRoute(t *testing.T) {
	r := live(t, domain.RoomRules{MaxSubscribers: 1}, "x")
	before := r.Status()
	r.SetRecorder("tape")
	for _, route := range r.FanOut().Routes {
		if n := len(route.Legs); n == 0 || route.Legs[n-1].Subscriber != "tape" {
			t.Errorf("%s goes to %v", route.Track.ID, route.Legs)
		}
	}
	same(t, "status", r.Status(), before)
	same(t, "recorder", r.Recorder(), domain.SessionID("tape"))
	r.SetRecorder("")
	for _, route := range r.FanOut().Routes {
		for _, leg := range route.Legs {
			if leg.Subscriber == "tape" {
				t.Errorf("%s goes to %v", route.Track.ID, route.Legs)
			}
		}
	}
	r.SetRecorder("tape")
	r.Clear()
	if !r.Empty() {
		t.Error("a recorder keeps a room alive")
	}

	r = live(t, domain.RoomRules{})
	must(t, r.Connect("pub"))
	r.SetRecorder("tape")
	r.Lose("pub")
	if r.Empty() {
		t.Error("a room that is recorded does not await its publisher")
	}
	r.Clear()
	if !r.Empty() {
		t.Error("a recorder keeps a room alive whose publisher did not come back")
	}
}
