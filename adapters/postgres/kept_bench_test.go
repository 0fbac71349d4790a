package postgres_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"rostrum/adapters/postgres"
	"rostrum/ports/porttest"
	"rostrum/ports/porttest/pgserver"
)

// BenchmarkKept measures lists, look-ups and changes on a full database, of a server with
// PostgreSQL's own settings.
func BenchmarkKept(b *testing.B) {
	server, err := pgserver.New(b.Context(), pgserver.Config{Settings: []string{"shared_buffers=128MB", "max_connections=100"}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := server.Close(); err != nil {
			b.Error(err)
		}
	})
	address := server.URL("postgres")
	admin, err := pgx.Connect(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	defer admin.Close(b.Context())
	data, report := porttest.NewDataset(b), porttest.BenchReport(b)
	fmt.Fprintf(report, "\n### PostgreSQL %s\n\nFilled without waiting for the disk (`synchronous_commit = off`), then `VACUUM ANALYZE` and `CHECKPOINT`:\n\n", answer(b, admin, `SHOW server_version`))
	data.Fill(b, benchStores(b, withOption(b, address, "synchronous_commit", "off")), report)
	for _, statement := range []string{`VACUUM ANALYZE`, `CHECKPOINT`} { // as the server does by itself before long
		if _, err := admin.Exec(b.Context(), statement); err != nil {
			b.Fatal(err)
		}
	}
	fmt.Fprintf(report, "- on the disk: %s MB, of which %s MB are indexes\n", answer(b, admin, `SELECT (pg_database_size(current_database()) >> 20)::text`),
		answer(b, admin, `SELECT (sum(pg_indexes_size(oid))::bigint >> 20)::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`))
	tellPlans(b, admin, data, report)
	data.Measure(b, benchStores(b, address))
}

// withOption returns the address with an option of each connection.
func withOption(b *testing.B, address, name, value string) string {
	b.Helper()
	u, err := url.Parse(address)
	if err != nil {
		b.Fatal(err)
	}
	options := u.Query()
	options.Set(name, value)
	u.RawQuery = options.Encode()
	return u.String()
}

func benchStores(b *testing.B, address string) porttest.Stores {
	b.Helper()
	db, err := postgres.Open(b.Context(), postgres.Config{URL: address})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(db.Close)
	return porttest.Stores{Rooms: db.Rooms(), Sessions: db.Sessions(), Recordings: db.Recordings(), Audit: db.Audit()}
}

func answer(b *testing.B, conn *pgx.Conn, query string) (text string) {
	b.Helper()
	if err := conn.QueryRow(b.Context(), query).Scan(&text); err != nil {
		b.Fatalf("%s: %v", query, err)
	}
	return text
}

// tellPlans writes what PostgreSQL does for each list, planned as the adapter has it
// planned.
func tellPlans(b *testing.B, conn *pgx.Conn, data porttest.Dataset, report io.Writer) {
	b.Helper()
	for name, value := range postgres.Planner {
		answer(b, conn, "SELECT set_config('"+name+"', '"+value+"', false)")
	}
	r := rand.New(rand.NewPCG(1, 1))
	fmt.Fprint(report, "\n<details>\n<summary>What EXPLAIN (ANALYZE, BUFFERS) says of each list; a buffer is 8 KB</summary>\n\n```\n")
	for _, c := range data.RoomLists() {
		query, after := c.Draw(r)
		text, args := postgres.ListRooms(query, after, porttest.PageSize)
		tellPlan(b, conn, report, "rooms "+c.Name, text, args)
	}
	for _, c := range data.SessionLists() {
		query, after := c.Draw(r)
		text, args := postgres.ListSessions(query, after, porttest.PageSize)
		tellPlan(b, conn, report, "sessions "+c.Name, text, args)
	}
	for _, c := range data.RecordingLists() {
		query, after := c.Draw(r)
		text, args := postgres.ListRecordings(query, after, porttest.PageSize)
		tellPlan(b, conn, report, "recordings "+c.Name, text, args)
	}
	tellPlan(b, conn, report, "recordings counted", postgres.CountRecordings, nil)
	tellPlan(b, conn, report, "audit in the middle", postgres.SelectAudit, []any{1000, porttest.PageSize})
	fmt.Fprint(report, "```\n\n</details>\n")
}

func tellPlan(b *testing.B, conn *pgx.Conn, report io.Writer, name, query string, args []any) {
	b.Helper()
	rows, err := conn.Query(b.Context(), "EXPLAIN (ANALYZE, BUFFERS, COSTS off, TIMING off, SUMMARY off) "+query, append([]any{pgx.QueryExecModeSimpleProtocol}, args...)...)
	if err != nil {
		b.Fatalf("%s: %v", name, err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		b.Fatalf("%s: %v", name, err)
	}
	fmt.Fprintln(report, name)
	for _, line := range lines {
		if strings.HasPrefix(line, "Planning") {
			return
		}
		if told(line) {
			fmt.Fprintln(report, "    "+shorter.Replace(line))
		}
	}
}

// told reports whether a line of a plan says what is read, and how much of it. The buffers
// of the first step are those of all.
func told(line string) bool {
	for _, detail := range []string{"Cache Key:", "Cache Mode:", "Hits:", "Heap Fetches:", "Sort Method:"} {
		if strings.Contains(line, detail) {
			return false
		}
	}
	return !strings.Contains(line, "Buffers:") || strings.HasPrefix(line, "  Buffers:")
}

var shorter = strings.NewReplacer("::timestamp with time zone", "", "::text", "", ` COLLATE "C"`, "", "actual ", "", "\U0010FFFF", "…")
