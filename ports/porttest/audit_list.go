package porttest

import (
	"fmt"
	"math"
	"strconv"
	"testing"
	"time"

	"rostrum/ports"
)

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
			if page[0].Number <= after {
				t.Fatalf("the page behind %d begins with %d", after, page[0].Number)
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
