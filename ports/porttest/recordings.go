package porttest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// Recordings checks what ports.Recordings promises. open returns an empty store and
// the outbox that its updates put deliveries into.
func Recordings(t *testing.T, open func(t *testing.T) (ports.Recordings, ports.Outbox)) {
	for name, promise := range map[string]func(*testing.T, archive){
		"Get/of an unknown recording is ErrRecordingUnknown":     getUnknownRecording,
		"Get/returns every field, parts and gaps":                getEveryRecordingField,
		"Get/gives text back byte for byte":                      getRecordingText,
		"Get/has times to the microsecond and in UTC":            getRecordingTimes,
		"Update/from nil creates and to nil deletes":             updateRecordingThroughNil,
		"Update/from nil to nil leaves no recording":             updateRecordingNilToNil,
		"Update/shows decide what is kept":                       updateRecordingShowsNow,
		"Update/returns an error of decide, writing nothing":     updateRecordingRefused,
		"Update/keeps no hold of what decide has returned":       updateRecordingRetainsNothing,
		"Update/of one recording at once loses no change":        updateRecordingAtOnce,
		"Update/creates a recording once when many ask at once":  updateRecordingCreatesOnce,
		"Update/of many recordings at once keeps them apart":     updateManyRecordings,
		"Update/has its deliveries due in the outbox":            updateDelivers,
		"Update/leaves a delivery that is there already":         updateLeavesDelivery,
		"Update/to nil leaves what is to be delivered":           updateToNilDelivers,
		"Update/shows a recording and its deliveries together":   updateShowsTogether,
		"List/has those that began last first":                   listRecordingOrder,
		"List/gives pages that begin behind a place":             listRecordingPages,
		"List/has each filter":                                   listRecordingFilters,
		"List/has pages of what is filtered":                     listRecordingFilteredPages,
		"List/goes on when the last recording is deleted":        listRecordingCursorDeleted,
		"List/has standing recordings once while others come go": listWhileRecordingsComeAndGo,
		"List/gives copies":                                      listRecordingCopies,
		"Count/counts each state":                                countRecordings,
		"a cancelled context/is an error and writes nothing":     cancelledBeforeRecording,
		"a cancelled context/ends the wait for another Update":   cancelledWaitingRecording,
	} {
		t.Run(name, func(t *testing.T) {
			recordings, outbox := open(t)
			promise(t, archive{recordings, outbox})
		})
	}
}

func getUnknownRecording(t *testing.T, a archive) {
	a.keep(t, domain.Recording{ID: "AB"})
	for _, id := range []domain.RecordingID{"A", "ABC", "ab", ""} {
		if _, err := a.Get(t.Context(), id); !errors.Is(err, domain.ErrRecordingUnknown) {
			t.Errorf("Get of %q beside AB: %v, want ErrRecordingUnknown", id, err)
		}
	}
}

// getEveryRecordingField fails for an adapter that forgets a field, also one that the
// domain has only just got.
func getEveryRecordingField(t *testing.T, a archive) {
	var full domain.Recording
	fillEvery(t, reflect.ValueOf(&full).Elem(), "Recording")
	full.ID = "A"
	bare := domain.Recording{ID: "A", Started: noon, Parts: []domain.Part{{File: "1.mp4"}, {}}}
	for i, want := range []domain.Recording{full, {ID: "A"}, bare, full} {
		a.keep(t, want)
		sameKept(t, fmt.Sprintf("recording %d as it came back", i), want, a.kept(t, "A"))
	}
}

func getRecordingText(t *testing.T, a archive) {
	for i, text := range []string{
		"403 Forbidden: größer — 大講堂 🎤", "e\u0301 is not \u00e9", "  outer spaces\t\r\n", `'; DROP TABLE recordings; --`,
		`" OR 1=1 --`, `\' $1 ? :name @name %s`, "NULL", `{"not": "json"`, strings.Repeat("long ", 20_000),
	} {
		want := domain.Recording{
			ID: recordingID(i), Started: noon, Subject: domain.Subject(text), Failure: domain.Failure{Reason: text},
			Parts: []domain.Part{{File: text, Gaps: []domain.Gap{{Reason: domain.GapReason(text)}}}},
		}
		a.keep(t, want)
		sameKept(t, fmt.Sprintf("%.40q", text), want, a.kept(t, recordingID(i)))
	}
}

