package porttest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// fillList keeps recordings that began at two a second, in two rooms and three states
// in turn, in any order, and returns their ids as a list has them.
func (a archive) fillList(t *testing.T, count int) []domain.RecordingID {
	t.Helper()
	ids := make([]domain.RecordingID, count)
	for _, i := range rand.Perm(count) {
		ids[count-1-i] = recordingID(i)
		a.keep(t, domain.Recording{
			ID: recordingID(i), Room: []domain.RoomName{"hall", "Hall"}[i%2], Started: noon.Add(time.Duration(i/2) * time.Second),
			State: []domain.RecordingState{domain.RecordingStored, domain.RecordingFailed, domain.RecordingUploading}[i%3],
		})
	}
	return ids
}

func listRecordingOrder(t *testing.T, a archive) {
	want := []domain.RecordingID{"A", "Z", "9", "1", "0", "B0", "B", "AA", "M"}
	began := map[domain.RecordingID]time.Duration{
		"A": time.Hour, "Z": 2 * time.Microsecond, "9": time.Microsecond, "1": time.Microsecond, "0": time.Microsecond,
		"M": -100 * 365 * 24 * time.Hour,
	}
	for _, i := range rand.Perm(len(want)) {
		a.keep(t, domain.Recording{ID: want[i], Started: noon.Add(began[want[i]]), Subject: domain.Subject(want[i])})
	}
	sameKept(t, "order", want, a.ids(t, ports.RecordingQuery{}))
	page, err := a.List(t.Context(), ports.RecordingQuery{}, ports.RecordingPlace{Started: noon, ID: "B0"}, 1)
	if err != nil || len(page) != 1 || page[0].Subject != "B" {
		t.Errorf("behind B0 is %+v (%v), want B with its own fields", page, err)
	}
}

func listRecordingPages(t *testing.T, a archive) {
	want := a.fillList(t, 7)
	for _, limit := range []int{1, 2, 3, 6, 7, 8, math.MaxInt} {
		sameKept(t, fmt.Sprintf("pages of %d", limit), want, a.pages(t, ports.RecordingQuery{}, limit))
	}
	for what, c := range map[string]struct {
		after ports.RecordingPlace
		count int
	}{
		"behind the last":                  {ports.RecordingPlace{Started: noon, ID: "R000"}, 0},
		"behind what is older than all":    {ports.RecordingPlace{Started: noon.Add(-time.Hour), ID: "Z"}, 0},
		"behind what is newer than all":    {ports.RecordingPlace{Started: noon.Add(time.Hour), ID: "A"}, 7},
		"between two of one time":          {ports.RecordingPlace{Started: noon, ID: "R000X"}, 1},
		"before the greatest of one time":  {ports.RecordingPlace{Started: noon.Add(time.Second), ID: "Z"}, 4},
		"behind the smallest of one time":  {ports.RecordingPlace{Started: noon.Add(time.Second), ID: "A"}, 2},
		"between two times":                {ports.RecordingPlace{Started: noon.Add(time.Second / 2), ID: "A"}, 2},
		"at a time and no id":              {ports.RecordingPlace{Started: noon.Add(time.Second)}, 2},
		"at a time of another time zone":   {ports.RecordingPlace{Started: noon.In(time.FixedZone("", -3600)), ID: "R001"}, 1},
		"at a time finer than what's kept": {ports.RecordingPlace{Started: noon.Add(999), ID: "R001"}, 1},
	} {
		if page, err := a.List(t.Context(), ports.RecordingQuery{}, c.after, 100); err != nil || len(page) != c.count {
			t.Errorf("%s are %d recordings (%v), want %d", what, len(page), err, c.count)
		}
	}
	for _, none := range []int{0, -1} {
		if page, err := a.List(t.Context(), ports.RecordingQuery{}, ports.RecordingPlace{}, none); err != nil || len(page) != 0 {
			t.Errorf("List of up to %d recordings has %d (%v)", none, len(page), err)
		}
	}
}

