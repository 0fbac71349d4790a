package app

import (
	"context"
	"errors"
	"time"

	"rostrum/domain"
)

// drainPause is the least time between two lines of the log about who is waited for.
const drainPause = time.Second

// Drain refuses new sessions with domain.ErrShuttingDown from now on, and waits until
// those that are live have ended, or ctx ends. Nothing else changes for them: they are
// patched, watched, recorded and ended as before. A publisher that comes back to its own
// publication, in its grace or by a takeover, goes on with it and is let in. Who is left
// when it returns is ended by Close.
func (a *App) Drain(ctx context.Context) {
	a.stages.close()
	tick := time.NewTicker(drainPause)
	defer tick.Stop()
	told := 0
	for left := a.directory.len(); left > 0; left = a.directory.len() {
		if told == 0 {
			told = a.tellDraining(left)
		}
		select {
		case <-ctx.Done():
			a.log.Warn("not every session has ended by itself, the rest is ended now", "sessions", left)
			return
		case <-a.directory.gone:
		case <-tick.C:
			if left != told {
				told = a.tellDraining(left)
			}
		}
	}
}

func (a *App) tellDraining(sessions int) int {
	a.log.Info("waiting for sessions to end", "sessions", sessions)
	return sessions
}

// barred refuses with domain.ErrShuttingDown whoever is new to a live room while the
// server drains. It is called on the room's stage, when the session is in the directory:
// it is either waited for by Drain or refused here.
func (a *App) barred(r *domain.Room, role domain.Role) error {
	_, published := r.Publisher()
	if !a.stages.isClosing() || role == domain.RolePublisher && (published || r.Awaiting()) {
		return nil
	}
	return domain.ErrShuttingDown
}

// elsewhere returns an error, or while the server drains in place of domain.ErrRoomBusy
// domain.ErrShuttingDown: to wait here for the room to be free is of no use.
func (a *App) elsewhere(err error) error {
	if errors.Is(err, domain.ErrRoomBusy) && a.stages.isClosing() {
		return domain.ErrShuttingDown
	}
	return err
}
