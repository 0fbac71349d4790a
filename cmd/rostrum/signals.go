package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
)

// signalled is why the context of main has ended: by the first signal.
type signalled struct{ os.Signal }

func (s signalled) Error() string { return "the signal " + s.String() }

// untilSignal returns a context that the first SIGINT or SIGTERM ends, with a signalled as
// its cause. A second one ends the process at once, unless a command listens for signals of
// its own, as serve does. stop waits for its goroutine.
func untilSignal(parent context.Context) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		defer close(done)
		select {
		case s := <-signals:
			signal.Stop(signals)
			cancel(signalled{s})
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
		<-done
	}
}

// interrupted reports whether SIGINT has ended the context.
func interrupted(ctx context.Context) bool {
	by, ok := errors.AsType[signalled](context.Cause(ctx))
	return ok && by.Signal == os.Interrupt
}
