package postgres_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"rostrum/adapters/postgres"
	"rostrum/domain"
	"rostrum/ports"
)

// page is how many rows are asked for in each query whose plan is looked at.
const page = 50

// skewed fills the tables as they are where plans go wrong: nearly all in one room, but for
// one that had a quarter of all before any other was there; one role and one label rare, the
// rooms of one label last in the order of names; few sessions live.
var skewed = []string{
	`INSERT INTO rooms SELECT to_char(n, 'FM"room-"00000'), '', CASE
		WHEN n % 1000 = 0 THEN '{"team": "blue", "city": "Bern"}'::jsonb
		WHEN n % 100 = 0 THEN '{"team": "green"}' WHEN n > 4000 THEN '{"team": "last"}' ELSE '{"team": "blue"}' END,
		0, NULL, NULL, '[]', now(), now(), 1 FROM generate_series(1, 5000) n`,
	`INSERT INTO sessions SELECT to_char(n, 'FM"S"00000'), CASE WHEN n % 100 = 0 THEN 'side-' || n WHEN n < 5000 THEN 'former' ELSE 'hall' END,
		CASE WHEN n % 200 < 2 THEN 'publisher' ELSE 'subscriber' END, '', '', '', 'north', '{}',
		'2026-03-29 12:00+00'::timestamptz + n * interval '1 s',
		CASE WHEN n % 97 = 0 THEN NULL ELSE '2026-04-01 12:00+00'::timestamptz END, '', '{}' FROM generate_series(1, 20000) n`,
	`INSERT INTO recordings SELECT to_char(n, 'FM"R"00000'), CASE WHEN n % 100 = 0 THEN 'side-' || n WHEN n < 2500 THEN 'former' ELSE 'hall' END, '', '', '', '',
		CASE WHEN n % 500 = 0 THEN 'failed' WHEN n % 501 = 0 THEN 'uploading' ELSE 'stored' END,
		'2026-03-29 12:00+00'::timestamptz + n * interval '1 s', NULL, NULL, '', '', 0, NULL, '[]' FROM generate_series(1, 10000) n`,
	`INSERT INTO deliveries SELECT 'E' || n, 'https://example.org', '', 0, now() + n * interval '1 s' FROM generate_series(-500, 3000) n`,
	`INSERT INTO audit (at, subject, origin, act, object, detail) SELECT now(), '', '', '', '', '' FROM generate_series(1, 5000) n`,
}

// Every page of every filter comes from an index in its order, and nothing is sorted,
// also before PostgreSQL has looked at the tables for the first time; when it has, hardly more
// is read than shown.
func TestPlansReadNoMoreThanAPage(t *testing.T) {
	conn := tool(t, newDatabase(t))
	for _, table := range []string{"rooms", "room_labels", "sessions", "recordings", "deliveries", "audit"} {
		execute(t, conn, "ALTER TABLE "+table+" SET (autovacuum_enabled = off)")
	}
	execute(t, conn, skewed...)
	for name, value := range postgres.Planner {
		execute(t, conn, "SET "+name+" = "+value)
	}
	for name, q := range allQueries() {
		t.Run("unknown tables/"+name, func(t *testing.T) { readsAPage(t, conn, q, math.MaxInt) })
	}
	execute(t, conn, "ANALYZE")
	for name, q := range allQueries() {
		if ends := strings.Count(q.text, " < ") + strings.Count(q.text, " <= "); ends > q.pages {
			t.Errorf("%s has two ends, of which PostgreSQL begins at the one that it likes: %s", name, q.text)
		}
		t.Run("known tables/"+name, func(t *testing.T) { readsAPage(t, conn, q, 1.2*page) }) // of nearly all rows it skips the few others
	}
}

type query struct {
	text  string
	args  []any
	pages int // that it reads: those of several are sorted
}