// recordingFilters are queries, with the numbers of those that they are for of fillList's 12.
var recordingFilters = map[string]struct {
	query ports.RecordingQuery
	want  []int
}{
	"nothing":             {ports.RecordingQuery{}, []int{11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}},
	"no states":           {ports.RecordingQuery{States: []domain.RecordingState{}}, []int{11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}},
	"a room":              {ports.RecordingQuery{Room: "hall"}, []int{10, 8, 6, 4, 2, 0}},
	"an unknown room":     {ports.RecordingQuery{Room: "hal"}, nil},
	"a state":             {ports.RecordingQuery{States: inStates(domain.RecordingFailed)}, []int{10, 7, 4, 1}},
	"two states":          {ports.RecordingQuery{States: inStates(domain.RecordingUploading, domain.RecordingFailed)}, []int{11, 10, 8, 7, 5, 4, 2, 1}},
	"a state said twice":  {ports.RecordingQuery{States: inStates(domain.RecordingFailed, domain.RecordingFailed)}, []int{10, 7, 4, 1}},
	"a state that is not": {ports.RecordingQuery{States: inStates(domain.RecordingFinalized)}, nil},
	"from a time":         {ports.RecordingQuery{From: noon.Add(4 * time.Second)}, []int{11, 10, 9, 8}},
	"before a time":       {ports.RecordingQuery{Before: noon.Add(2 * time.Second)}, []int{3, 2, 1, 0}},
	"between two times":   {ports.RecordingQuery{From: noon.Add(time.Second), Before: noon.Add(2 * time.Second)}, []int{3, 2}},
	"times that cross":    {ports.RecordingQuery{From: noon.Add(2 * time.Second), Before: noon.Add(time.Second)}, nil},
	"another time zone":   {ports.RecordingQuery{From: noon.Add(4 * time.Second).In(time.FixedZone("", 7200))}, []int{11, 10, 9, 8}},
	"room and state":      {ports.RecordingQuery{Room: "Hall", States: inStates(domain.RecordingStored)}, []int{9, 3}},
	"all at once": {ports.RecordingQuery{Room: "hall", States: inStates(domain.RecordingStored, domain.RecordingUploading),
		From: noon.Add(time.Second), Before: noon.Add(5 * time.Second)}, []int{8, 6, 2}},
}

func inStates(s ...domain.RecordingState) []domain.RecordingState { return s }

func listRecordingFilters(t *testing.T, a archive) {
	a.fillList(t, 12)
	for name, f := range recordingFilters {
		sameKept(t, "recordings of "+name, numbered(f.want), a.ids(t, f.query))
	}
}

func listRecordingFilteredPages(t *testing.T, a archive) {
	a.fillList(t, 12)
	for name, f := range recordingFilters {
		for _, limit := range []int{1, 3} {
			sameKept(t, fmt.Sprintf("recordings of %s in pages of %d", name, limit), numbered(f.want), a.pages(t, f.query, limit))
		}
	}
}

func numbered(numbers []int) (ids []domain.RecordingID) {
	for _, n := range numbers {
		ids = append(ids, recordingID(n))
	}
	return ids
}

func listRecordingCursorDeleted(t *testing.T, a archive) {
	ids := a.fillList(t, 6)
	page, err := a.List(t.Context(), ports.RecordingQuery{}, ports.RecordingPlace{}, 3)
	if err != nil || len(page) != 3 {
		t.Fatalf("the first page has %d recordings (%v), want 3", len(page), err)
	}
	a.forget(t, page[2].ID)
	rest, err := a.List(t.Context(), ports.RecordingQuery{}, ports.RecordingPlace{Started: page[2].Started, ID: page[2].ID}, 10)
	if err != nil || len(rest) != 3 || rest[0].ID != ids[3] {
		t.Errorf("behind a deleted recording is %+v (%v), want %v", rest, err, ids[3:])
	}
}

