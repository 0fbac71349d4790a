package main

import (
	"context"
	"log/slog"

	"rostrum/adapters/disk"
	"rostrum/adapters/gcs"
	"rostrum/adapters/s3"
	"rostrum/adapters/spool"
	"rostrum/adapters/webhook"
	"rostrum/app/archive"
	"rostrum/app/database"
	"rostrum/cmd/rostrum/config"
	"rostrum/domain"
	"rostrum/ports"
)

// store is what storage.url names, and from where browsers load what it signs URLs
// for.
type store struct {
	ports.Objects
	origins []string
}

// openStore opens the store that storage.url names. None of them is asked for
// anything: the server starts while its store is away.
func openStore(cfg *config.Config, c closers) (store, error) {
	switch name, directory := cfg.Storage.Store(); name {
	case config.StoreGCS:
		objects, err := gcs.Open(context.Background(), gcs.Config{URL: cfg.Storage.URL})
		if err != nil {
			return store{}, err
		}
		c.onClose(objects.Close)
		return store{objects, objects.Origins()}, nil
	case config.StoreS3:
		objects, err := s3.Open(context.Background(), s3.Config{URL: cfg.Storage.URL})
		if err != nil {
			return store{}, err
		}
		c.onClose(objects.Close)
		return store{objects, objects.Origins()}, nil
	default: // the configuration has no other
		objects, err := disk.Open(directory)
		return store{objects, nil}, err
	}
}

// openSpool opens the directory that recordings are written in.
func openSpool(cfg *config.Config, log *slog.Logger, c closers) (ports.Spool, error) {
	s, err := spool.Open(spool.Config{Dir: cfg.Recording.Dir, Limit: cfg.Recording.SpoolLimit.Bytes(), Log: log})
	if err != nil {
		return nil, err
	}
	c.onClose(s.Close)
	return s, nil
}

// openWebhook makes what tells of events, nil where nobody is told.
func openWebhook(cfg *config.Config, log *slog.Logger, c closers) (ports.Webhook, error) {
	if len(cfg.Webhooks.URLs) == 0 {
		return nil, nil //nolint:nilnil // nobody is told, and nothing wrong
	}
	sender, err := webhook.New(webhook.Config{Secret: cfg.Webhooks.Secret.Reveal(), Log: log})
	if err != nil {
		return nil, err
	}
	c.onClose(func() error { sender.Close(); return nil })
	return sender, nil
}

// newArchive puts the ports of recordings to work. It starts with the program.
func newArchive(cfg *config.Config, log *slog.Logger, files ports.Spool, objects store, kept stores, database *database.Database, hook ports.Webhook, c closers) *archive.Archive {
	a := archive.New(
		archive.Needs{
			Spool: files, Objects: objects.Objects, Recordings: kept.recordings, Outbox: kept.outbox,
			Webhook: hook, Audit: kept.audit, Database: database, Log: log,
		},
		archive.Settings{
			Node:      cfg.Cluster.Node,
			Key:       domain.KeyTemplate(cfg.Storage.Key),
			KeepLocal: cfg.Recording.KeepLocal,
			Retention: retention(cfg.Recording),
			Webhooks:  cfg.Webhooks.URLs,
			Uploads:   cfg.Drain.Uploads.Duration,
		},
	)
	c.onClose(func() error { a.Close(); return nil })
	return a
}

// retention is the rooms' own, and for all others the general one.
func retention(r config.Recording) []archive.Retention {
	var all []archive.Retention
	for _, room := range r.RetentionRooms {
		all = append(all, archive.Retention{Rooms: room.Rooms, Keep: room.Keep.Duration})
	}
	if r.Retention.Duration > 0 {
		all = append(all, archive.Retention{Rooms: "*", Keep: r.Retention.Duration})
	}
	return all
}
