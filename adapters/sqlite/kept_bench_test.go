package sqlite

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"rostrum/ports/porttest"
)

// BenchmarkKept measures lists, look-ups and changes on a full database.
func BenchmarkKept(b *testing.B) {
	path := filepath.Join(b.TempDir(), "rostrum.db")
	db, err := Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	data, report := porttest.NewDataset(b), porttest.BenchReport(b)
	stores := porttest.Stores{Rooms: db.Rooms(), Sessions: db.Sessions(), Recordings: db.Recordings(), Audit: db.Audit()}
	version, err := look(b.Context(), db, func(v *string) []any { return []any{v} }, `SELECT sqlite_version()`)
	if err != nil {
		b.Fatal(err)
	}
	fmt.Fprintf(report, "\n### SQLite %s\n\nFilled without waiting for the disk (`synchronous = OFF`):\n\n", *version)
	order(b, db, `PRAGMA synchronous = OFF`)
	data.Fill(b, stores, report)
	order(b, db, `PRAGMA synchronous = FULL`, `PRAGMA wal_checkpoint(TRUNCATE)`)
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	fmt.Fprintf(report, "- on the disk: %d MB\n", info.Size()>>20)
	tellPlans(b, db, data, report)
	data.Measure(b, stores)
}

// order runs statements on the connection that writes.
func order(b *testing.B, db *DB, statements ...string) {
	b.Helper()
	for _, statement := range statements {
		if _, err := db.write.ExecContext(b.Context(), statement); err != nil {
			b.Fatalf("%s: %v", statement, err)
		}
	}
}

// tellPlans writes what SQLite reads for each list.
func tellPlans(b *testing.B, db *DB, data porttest.Dataset, report io.Writer) {
	b.Helper()
	r := rand.New(rand.NewPCG(1, 1))
	fmt.Fprint(report, "\n<details>\n<summary>What EXPLAIN QUERY PLAN says of each list</summary>\n\n```\n")
	tell := func(name, text string, args []any) { tellPlan(b, db, report, name, text, args) }
	for _, c := range data.RoomLists() {
		query, after := c.Draw(r)
		text, args := listRooms(query, after, porttest.PageSize)
		tell("rooms "+c.Name, text, args)
	}
	for _, c := range data.SessionLists() {
		query, after := c.Draw(r)
		text, args := listSessions(query, after, porttest.PageSize)
		tell("sessions "+c.Name, text, args)
	}
	for _, c := range data.RecordingLists() {
		query, after := c.Draw(r)
		text, args := listRecordings(query, after, porttest.PageSize)
		tell("recordings "+c.Name, text, args)
	}
	tell("recordings counted", countRecordings, nil)
	tell("audit in the middle", listAudit, []any{0, porttest.PageSize})
	fmt.Fprint(report, "```\n\n</details>\n")
}

func tellPlan(b *testing.B, db *DB, report io.Writer, name, query string, args []any) {
	b.Helper()
	var unused string
	steps, err := list(b.Context(), db, func(s *string) []any { return []any{&unused, &unused, &unused, s} }, "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		b.Fatalf("%s: %v", name, err)
	}
	fmt.Fprintln(report, name)
	for _, step := range steps {
		if step != "CORRELATED SCALAR SUBQUERY 1" { // what it reads comes next
			fmt.Fprintln(report, "    "+step)
		}
	}
}