// allQueries is every combination of filters, on the first page and on another, and the
// look-ups.
func allQueries() map[string]query {
	noon := time.Date(2026, time.March, 29, 12, 0, 0, 0, time.UTC)
	all := map[string]query{
		"a room":      {postgres.SelectRooms + ` WHERE name = $1`, []any{"room-00007"}, 1},
		"a session":   {postgres.SelectSessions + ` WHERE id = $1`, []any{"S00007"}, 1},
		"a recording": {postgres.SelectRecordings + ` WHERE id = $1`, []any{"R00007"}, 1},
		"the trail":   {postgres.SelectAudit, []any{2500, page}, 1},
		"what is due": {postgres.DueDeliveries, []any{time.Now(), page}, 1},
		"forgetting":  {postgres.ForgetSessions, []any{noon.AddDate(0, 1, 0), page}, 1},
	}
	for _, q := range roomQueries() {
		for _, after := range []domain.RoomName{"", "room-02500"} {
			text, args := postgres.ListRooms(q, after, page)
			all[fmt.Sprintf("rooms %+v after %q", q, after)] = query{text, args, 1}
		}
	}
	for bits := range 8 {
		var from, before, after time.Time
		if bits&1 != 0 {
			from = noon.Add(time.Hour)
		}
		if bits&2 != 0 {
			before = noon.Add(2 * time.Hour)
		}
		if bits&4 != 0 {
			after = noon.Add(90 * time.Minute)
		}
		for _, room := range []domain.RoomName{"", "hall", "former", "side-7000", "nowhere"} {
			of := fmt.Sprintf("of room %q, bounds %03b", room, bits)
			for states := range 4 {
				q := ports.RecordingQuery{Room: room, From: from, Before: before, States: []domain.RecordingState{"stored", "failed", "uploading"}[:states]}
				text, args := postgres.ListRecordings(q, ports.RecordingPlace{Started: after}, page)
				all[fmt.Sprintf("recordings in %d states %s", states, of)] = query{text, args, max(states, 1)}
			}
			for _, role := range []domain.Role{"", domain.RolePublisher, domain.RoleSubscriber} {
				for _, live := range []bool{false, true} {
					q := ports.SessionQuery{Room: room, Role: role, Live: live, From: from, Before: before}
					text, args := postgres.ListSessions(q, ports.SessionPlace{Started: after}, page)
					all[fmt.Sprintf("sessions as %q, live %v, %s", role, live, of)] = query{text, args, 1}
				}
			}
		}
	}
	return all
}

func roomQueries() (all []ports.RoomQuery) {
	for _, prefix := range []string{"", "room-03", "zebra"} {
		for _, label := range [][2]string{{}, {"team", ""}, {"team", "blue"}, {"team", "green"}, {"team", "last"}, {"city", ""}, {"city", "Bern"}, {"none", ""}} {
			all = append(all, ports.RoomQuery{Prefix: prefix, Label: label[0], Value: label[1]})
		}
	}
	return all
}

// step is one of a plan, as EXPLAIN tells.
type step struct {
	Type    string  `json:"Node Type"`
	Index   string  `json:"Index Name"`
	Rows    float64 `json:"Actual Rows"`
	Loops   float64 `json:"Actual Loops"`
	Removed float64 `json:"Rows Removed by Filter"`
	Steps   []step  `json:"Plans"`
}

// readsAPage runs the query and looks at what each of its steps has read.
func readsAPage(t *testing.T, conn *pgx.Conn, q query, most float64) {
	execute(t, conn, "DEALLOCATE ALL", "BEGIN")
	defer execute(t, conn, "ROLLBACK")
	execute(t, conn, "PREPARE page AS "+q.text)
	holders := make([]string, len(q.args))
	for i := range holders {
		holders[i] = fmt.Sprintf("$%d", i+1)
	}
	explain := "EXPLAIN (ANALYZE, TIMING off, FORMAT json) EXECUTE page(" + strings.Join(holders, ", ") + ")"
	var text string
	if err := conn.QueryRow(t.Context(), explain, append([]any{pgx.QueryExecModeSimpleProtocol}, q.args...)...).Scan(&text); err != nil {
		t.Fatal(err)
	}
	var plans []struct{ Plan step }
	if err := json.Unmarshal([]byte(text), &plans); err != nil {
		t.Fatal(err)
	}
	scans := 0
	var look func(s step)
	look = func(s step) {
		if s.Index != "" {
			scans++
		}
		switch s.Type {
		case "Sort":
			if q.pages == 1 {
				t.Error("PostgreSQL sorts")
			}
		case "Seq Scan", "Incremental Sort", "Bitmap Heap Scan", "Hash Join", "Merge Join":
			t.Errorf("PostgreSQL takes a %s", s.Type)
		}
		if read := (s.Rows + s.Removed) * s.Loops; read > most*float64(q.pages) {
			t.Errorf("%s %s reads %v rows for a page of %d", s.Type, s.Index, read, page)
		}
		for _, below := range s.Steps {
			look(below)
		}
	}
	look(plans[0].Plan)
	if scans == 0 {
		t.Error("no index is read")
	}
	if t.Failed() {
		t.Logf("%s\n%v\n%s", q.text, q.args, text)
	}
}
