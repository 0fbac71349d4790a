package main

import (
	"context"
	"log/slog"

	"rostrum/adapters/memory"
	"rostrum/adapters/postgres"
	"rostrum/adapters/sqlite"
	"rostrum/app/database"
	"rostrum/app/privacy"
	"rostrum/cmd/rostrum/config"
	"rostrum/ports"
)

// stores are what the database that database.url names keeps, and the database itself.
type stores struct {
	database   ports.Database
	rooms      ports.Rooms
	sessions   ports.Sessions
	recordings ports.Recordings
	outbox     ports.Outbox
	audit      ports.Audit
}

// openStores opens the database that database.url names.
func openStores(cfg *config.Config, c closers) (stores, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	switch engine, path := cfg.Database.Engine(); engine {
	case config.DatabaseMemory:
		outbox, audit := memory.NewOutbox(), memory.NewAudit()
		return stores{memory.Database{}, memory.NewRooms(audit), memory.NewSessions(), memory.NewRecordings(outbox), outbox, audit}, nil
	case config.DatabasePostgres:
		db, err := postgres.Open(ctx, postgres.Config{URL: cfg.Database.URL.Reveal()})
		if err != nil {
			return stores{}, err
		}
		c.onClose(func() error { db.Close(); return nil })
		return stores{db, db.Rooms(), db.Sessions(), db.Recordings(), db.Outbox(), db.Audit()}, nil
	default: // the configuration has no other
		db, err := sqlite.Open(ctx, path)
		if err != nil {
			return stores{}, err
		}
		c.onClose(db.Close)
		return stores{db, db.Rooms(), db.Sessions(), db.Recordings(), db.Outbox(), db.Audit()}, nil
	}
}

// newDatabase looks after the database. It starts with the program.
func newDatabase(cfg *config.Config, log *slog.Logger, kept stores, c closers) *database.Database {
	d := database.New(
		database.Needs{Database: kept.database, Sessions: kept.sessions, Audit: kept.audit, Log: log},
		database.Settings{
			Node:      cfg.Cluster.Node,
			Addresses: privacy.Addresses(cfg.History.Addresses),
			Retention: cfg.History.Retention.Duration,
		},
	)
	c.onClose(func() error { d.Close(); return nil })
	return d
}
