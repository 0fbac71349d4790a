package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"rostrum/adapters/postgres"
	"rostrum/adapters/sqlite"
	"rostrum/cmd/rostrum/config"
	"rostrum/cmd/rostrum/progress"
)

// migrateCommand brings the database's tables up to date without serving, or tells how
// they are.
func migrateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database up to date, or tell how it is",
		Long: "The server brings its database up to date by itself when it starts. These commands do that alone, for instance\n" +
			"with a user that may make tables where the server's may not.",
		Example: "  rostrum migrate status --config rostrum.yaml\n  ROSTRUM_DATABASE_URL=postgres://owner@db/rostrum rostrum migrate up",
	}
	cmd.AddCommand(
		migration(&cobra.Command{
			Use: "up", Short: "Run the migrations that are pending",
			Long:    "Runs the migrations that are pending, each whole or not at all, and tells then as \"migrate status\" does.\nWhere another program is migrating it waits for that.",
			Example: "  rostrum migrate up --config rostrum.yaml",
		}, migrateUp),
		migration(&cobra.Command{
			Use: "status", Short: "Tell which migrations have been run",
			Long:    "Tells which migrations this program knows, and when each was run, or that it is pending. It changes nothing.",
			Example: "  rostrum migrate status --config rostrum.yaml\n  rostrum migrate status --json | jq 'map(select(.applied == null)) | length'",
		}, nil),
	)
	return cmd
}

// migration is a command that does something with the database, or nothing, and tells how
// it is then.
func migration(cmd *cobra.Command, change func(context.Context, config.Database) error) *cobra.Command {
	var asJSON bool
	cmd.Args = cobra.NoArgs
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := config.Load(cmd.Flags())
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(cmd.Context(), startTimeout)
		defer cancel()
		if change != nil {
			if err := patiently(cmd.ErrOrStderr(), func() error { return change(ctx, cfg.Database) }); err != nil {
				return err
			}
		}
		all, err := migrations(ctx, cfg.Database)
		if err != nil {
			return err
		}
		if asJSON {
			return printJSON(cmd, all)
		}
		return printMigrations(cmd.OutOrStdout(), all)
	}
	jsonFlag(cmd, &asJSON)
	config.Flags(cmd.Flags())
	return cmd
}

// patiently shows a person at a terminal that something is being done.
func patiently(out io.Writer, do func() error) error {
	line, done := progress.New(out), make(chan error, 1)
	if !line.Terminal() {
		return do()
	}
	defer line.End()
	go func() { done <- do() }()
	began, tick := time.Now(), time.NewTicker(100*time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-tick.C:
			line.Tell("migrating", time.Since(began).Round(time.Second).String())
		}
	}
}

// applied is a migration as both databases tell of it.
type applied struct {
	Version int64
	Name    string
	Applied time.Time // zero: pending
}

// MarshalJSON has null for when a pending one was applied.
func (a applied) MarshalJSON() ([]byte, error) {
	told := struct {
		Version int64      `json:"version"`
		Name    string     `json:"name"`
		Applied *time.Time `json:"applied"`
	}{Version: a.Version, Name: a.Name}
	if at := a.Applied.UTC(); !a.Applied.IsZero() {
		told.Applied = &at
	}
	return json.Marshal(told)
}

var errForgets = errors.New("database.url is memory:, which has no tables: name a database by --database.url or --config")

// migrateUp opens the database, which brings it up to date.
func migrateUp(ctx context.Context, d config.Database) error {
	switch engine, path := d.Engine(); engine {
	case config.DatabaseMemory:
		return errForgets
	case config.DatabasePostgres:
		db, err := postgres.Open(ctx, postgres.Config{URL: d.URL.Reveal()})
		if err != nil {
			return err
		}
		db.Close()
		return nil
	default:
		db, err := sqlite.Open(ctx, path)
		if err != nil {
			return err
		}
		return db.Close()
	}
}

func printMigrations(out io.Writer, all []applied) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, m := range all {
		at := "pending"
		if !m.Applied.IsZero() {
			at = m.Applied.UTC().Format(time.RFC3339)
		}
		_, _ = fmt.Fprintf(table, "%05d\t%s\t%s\n", m.Version, m.Name, at) // Flush tells
	}
	return table.Flush()
}

func migrations(ctx context.Context, d config.Database) ([]applied, error) {
	var all []applied
	switch engine, path := d.Engine(); engine {
	case config.DatabaseMemory:
		return nil, errForgets
	case config.DatabasePostgres:
		known, err := postgres.Status(ctx, d.URL.Reveal())
		for _, m := range known {
			all = append(all, applied(m))
		}
		return all, err
	default:
		known, err := sqlite.Status(ctx, path)
		for _, m := range known {
			all = append(all, applied(m))
		}
		return all, err
	}
}
