package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"rostrum/adapters/postgres"
	"rostrum/adapters/sqlite"
	"rostrum/cmd/rostrum/config"
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
		Args:    cobra.NoArgs,
	}
	cmd.AddCommand(
		migration("up", "Run the migrations that are pending", migrateUp),
		migration("status", "Tell which migrations have been run", migrateStatus),
	)
	return cmd
}

func migration(use, short string, run func(context.Context, config.Database, io.Writer) error) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := config.Load(cmd.Flags())
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), startTimeout)
			defer cancel()
			return run(ctx, cfg.Database, cmd.OutOrStdout())
		},
	}
	config.Flags(cmd.Flags())
	return cmd
}

// applied is a migration as both databases tell of it.
type applied struct {
	Version int64
	Name    string
	Applied time.Time // zero: pending
}

var errForgets = errors.New("database.url is memory:, which has no tables: name a database by --database.url or --config")

// migrateUp opens the database, which brings it up to date, and says how it is then.
func migrateUp(ctx context.Context, d config.Database, out io.Writer) error {
	switch engine, path := d.Engine(); engine {
	case config.DatabaseMemory:
		return errForgets
	case config.DatabasePostgres:
		db, err := postgres.Open(ctx, postgres.Config{URL: d.URL.Reveal()})
		if err != nil {
			return err
		}
		db.Close()
	default:
		db, err := sqlite.Open(ctx, path)
		if err != nil {
			return err
		}
		if err := db.Close(); err != nil {
			return err
		}
	}
	return migrateStatus(ctx, d, out)
}

// migrateStatus lists the migrations.
func migrateStatus(ctx context.Context, d config.Database, out io.Writer) error {
	all, err := migrations(ctx, d)
	if err != nil {
		return err
	}
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
