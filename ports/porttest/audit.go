package porttest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// Audit checks what ports.Audit promises. open returns an empty trail.
func Audit(t *testing.T, open func(t *testing.T) ports.Audit) {
	for name, promise := range map[string]func(*testing.T, ports.Audit){
		"Record/keeps every field but the number":            auditFields,
		"Record/keeps text byte for byte":                    auditText,
		"Record/has times to the microsecond and in UTC":     auditTimes,
		"Record/adds all its entries in their order":         auditVariadic,
		"Record/of no entries adds none":                     auditNone,
		"Record/shows its entries together":                  auditTogether,
		"Record/at once keeps every entry":                   auditAtOnce,
		"List/is in the order in which entries were added":   auditOrder,
		"List/gives pages that begin behind a number":        auditPages,
		"List/misses no entry while others are added":        auditWhileAdded,
		"a cancelled context/is an error and writes nothing": cancelledAudit,
	} {
		t.Run(name, func(t *testing.T) { promise(t, open(t)) })
	}
}

func auditFields(t *testing.T, audit ports.Audit) {
	var full ports.AuditEntry
	fillEvery(t, reflect.ValueOf(&full).Elem(), "AuditEntry")
	record(t, audit, full)
	record(t, audit, ports.AuditEntry{})
	got := trail(t, audit)
	if len(got) != 2 {
		t.Fatalf("two entries came to %d", len(got))
	}
	if got[0].Number == full.Number {
		t.Errorf("the entry has number %d, which its writer chose", full.Number)
	}
	full.Number = got[0].Number
	sameKept(t, "the first entry", full, got[0])
	sameKept(t, "an empty entry", ports.AuditEntry{Number: got[1].Number}, got[1])
}

func auditText(t *testing.T, audit ports.Audit) {
	texts := append([]string{long}, hostile...)
	for _, text := range texts {
		record(t, audit, ports.AuditEntry{At: noon, Subject: domain.Subject(text), From: text, Act: text, Object: text, Detail: text})
	}
	for i, e := range trail(t, audit) {
		text := texts[i]
		sameKept(t, fmt.Sprintf("%.40q", text), ports.AuditEntry{
			Number: e.Number, At: noon, Subject: domain.Subject(text), From: text, Act: text, Object: text, Detail: text,
		}, e)
	}
}

func auditTimes(t *testing.T, audit ports.Audit) {
	want := noon.Add(123_456 * time.Microsecond)
	record(t, audit, ports.AuditEntry{At: want.Add(789).In(time.FixedZone("far east", 9*3600))})
	if got := trail(t, audit)[0].At; got != want {
		t.Errorf("the entry is of %v, want %v", got, want)
	}
}

func auditVariadic(t *testing.T, audit ports.Audit) {
	record(t, audit, numberedEntries(0, 3)...)
	record(t, audit, numberedEntries(3, 200)...)
	record(t, audit, numberedEntries(203, 1)...)
	got := trail(t, audit)
	if len(got) != 204 {
		t.Fatalf("204 entries came to %d", len(got))
	}
	for i, e := range got {
		if e.Act != strconv.Itoa(i) || i > 0 && e.Number <= got[i-1].Number {
			t.Errorf("entry %d is the one added as number %s, and has number %d", i, e.Act, e.Number)
		}
	}
}

func auditNone(t *testing.T, audit ports.Audit) {
	record(t, audit)
	if got := trail(t, audit); len(got) != 0 {
		t.Errorf("Record of nothing added %+v", got)
	}
}

// auditTogether looks at the trail while entries are added in threes, and never sees
// one of them without the others.
func auditTogether(t *testing.T, audit ports.Audit) {
	const count = 30
	done := make(chan error, 1)
	go func() {
		for i := range count {
			if err := audit.Record(t.Context(), numberedEntries(3*i, 3)...); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for over := false; !over; {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			over = true
		default:
		}
		got := len(trail(t, audit))
		if got%3 != 0 || over && got != 3*count {
			t.Fatalf("there are %d entries of %d Records of 3", got, count)
		}
	}
}

func numberedEntries(first, count int) (entries []ports.AuditEntry) {
	for i := range count {
		entries = append(entries, ports.AuditEntry{At: noon, Act: strconv.Itoa(first + i)})
	}
	return entries
}

func auditAtOnce(t *testing.T, audit ports.Audit) {
	const writers, each = 8, 10
	atOnce(t, writers, func(i int) error {
		for n := range each {
			if err := audit.Record(t.Context(), ports.AuditEntry{At: noon, Object: strconv.Itoa(i), Detail: strconv.Itoa(n)}); err != nil {
				return err
			}
		}
		return nil
	})
	seen := map[string]int{}
	for _, e := range trail(t, audit) {
		if e.Detail != strconv.Itoa(seen[e.Object]) {
			t.Errorf("entry %s of writer %s stands behind %d of that writer", e.Detail, e.Object, seen[e.Object])
		}
		seen[e.Object]++
	}
	for i := range writers {
		if seen[strconv.Itoa(i)] != each {
			t.Errorf("writer %d added %d entries, %d are kept", i, each, seen[strconv.Itoa(i)])
		}
	}
}

func cancelledAudit(t *testing.T, audit ports.Audit) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := audit.Record(ctx, numberedEntries(0, 3)...); !errors.Is(err, context.Canceled) {
		t.Errorf("Record: %v, want context.Canceled", err)
	}
	if _, err := audit.List(ctx, 0, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("List: %v, want context.Canceled", err)
	}
	if got := trail(t, audit); len(got) != 0 {
		t.Errorf("a cancelled Record wrote %+v", got)
	}
}

func record(t *testing.T, audit ports.Audit, entries ...ports.AuditEntry) {
	t.Helper()
	if err := audit.Record(t.Context(), entries...); err != nil {
		t.Fatalf("Record of %d entries: %v", len(entries), err)
	}
}

// trail lists every entry.
func trail(t *testing.T, audit ports.Audit) []ports.AuditEntry {
	t.Helper()
	all, err := audit.List(t.Context(), 0, math.MaxInt)
	if err != nil {
		t.Fatalf("List: %v", err)
	}
	return all
}
