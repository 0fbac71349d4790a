package app

import (
	"context"
	"errors"
	"fmt"

	"rostrum/domain"
)

// errOutdated says that a stage has other rules than those that are known.
var errOutdated = errors.New("the room has been changed")

// change opens a session's room if it is not live, and has it decide about the session.
// While the server drains, only who comes back is decided about. Who changes or
// deletes the room meanwhile, here or on another server, may find no stage to tell: what
// is known by then is looked at on the stage.
func (a *App) change(ctx context.Context, place placement, decide func(*domain.Room) error) error {
	name := place.Room
	upToDate := func(r *domain.Room) error {
		if err := a.barred(r, place.Role); err != nil {
			return err
		}
		switch room, known := a.known.peek(name); {
		case known && a.isGone(room):
			return domain.ErrRoomUnknown
		case known && !r.Rules().Equal(a.rulesOf(room)):
			return errOutdated
		}
		return decide(r)
	}
	for {
		err := a.stages.change(name, upToDate)
		if errors.Is(err, errNoStage) {
			err = a.open(ctx, name, upToDate)
		}
		if !errors.Is(err, errOutdated) {
			return err
		}
		a.applyRules(name)
	}
}

// open brings a room to life and makes a change on it.
func (a *App) open(ctx context.Context, name domain.RoomName, decide func(*domain.Room) error) error {
	if a.stages.isClosing() { // before the database is asked, which may be away
		return domain.ErrShuttingDown
	}
	rules, err := a.rules(ctx, name)
	if err != nil {
		return err
	}
	return a.stages.open(name, rules, decide)
}

// isGone reports whether nobody may be in a room, nil for one that nobody provisioned:
// where rooms are not made by publishing into them.
func (a *App) isGone(room *domain.ProvisionedRoom) bool {
	return room == nil && !a.settings.AutoCreate
}

// rules returns what holds in a room that is about to come to life. It refuses with
// domain.ErrRoomUnknown what nobody provisioned where rooms are not made by publishing
// into them, and with domain.ErrUnavailable while the database is away.
func (a *App) rules(ctx context.Context, name domain.RoomName) (domain.RoomRules, error) {
	room, err := a.find(ctx, name)
	if err != nil {
		return domain.RoomRules{}, err
	}
	if a.isGone(room) {
		return domain.RoomRules{}, domain.ErrRoomUnknown
	}
	return a.rulesOf(room), nil
}

// rulesOf returns what holds in a room, nil for one that nobody provisioned.
func (a *App) rulesOf(room *domain.ProvisionedRoom) domain.RoomRules {
	if room == nil {
		return a.settings.Rules
	}
	return room.Rules(a.settings.Rules)
}

// find returns what is kept of a room, nil where nobody provisioned it. It refuses with
// domain.ErrUnavailable.
func (a *App) find(ctx context.Context, name domain.RoomName) (*domain.ProvisionedRoom, error) {
	room, err := a.known.find(ctx, name)
	return room, a.unavailable(err)
}

// unavailable says of an error that is no refusal that a part of the house is away, and
// has the log tell of it, which for a database that is away is done once.
func (a *App) unavailable(err error) error {
	if refusal := (*domain.Refusal)(nil); err == nil || errors.As(err, &refusal) || errors.Is(err, context.Canceled) {
		return err
	}
	if !a.database.Lost(err) {
		a.log.Error("the database cannot be used", "error", err)
	}
	return fmt.Errorf("%w: %w", domain.ErrUnavailable, err)
}

// applyRules has what is known of a room hold in it now, if it is live, and ends the
// sessions that do not fit it.
func (a *App) applyRules(name domain.RoomName) {
	var ended []domain.SessionID
	_ = a.stages.change(name, func(r *domain.Room) error { // errNoStage: nobody is there
		if room, known := a.known.peek(name); known { // the latest, however many changes are on their way
			ended = r.SetRules(a.rulesOf(room))
		}
		return nil
	})
	a.end(domain.EndedByRevoking, ended...)
}
