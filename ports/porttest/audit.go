package porttest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
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
	texts := []string{"größer — 大講堂 🎤", " outer\t\r\n", `'; DROP TABLE audit; --`, `\' $1 ? :name @name %s`, "NULL", strings.Repeat("long ", 20_000)}
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

// auditOrder adds entries whose times go back, as they do when a clock is set.
func auditOrder(t *testing.T, audit ports.Audit) {
	for i := range 5 {
		record(t, audit, ports.AuditEntry{At: noon.Add(-time.Duration(i) * time.Hour), Act: strconv.Itoa(i)})
	}
	got := trail(t, audit)
	for i, e := range got {
		if e.Act != strconv.Itoa(i) {
			t.Errorf("entry %d of the list is the one added as number %s", i, e.Act)
		}
		if e.Number <= 0 || i > 0 && e.Number <= got[i-1].Number {
			t.Errorf("entry %d has number %d, which is no more than those before", i, e.Number)
		}
	}
	if len(got) != 5 {
		t.Errorf("5 entries came to %d", len(got))
	}
}

func auditPages(t *testing.T, audit ports.Audit) {
	for i := range 7 {
		record(t, audit, ports.AuditEntry{Act: strconv.Itoa(i)})
	}
	all := trail(t, audit)
	for _, limit := range []int{1, 2, 3, 6, 7, 8, math.MaxInt} {
		var got []ports.AuditEntry
		for after := int64(0); ; after = got[len(got)-1].Number {
			page, err := audit.List(t.Context(), after, limit)
			if err != nil || len(page) > limit {
				t.Fatalf("a page of up to %d has %d entries (%v)", limit, len(page), err)
			}
			if len(page) == 0 {
				break
			}
			got = append(got, page...)
		}
		sameKept(t, fmt.Sprintf("pages of %d", limit), all, got)
	}
	for _, c := range []struct {
		after int64
		limit int
		want  []ports.AuditEntry
	}{{0, 0, nil}, {0, -1, nil}, {-5, 2, all[:2]}, {all[6].Number, 5, nil}, {math.MaxInt64, 5, nil}} {
		page, err := audit.List(t.Context(), c.after, c.limit)
		if err != nil {
			t.Fatal(err)
		}
		sameKept(t, fmt.Sprintf("up to %d behind %d", c.limit, c.after), c.want, page)
	}
}

// auditWhileAdded follows the trail as it grows: an entry that took its number and came
// late would be missed.
func auditWhileAdded(t *testing.T, audit ports.Audit) {
	const writers, each = 4, 10
	added, seen := make(chan struct{}), make(chan int)
	go func() {
		count, after := 0, int64(0)
		for last := false; !last; {
			select {
			case <-added:
				last = true // one more look sees everything
			default:
			}
			page, err := audit.List(t.Context(), after, math.MaxInt)
			if err != nil {
				t.Error(err)
			}
			for _, e := range page {
				count, after = count+1, e.Number
			}
		}
		seen <- count
	}()
	atOnce(t, writers, func(int) error {
		for range each {
			if err := audit.Record(t.Context(), ports.AuditEntry{At: noon}); err != nil {
				return err
			}
		}
		return nil
	})
	close(added)
	if got := <-seen; got != writers*each {
		t.Errorf("of %d entries %d were seen", writers*each, got)
	}
}

func cancelledAudit(t *testing.T, audit ports.Audit) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := audit.Record(ctx, ports.AuditEntry{At: noon}); !errors.Is(err, context.Canceled) {
		t.Errorf("Record: %v, want context.Canceled", err)
	}
	if _, err := audit.List(ctx, 0, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("List: %v, want context.Canceled", err)
	}
	if got := trail(t, audit); len(got) != 0 {
		t.Errorf("a cancelled Record wrote %+v", got)
	}
}

func record(t *testing.T, audit ports.Audit, e ports.AuditEntry) {
	t.Helper()
	if err := audit.Record(t.Context(), e); err != nil {
		t.Fatalf("Record of %.40q: %v", e.Act, err)
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
