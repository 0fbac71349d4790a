package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"rostrum/cmd/rostrum/config"
)

// How long starting and stopping may take before they are given up.
const (
	startTimeout = 2 * time.Minute // migrations are in it
	stopTimeout  = 30 * time.Second
)

func serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve (the default)",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := config.Load(cmd.Flags())
			if err != nil {
				return err
			}
			return serve(cmd.Context(), cfg, cmd.OutOrStdout())
		},
	}
	config.Flags(cmd.Flags())
	return cmd
}

// serve runs the server until ctx ends or it fails by itself.
func serve(ctx context.Context, cfg *config.Config, out io.Writer) error {
	p := newProgram(cfg, newLogger(cfg.Log, os.Stderr))
	if err := p.Start(ctx); err != nil {
		return err
	}
	welcome(out, cfg, p)
	failed := p.Wait(ctx)
	return errors.Join(failed, p.Close())
}

// newLogger returns the log that the operator asked for.
func newLogger(cfg config.Log, out io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: cfg.Slog()}
	if cfg.Format == "json" {
		return slog.New(slog.NewJSONHandler(out, options))
	}
	return slog.New(slog.NewTextHandler(out, options))
}
