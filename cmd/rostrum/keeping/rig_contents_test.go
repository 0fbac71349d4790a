package keeping

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// contents returns all that is in a database, as text: of SQLite the bytes of its files.
func contents(t *testing.T, url string) string {
	t.Helper()
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		return files(t, path, path+"-wal")
	}
	return rows(t, url)
}

func files(t *testing.T, names ...string) string {
	t.Helper()
	var all strings.Builder
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // SQLite's own come and go
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// rows returns every row of every table.
func rows(t *testing.T, url string) string {
	t.Helper()
	conn := connect(t, url)
	var all []string
	for _, table := range column(t, conn, `SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()`) {
		all = append(all, column(t, conn, fmt.Sprintf(`SELECT r::text FROM %s r`, pgx.Identifier{table}.Sanitize()))...)
	}
	return strings.Join(all, "\n")
}

func column(t *testing.T, conn *pgx.Conn, query string) []string {
	t.Helper()
	found, err := conn.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// connect opens a connection of the test's own, which ends with it.
func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) }) // the database may be gone
	return conn
}