func getRecordingTimes(t *testing.T, a archive) {
	exact := noon.Add(123_456 * time.Microsecond)
	given := exact.Add(789).In(time.FixedZone("far east", 9*3600))
	made := func(at time.Time) domain.Recording {
		return domain.Recording{
			ID: "A", Started: at, Ended: at, Stored: at,
			Failure: domain.Failure{Next: at}, Parts: []domain.Part{{Started: at}},
		}
	}
	a.keep(t, made(given))
	want, got := made(exact), a.kept(t, "A")
	sameKept(t, "times", want, got)
	for name, at := range map[string]time.Time{
		"Started": got.Started, "Ended": got.Ended, "Stored": got.Stored,
		"Failure.Next": got.Failure.Next, "Parts[0].Started": got.Parts[0].Started,
	} {
		if at.Location() != time.UTC {
			t.Errorf("%s is in %s, want UTC", name, at.Location())
		}
	}
	for what, query := range map[string]ports.RecordingQuery{
		"from when it began": {From: given}, "before the next microsecond": {Before: given.Add(time.Microsecond)},
	} {
		if got := a.ids(t, query); !slices.Equal(got, []domain.RecordingID{"A"}) {
			t.Errorf("%s there is %v, want A", what, got)
		}
	}
}

func updateRecordingThroughNil(t *testing.T, a archive) {
	a.keep(t, domain.Recording{ID: "A", Started: noon})
	a.keep(t, domain.Recording{ID: "B", Started: noon})
	a.forget(t, "A")
	if _, err := a.Get(t.Context(), "A"); !errors.Is(err, domain.ErrRecordingUnknown) {
		t.Errorf("Get of a deleted recording: %v, want ErrRecordingUnknown", err)
	}
	sameKept(t, "what is left of two", []domain.RecordingID{"B"}, a.ids(t, ports.RecordingQuery{}))
}

func updateRecordingNilToNil(t *testing.T, a archive) {
	a.forget(t, "A")
	sameKept(t, "what there is", nil, a.ids(t, ports.RecordingQuery{}))
}

func updateRecordingShowsNow(t *testing.T, a archive) {
	want := domain.Recording{ID: "A", Started: noon, Parts: []domain.Part{{File: "1.mp4", Gaps: []domain.Gap{{At: 5}}}}}
	for _, want := range []*domain.Recording{nil, &want} {
		err := a.Update(t.Context(), "A", func(now *domain.Recording) (*domain.Recording, []ports.Delivery, error) {
			sameKept(t, "what decide was shown", want, now)
			return &domain.Recording{ID: "A", Started: noon, Parts: []domain.Part{{File: "1.mp4", Gaps: []domain.Gap{{At: 5}}}}}, nil, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func updateRecordingRefused(t *testing.T, a archive) {
	want := domain.Recording{ID: "A", Started: noon, Parts: []domain.Part{{File: "as it was", Gaps: []domain.Gap{{At: 5}}}}}
	a.keep(t, want)
	refusal := domain.ErrRecordingState.Because("not today")
	for _, id := range []domain.RecordingID{"A", "NEW"} {
		err := a.Update(t.Context(), id, func(now *domain.Recording) (*domain.Recording, []ports.Delivery, error) {
			if now != nil {
				now.Parts[0].File, now.Parts[0].Gaps[0].At = "scribbled over", 6
			}
			return &domain.Recording{ID: id, Started: noon}, []ports.Delivery{delivery(id, 0)}, refusal
		})
		if err != error(refusal) {
			t.Errorf("Update of %s returned %v, want decide's own error as it is", id, err)
		}
	}
	sameKept(t, "the recording after a refused Update", want, a.kept(t, "A"))
	if _, err := a.Get(t.Context(), "NEW"); !errors.Is(err, domain.ErrRecordingUnknown) {
		t.Errorf("a refused Update made a recording: Get returned %v", err)
	}
	sameKept(t, "what is due after refused Updates", nil, a.due(t))
}

func updateRecordingRetainsNothing(t *testing.T, a archive) {
	made := func() domain.Recording {
		return domain.Recording{ID: "A", Started: noon, Parts: []domain.Part{{File: "as written", Gaps: []domain.Gap{{At: 5}}}}}
	}
	mine, posted := made(), delivery("A", 0)
	a.keep(t, mine, posted)
	mine.Parts[0].File, mine.Parts[0].Gaps[0].At, posted.Body[0] = "changed afterwards", 6, '!'
	sameKept(t, "the kept recording", made(), a.kept(t, "A"))
	sameKept(t, "the kept delivery", []ports.Delivery{delivery("A", 0)}, a.due(t))
}
