package porttest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// Sessions checks what ports.Sessions promises. open returns an empty store.
func Sessions(t *testing.T, open func(t *testing.T) ports.Sessions) {
	for name, promise := range map[string]func(*testing.T, visitors){
		"Get/of an unknown session is ErrSessionUnknown":        getUnknownSession,
		"Get/and List return every field":                       getEverySessionField,
		"Get/gives text back byte for byte":                     getSessionText,
		"Get/has times to the microsecond and in UTC":           getSessionTimes,
		"Get/has figures up to the greatest that is kept":       getSessionFigures,
		"Keep/puts a record in place of an earlier one":         keepReplaces,
		"Keep/of an end is not undone by one that comes late":   keepEndStays,
		"Keep/of an end takes the place of Abandon's":           keepAfterAbandon,
		"Keep/of one session twice in a call counts the later":  keepTwiceInOne,
		"Keep/of nothing is nothing":                            keepNothing,
		"Keep/keeps no hold of the records":                     keepRetainsNothing,
		"Keep/keeps a thousand records in one call":             keepThousand,
		"Keep/shows its records together":                       keepShowsTogether,
		"Keep/that is cancelled meanwhile keeps all or none":    keepCancelledMeanwhile,
		"Keep/of the same sessions at once loses no end":        keepAtOnce,
		"Abandon/ends what is live of a node":                   abandonNode,
		"Abandon/ends nothing before it began":                  abandonYounger,
		"Abandon/takes any text for a node":                     abandonText,
		"Abandon/and Keep at once leave nothing live":           abandonAtOnce,
		"Forget/removes what ended before a time, in pages":     forgetPages,
		"Forget/leaves what ended at the time, and what's live": forgetLeaves,
		"Forget/and Keep at once remove only what is old":       forgetAtOnce,
		"List/has those that began last first":                  listSessionOrder,
		"List/gives pages that begin behind a place":            listSessionPages,
		"List/has each filter":                                  listSessionFilters,
		"List/has pages of what is filtered":                    listSessionFilteredPages,
		"List/finds a session by what it is now":                listSessionNow,
		"List/goes on when the last session is forgotten":       listSessionCursorForgotten,
		"List/has standing sessions once while others come go":  listWhileSessionsComeAndGo,
		"List/gives copies":                                     listSessionCopies,
		"a cancelled context/is an error and writes nothing":    cancelledSessions,
	} {
		t.Run(name, func(t *testing.T) { promise(t, visitors{open(t)}) })
	}
}

func getUnknownSession(t *testing.T, v visitors) {
	v.keep(t, begun("AB"))
	for _, id := range []domain.SessionID{"A", "ABC", "ab", ""} {
		if _, err := v.Get(t.Context(), id); !errors.Is(err, domain.ErrSessionUnknown) {
			t.Errorf("Get of %q beside AB: %v, want ErrSessionUnknown", id, err)
		}
	}
}

