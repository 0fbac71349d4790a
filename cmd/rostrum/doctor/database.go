package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"rostrum/adapters/postgres"
	"rostrum/adapters/sqlite"
	"rostrum/cmd/rostrum/config"
	"rostrum/ports"
)

// How far clocks may be apart: of what tokens' times are compared with, seconds matter.
const clocksApart = 5 * time.Second

// database looks whether the database can be used, and which migrations are pending. It runs
// none and makes no file.
func database(cfg config.Database) func(context.Context) Result {
	return func(ctx context.Context) Result {
		ctx, cancel := context.WithTimeoutCause(ctx, askPatience, fmt.Errorf("%w: no answer within %v", ports.ErrAway, askPatience))
		defer cancel()
		switch engine, path := cfg.Engine(); engine {
		case config.DatabaseMemory:
			return warn("memory: forgets rooms, sessions and recordings at exit", "For more than a trial name a database, such as sqlite:data/rostrum.db.")
		case config.DatabasePostgres:
			return postgresDatabase(ctx, cfg.URL)
		default:
			return sqliteDatabase(ctx, path)
		}
	}
}

func sqliteDatabase(ctx context.Context, path string) Result {
	all, err := sqlite.Status(ctx, path)
	if err != nil {
		return fail(err.Error(), "Correct database.url, or move away what is at "+path+".")
	}
	pending := 0
	for _, m := range all {
		if m.Applied.IsZero() {
			pending++
		}
	}
	folder := filepath.Dir(path)
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return missing("database.url", folder)
	}
	if at, err := writable(folder); err != nil {
		return unwritable(at, err)
	}
	switch f, err := os.OpenFile(path, os.O_RDWR, 0); {
	case errors.Is(err, fs.ErrNotExist):
		return ok("%s does not exist yet: the first start makes it", path)
	case err != nil:
		return unwritable(path, err)
	default:
		_ = f.Close() // nothing was written
	}
	return ok("%s: %s", path, migrationsOf(len(all), pending))
}

func postgresDatabase(ctx context.Context, url config.DatabaseURL) Result {
	all, err := postgres.Status(ctx, url.Reveal())
	if err != nil {
		return fail(err.Error(), fmt.Sprintf("Try it by hand: psql '%s' -c 'SELECT 1', which asks for the password", strings.Replace(url.String(), ":xxxxx@", "@", 1)))
	}
	pending := 0
	for _, m := range all {
		if m.Applied.IsZero() {
			pending++
		}
	}
	took, ahead, err := timePostgres(ctx, url)
	if err != nil {
		return fail(fmt.Sprintf("%s answered once, and then no more", url), "See its log, and how many connections it allows.")
	}
	seen := fmt.Sprintf("%s: %s; a round trip takes %v; its clock is %s", url, migrationsOf(len(all), pending), took.Round(10*time.Microsecond), apart(ahead, time.Millisecond))
	if ahead.Abs() > clocksApart {
		return warn(seen, setClocks)
	}
	return ok("%s", seen)
}

// timePostgres returns how long a round trip takes, and how far the server's clock is ahead.
// Its error may have the password in it.
func timePostgres(ctx context.Context, url config.DatabaseURL) (took, ahead time.Duration, err error) {
	conn, err := pgx.Connect(ctx, url.Reveal())
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = conn.Close(ctx) }() // it has answered
	var now time.Time
	sent := time.Now()
	err = conn.QueryRow(ctx, "SELECT clock_timestamp()").Scan(&now)
	took = time.Since(sent)
	return took, now.Sub(sent.Add(took / 2)), err
}

func migrationsOf(all, pending int) string {
	if pending == 0 {
		return fmt.Sprintf("all %d migrations have been run", all)
	}
	return fmt.Sprintf("%d of %d migrations are pending, and run at the next start", pending, all)
}

// apart says by how much another clock differs from ours, where it tells so exactly.
func apart(ahead, resolution time.Duration) string {
	switch d := ahead.Abs().Round(resolution); {
	case d == 0 || d <= resolution:
		return "ours"
	case ahead > 0:
		return d.String() + " ahead of ours"
	default:
		return d.String() + " behind ours"
	}
}

const setClocks = "Have both machines set their clocks by NTP: timedatectl set-ntp true, or chronyd."
