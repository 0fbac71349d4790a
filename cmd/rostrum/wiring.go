package main

import (
	"context"
	"log/slog"

	"go.uber.org/dig"
	"go.uber.org/fx"
	"go.uber.org/fx/fxevent"

	"rostrum/app"
	"rostrum/app/archive"
	"rostrum/app/database"
	"rostrum/cmd/rostrum/config"
)

// program is the whole server as a value: what users start is what the end-to-end
// tests start.
type program struct {
	fx      *fx.App
	http    *httpServer
	app     *app.App
	archive *archive.Archive
	token   mintedToken
	drain   config.Drain
}

// Start starts every part, in the order in which they need each other. When one
// fails, those that run are stopped again.
func (p *program) Start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := p.fx.Start(ctx); err != nil {
		return dig.RootCause(err) // without the names of constructors, which say nothing to an operator
	}
	return nil
}

// Wait blocks until ctx ends, and returns nil, or until a part of the server
// fails, and returns why.
func (p *program) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-p.fx.Wait():
		return p.http.failure()
	}
}

// Drain lets nobody new in, has clients told to open no more connections, and waits until
// every session has ended, for as long as the configuration says. It returns at once when
// ctx ends.
func (p *program) Drain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, p.drain.Timeout.Duration)
	defer cancel()
	p.http.drain()
	p.app.Drain(ctx)
}

// Hurry has Close wait for no upload, also if it has begun.
func (p *program) Hurry() { p.archive.Park() }

// Close stops every part in reverse order and waits for it: end the sessions, no new
// requests, close the media port, finalize what they have recorded and upload it as far as
// the configuration has patience, write what has to be kept of it all, close the stores.
func (p *program) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout+p.drain.Uploads.Duration)
	defer cancel()
	return p.fx.Stop(ctx)
}

// newProgram wires the house: adapters to ports, ports to the app, the app to its
// HTTP surface. It starts nothing.
func newProgram(cfg *config.Config, log *slog.Logger) *program {
	p := &program{drain: cfg.Drain}
	p.fx = fx.New(wiring(cfg, log), fx.Populate(&p.http, &p.app, &p.archive, &p.token))
	return p
}

// wiring is every constructor. A part that has to be closed says so in its own
// constructor; fx closes them in reverse order.
func wiring(cfg *config.Config, log *slog.Logger) fx.Option {
	return fx.Options(
		fx.StartTimeout(startTimeout),
		fx.StopTimeout(stopTimeout),
		fx.WithLogger(func() fxevent.Logger { return fxevent.NopLogger }), // Start returns what fails
		fx.Supply(cfg, log),
		fx.Provide(
			func(l fx.Lifecycle) closers { return lifecycle{l} },
			openStores,
			newDatabase,
			openStore,
			openSpool,
			openWebhook,
			newArchive,
			openAccess,
			openLimits,
			openMedia,
			newApp,
			newHandler,
			newHTTPServer,
		),
		fx.Invoke(func(d *database.Database, l fx.Lifecycle) { l.Append(fx.StartHook(d.Start)) }),
		fx.Invoke(func(a *archive.Archive, l fx.Lifecycle) { l.Append(fx.StartHook(a.Start)) }),
		fx.Invoke(func(h *httpServer, a *app.App, l fx.Lifecycle, down fx.Shutdowner) {
			l.Append(fx.Hook{
				OnStart: func(ctx context.Context) error { return h.start(ctx, func() { _ = down.Shutdown() }) },
				OnStop: func(ctx context.Context) error {
					a.Close() // first: streams of events are requests that end with their sessions
					return h.stop(ctx)
				},
			})
		}),
	)
}

// lifecycle has fx close what constructors open.
type lifecycle struct{ fx.Lifecycle }

func (l lifecycle) onClose(closing func() error) { l.Append(fx.StopHook(closing)) }