// getEverySessionField fails for an adapter that forgets a field, also one that the
// domain has only just got.
func getEverySessionField(t *testing.T, v visitors) {
	var full domain.SessionRecord
	fillEvery(t, reflect.ValueOf(&full).Elem(), "SessionRecord")
	full.ID = "A"
	live := full
	live.Ended, live.Reason = time.Time{}, ""
	empty := domain.SessionRecord{ID: "A", Started: noon}
	overwritten := domain.SessionRecord{ID: "A", Started: noon, Ended: noon}
	for i, want := range []domain.SessionRecord{empty, live, full, overwritten, full} {
		v.keep(t, want)
		v.holds(t, fmt.Sprintf("session %d as it came back", i), want)
		page, err := v.List(t.Context(), ports.SessionQuery{}, ports.SessionPlace{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		sameKept(t, fmt.Sprintf("session %d as it is listed", i), []domain.SessionRecord{want}, page)
	}
}

// getSessionText has every field of text say the same, whichever there are.
func getSessionText(t *testing.T, v visitors) {
	for i, text := range hostile {
		want := domain.SessionRecord{Started: noon.Add(time.Duration(i) * time.Second), Ended: noon.Add(time.Hour), Codecs: []domain.Codec{"", ""}}
		say(reflect.ValueOf(&want).Elem(), text)
		v.keep(t, want)
		v.holds(t, fmt.Sprintf("%.40q", text), want)
		sameKept(t, fmt.Sprintf("sessions of room and role %.40q", text), []domain.SessionID{want.ID},
			v.ids(t, ports.SessionQuery{Room: want.Room, Role: want.Role}))
		page, err := v.List(t.Context(), ports.SessionQuery{}, ports.SessionPlace{Started: want.Started, ID: want.ID}, 100)
		if err != nil || len(page) != i {
			t.Errorf("behind %.40q are %d sessions (%v), want %d", text, len(page), err, i)
		}
	}
	talkative := begun("long")
	talkative.UserAgent, talkative.Address, talkative.Subject = long, long, domain.Subject(long)
	v.keep(t, talkative)
	v.holds(t, "a long text", talkative)
}

func getSessionTimes(t *testing.T, v visitors) {
	exact := noon.Add(123_456 * time.Microsecond)
	given := exact.Add(789).In(time.FixedZone("far east", 9*3600))
	v.keep(t, domain.SessionRecord{ID: "A", Started: given, Ended: given})
	got := v.kept(t, "A")
	sameKept(t, "times", domain.SessionRecord{ID: "A", Started: exact, Ended: exact}, got)
	for name, at := range map[string]time.Time{"Started": got.Started, "Ended": got.Ended} {
		if at.Location() != time.UTC {
			t.Errorf("%s is in %s, want UTC", name, at.Location())
		}
	}
	for what, query := range map[string]ports.SessionQuery{
		"from when it began": {From: given}, "before the next microsecond": {Before: given.Add(time.Microsecond)},
	} {
		sameKept(t, what, []domain.SessionID{"A"}, v.ids(t, query))
	}
	v.keep(t, begun("B"))
	v.abandon(t, "north", given, 1)
	v.holds(t, "what was abandoned", crashed(begun("B"), exact))
	v.forget(t, given, 10, 0)
	v.forget(t, given.Add(time.Microsecond), 10, 2)
}

// getSessionFigures keeps what no figure should be, and is when a counter runs under:
// one such must not keep the others of its call from being kept.
func getSessionFigures(t *testing.T, v visitors) {
	const greatest = math.MaxInt64
	record := func(id domain.SessionID, figure uint64) domain.SessionRecord {
		r := ended(id, time.Hour)
		r.Report = domain.SessionReport{
			Packets: figure, Bytes: figure, Bitrate: figure, Keyframes: figure,
			Resent: figure, Dropped: figure, Lost: figure, Estimate: figure,
		}
		return r
	}
	v.keep(t, record("greatest", greatest), record("beyond", greatest+1), record("under", math.MaxUint64), ended("other", time.Hour))
	for _, id := range []domain.SessionID{"greatest", "beyond", "under"} {
		v.holds(t, string(id), record(id, greatest))
	}
	v.holds(t, "the other", ended("other", time.Hour))
}

func cancelledSessions(t *testing.T, v visitors) {
	v.keep(t, begun("A"), ended("B", 0))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, get := v.Get(ctx, "A")
	_, list := v.List(ctx, ports.SessionQuery{}, ports.SessionPlace{}, 1)
	_, abandon := v.Abandon(ctx, "north", noon)
	_, forget := v.Forget(ctx, noon.Add(time.Hour), 10)
	for call, err := range map[string]error{
		"Get": get, "List": list, "Abandon": abandon, "Forget": forget,
		"Keep": v.Keep(ctx, []domain.SessionRecord{ended("A", time.Hour), begun("C")}),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", call, err)
		}
	}
	v.holds(t, "the live session", begun("A"))
	sameKept(t, "what there is", []domain.SessionID{"B", "A"}, v.ids(t, ports.SessionQuery{}))
}

// say gives every string below v the text.
func say(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Slice:
		for i := range v.Len() {
			say(v.Index(i), text)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for _, field := range v.Fields() {
			say(field, text)
		}
	default: // no text is in it
	}
}