func listWhileRecordingsComeAndGo(t *testing.T, a archive) {
	standing := a.fillList(t, 12)
	ctx, stop := context.WithCancel(t.Context())
	var churn sync.WaitGroup
	defer churn.Wait()
	defer stop()
	churn.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			id := recordingID(i%12) + "PASSES"
			_ = a.Update(ctx, id, func(now *domain.Recording) (*domain.Recording, []ports.Delivery, error) {
				if now != nil {
					return nil, nil, nil
				}
				return &domain.Recording{ID: id, Started: noon.Add(time.Duration(i%12/2) * time.Second)}, nil, nil
			})
		}
	})
	for range 20 {
		got := slices.DeleteFunc(a.pages(t, ports.RecordingQuery{}, 3), func(id domain.RecordingID) bool { return strings.HasSuffix(string(id), "PASSES") })
		if !slices.Equal(standing, got) {
			t.Fatalf("recordings that were there all the while are %v, want %v", got, standing)
		}
	}
}

func listRecordingCopies(t *testing.T, a archive) {
	want := domain.Recording{ID: "A", Started: noon, Parts: []domain.Part{{File: "1.mp4", Gaps: []domain.Gap{{At: 5}}}}}
	a.keep(t, want)
	for range 2 {
		page, err := a.List(t.Context(), ports.RecordingQuery{}, ports.RecordingPlace{}, 1)
		if err != nil || len(page) != 1 {
			t.Fatalf("a page of one has %d (%v)", len(page), err)
		}
		sameKept(t, "the listed recording", want, page[0])
		page[0].Parts[0].File, page[0].Parts[0].Gaps[0].At = "scribbled over", 6
	}
	got := a.kept(t, "A")
	got.Parts[0].File, got.Parts[0].Gaps[0].At = "scribbled over", 6
	sameKept(t, "the kept recording", want, a.kept(t, "A"))
}

func countRecordings(t *testing.T, a archive) {
	check := func(when string, want map[domain.RecordingState]int) {
		t.Helper()
		got, err := a.Count(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, state := range domain.RecordingStates() {
			if got[state] != want[state] {
				t.Errorf("%s %d recordings are %s, want %d", when, got[state], state, want[state])
			}
		}
	}
	check("in the beginning", nil)
	a.fillList(t, 11)
	check("of 11", map[domain.RecordingState]int{domain.RecordingStored: 4, domain.RecordingFailed: 4, domain.RecordingUploading: 3})
	a.keep(t, domain.Recording{ID: recordingID(0), State: domain.RecordingFailed})
	a.forget(t, recordingID(2))
	check("after two changes", map[domain.RecordingState]int{domain.RecordingStored: 3, domain.RecordingFailed: 5, domain.RecordingUploading: 2})
}

func cancelledBeforeRecording(t *testing.T, a archive) {
	a.keep(t, domain.Recording{ID: "A", Started: noon})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, get := a.Get(ctx, "A")
	_, list := a.List(ctx, ports.RecordingQuery{}, ports.RecordingPlace{}, 1)
	_, count := a.Count(ctx)
	for call, err := range map[string]error{"Update": a.attempt(ctx, "A"), "Get": get, "List": list, "Count": count} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", call, err)
		}
	}
	if got := a.kept(t, "A").Failure.Attempts; got != 0 {
		t.Error("a cancelled Update wrote")
	}
}

// cancelledWaitingRecording lets the time of an Update run out while another one of the
// same recording is deciding, and sees that the other one comes through.
func cancelledWaitingRecording(t *testing.T, a archive) {
	deciding, decided := make(chan struct{}), make(chan struct{})
	enter := sync.OnceFunc(func() { close(deciding) })
	first := make(chan error, 1)
	go func() {
		first <- a.Update(t.Context(), "A", func(*domain.Recording) (*domain.Recording, []ports.Delivery, error) {
			enter()
			<-decided
			return &domain.Recording{ID: "A", Started: noon, Failure: domain.Failure{Attempts: 100}}, nil, nil
		})
	}()
	<-deciding
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := a.attempt(ctx, "A"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the waiting Update: %v, want context.DeadlineExceeded", err)
	}
	close(decided)
	if err := <-first; err != nil {
		t.Fatalf("the other Update: %v", err)
	}
	if got := a.kept(t, "A").Failure.Attempts; got != 100 {
		t.Errorf("the recording holds %d, want the other Update's 100", got)
	}
}
