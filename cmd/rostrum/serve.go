package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"rostrum/cmd/rostrum/config"
)

// How long starting and stopping may take before they are given up.
const (
	startTimeout = 2 * time.Minute  // migrations are in it
	stopTimeout  = 30 * time.Second // when nobody is waited for any more, and without drain.uploads
)

func serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve (the default)",
		Long: "Serves until it is told to stop. Flags go before the environment, the environment before the file of --config, that\n" +
			"before the defaults: http.addr is --http.addr and ROSTRUM_HTTP_ADDR. \"rostrum config\" prints what holds, and\n" +
			"\"rostrum doctor\" looks whether it can work here.\n\n" +
			"SIGTERM drains: new sessions are refused, and live ones may end by themselves for drain.timeout. SIGINT, and a\n" +
			"second signal, stop at once. Recordings are finalized in both cases.",
		Example: "  rostrum serve --config /etc/rostrum/rostrum.yaml\n" +
			"  ROSTRUM_AUTH_TOKEN=$(openssl rand -hex 24) rostrum serve --http.addr :9000\n" +
			"  rostrum serve --log.format json --log.level debug",
		Args: cobra.NoArgs,
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

// serve runs the server until it fails by itself, or ctx ends: by SIGTERM, which has it
// drain, or by SIGINT, which has it stop without waiting for anybody. So does a second signal
// of either kind, while it drains.
func serve(ctx context.Context, cfg *config.Config, out io.Writer) error {
	urgent, stop := urgency()
	defer stop()
	log := newLogger(cfg.Log, os.Stderr)
	p := newProgram(cfg, log)
	if err := p.Start(ctx); err != nil {
		if ctx.Err() != nil {
			return nil // it was asked to stop before it served anybody
		}
		return err
	}
	welcome(out, cfg, p)
	if failed := p.Wait(ctx); failed != nil {
		return errors.Join(failed, p.Close())
	}
	defer context.AfterFunc(urgent, p.Hurry)()
	if !interrupted(ctx) {
		log.Info("draining: new sessions are refused, live ones and uploads may go on for a while, another signal ends them now",
			"sessions_for", cfg.Drain.Timeout, "uploads_for", cfg.Drain.Uploads)
		p.Drain(urgent)
	}
	return p.Close()
}

// urgency returns a context that ends when the server is to stop without waiting: with
// SIGINT, or with the second signal of any kind. stop ends its goroutine.
func urgency() (urgent context.Context, stop func()) {
	urgent, cancel := context.WithCancel(context.Background())
	signals, over := make(chan os.Signal, 2), make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	var listening sync.WaitGroup
	listening.Go(func() {
		for asked := false; ; asked = true {
			select {
			case s := <-signals:
				if s == os.Interrupt || asked {
					cancel()
				}
			case <-over:
				return
			}
		}
	})
	return urgent, func() {
		signal.Stop(signals)
		close(over)
		listening.Wait()
		cancel()
	}
}

// newLogger returns the log that the operator asked for.
func newLogger(cfg config.Log, out io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: cfg.Slog()}
	if cfg.Format == "json" {
		return slog.New(slog.NewJSONHandler(out, options))
	}
	return slog.New(slog.NewTextHandler(out, options))
}
