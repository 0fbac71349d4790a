package sqlite

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// Every page of every filter comes from an index in its order: nothing is sorted, and
// what is of other rooms and states is not read.
func TestListUsesAnIndex(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "rostrum.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	at := time.Now()
	for name, query := range allQueries(at) {
		for page, after := range map[string]ports.RecordingPlace{"first": {}, "next": {Started: at, ID: "A"}} {
			text, args := listRecordings(query, after, 100)
			if ends := strings.Count(text, "started <") + strings.Count(text, "(started, id) <"); ends > max(1, len(query.States)) {
				t.Errorf("%s%s page has two ends, of which SQLite reads to the one that it likes: %s", name, page, text)
			}
			for _, read := range usesIndex(t, db, name+page+" page", text, args...) {
				if strings.Contains(read, "<") != (page == "next" || !query.Before.IsZero()) {
					t.Errorf("%s%s page is not read from its place on: %s", name, page, read)
				}
				if strings.Contains(read, "room=?") != (query.Room != "") || strings.Contains(read, "state=?") != (len(query.States) > 0) {
					t.Errorf("%s%s page: the index is not that of the filter: %s", name, page, read)
				}
			}
		}
	}
	usesIndex(t, db, "count", countRecordings)
	usesIndex(t, db, "due", dueDeliveries, at.UnixMicro(), 100)
}

// allQueries is every combination of filters, by its name.
func allQueries(at time.Time) map[string]ports.RecordingQuery {
	all := map[string]ports.RecordingQuery{}
	for bits := range 8 {
		for count := range 6 {
			var q ports.RecordingQuery
			q.States = []domain.RecordingState{"started", "finalized", "uploading", "stored", "failed"}[:count]
			if bits&1 != 0 {
				q.Room = "hall"
			}
			if bits&2 != 0 {
				q.From = at
			}
			if bits&4 != 0 {
				q.Before = at
			}
			all[fmt.Sprintf("room %q, %d states, from %v, before %v, ", q.Room, count, bits&2 != 0, bits&4 != 0)] = q
		}
	}
	return all
}

// usesIndex returns the steps of a query's plan in which something is read.
func usesIndex(t *testing.T, db *DB, name, query string, args ...any) (reads []string) {
	t.Helper()
	type step struct {
		id, parent, unused int
		detail             string
	}
	plan, err := list(t.Context(), db, func(s *step) []any { return []any{&s.id, &s.parent, &s.unused, &s.detail} },
		"EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, s := range plan {
		if strings.Contains(s.detail, "TEMP B-TREE") {
			t.Errorf("%s: SQLite sorts: %s", name, s.detail)
		}
		if strings.HasPrefix(s.detail, "SCAN ") || strings.HasPrefix(s.detail, "SEARCH ") {
			reads = append(reads, s.detail)
			if !strings.Contains(s.detail, "USING INDEX") && !strings.Contains(s.detail, "USING COVERING INDEX") && !strings.Contains(s.detail, "PRIMARY KEY (") {
				t.Errorf("%s: SQLite reads without an index: %s", name, s.detail)
			}
		}
	}
	if len(reads) == 0 {
		t.Errorf("%s: the plan reads no table: %+v", name, plan)
	}
	return reads
}
