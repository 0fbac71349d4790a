package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// CreateRoom provisions a room at the wish of a caller who administers it; if it is live
// already, its settings hold from now on. It refuses with domain.ErrRoomExists and
// domain.ErrRoomSettings. As everything that changes rooms it is in the audit trail, in
// one transaction with the change, and refuses with domain.ErrUnavailable while the
// database is away.
func (a *App) CreateRoom(ctx context.Context, by domain.Caller, name domain.RoomName, settings domain.RoomSettings) (RoomView, error) {
	return a.updateAndApply(ctx, by, "room.create", name, func(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, string, error) {
		if now != nil {
			return nil, "", domain.ErrRoomExists
		}
		room, err := domain.Provision(name, settings, keptNow())
		return &room, differences(domain.RoomSettings{}, settings), err
	})
}

// ChangeRoom changes the settings of a provisioned room whose tag fits, if they are
// others by it. It refuses with domain.ErrRoomUnknown, domain.ErrVersionStale and
// domain.ErrRoomSettings.
func (a *App) ChangeRoom(ctx context.Context, by domain.Caller, name domain.RoomName, fits func(tag string) bool, change func(*domain.RoomSettings)) (RoomView, error) {
	return a.updateAndApply(ctx, by, "room.change", name, func(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, string, error) {
		switch {
		case now == nil:
			return nil, "", domain.ErrRoomUnknown
		case !fits(now.Tag()):
			return nil, "", domain.ErrVersionStale
		}
		settings := now.Settings
		change(&settings)
		detail := differences(now.Settings, settings)
		if detail == "" {
			return now, nothingDone, nil
		}
		return now, detail, now.Change(settings, keptNow())
	})
}

// DeleteRoom ends what is live in a room and forgets what is kept of it, but not its
// recordings and its sessions. It refuses with domain.ErrRoomUnknown where there is
// neither, and with domain.ErrVersionStale; a room that nobody provisioned has the tag "".
func (a *App) DeleteRoom(ctx context.Context, by domain.Caller, name domain.RoomName, fits func(tag string) bool) error {
	provisioned := true
	err := a.update(ctx, by, "room.delete", name, func(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, string, error) {
		tag := ""
		if provisioned = now != nil; provisioned {
			tag = now.Tag()
		}
		switch {
		case !provisioned && !a.isLive(name):
			return nil, "", domain.ErrRoomUnknown
		case !fits(tag):
			return nil, "", domain.ErrVersionStale
		}
		return nil, "", nil
	})
	if err != nil {
		return err
	}
	ended, err := a.clear(name)
	if err != nil && !provisioned {
		return domain.ErrRoomUnknown
	}
	if !provisioned {
		a.database.Note(a.database.Act(by, "room.delete", string(name), "it was live alone"))
	}
	a.end(domain.EndedByRemoval, ended...)
	return nil
}

// clear takes everybody out of a live room, or returns errNoStage.
func (a *App) clear(name domain.RoomName) (ended []domain.SessionID, err error) {
	err = a.stages.change(name, func(r *domain.Room) error {
		ended = r.Clear()
		room, _ := a.known.peek(name) // which may have been made anew
		r.SetRules(a.rulesOf(room))   // for whoever is on the way into it
		return nil
	})
	return ended, err
}

// nothingDone is the word for the audit trail that has it say nothing.
const nothingDone = "nothing"

// differences says what is otherwise in settings.
func differences(from, to domain.RoomSettings) string {
	return strings.Join(from.Differences(to), ", ")
}

// isLive reports whether somebody is in a room.
func (a *App) isLive(name domain.RoomName) bool {
	return a.stages.look(name, func(*domain.Room) {}) == nil
}

// decision is what an update makes of a room, nil for none, and a word for the audit trail.
type decision = func(now *domain.ProvisionedRoom) (next *domain.ProvisionedRoom, detail string, err error)

// updateAndApply changes what is kept of a room, and lets it hold at once where somebody
// is.
func (a *App) updateAndApply(ctx context.Context, by domain.Caller, act string, name domain.RoomName, decide decision) (RoomView, error) {
	if err := a.update(ctx, by, act, name, decide); err != nil {
		return RoomView{}, err
	}
	a.applyRules(name)
	kept, _ := a.known.peek(name)
	return a.view(name, kept), nil
}

// update changes what is kept of a room, and has the audit trail tell of it.
func (a *App) update(ctx context.Context, by domain.Caller, act string, name domain.RoomName, decide decision) error {
	err := a.known.update(ctx, name, func(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
		absent := now == nil
		next, detail, err := decide(now)
		switch {
		case err != nil || absent && next == nil:
			return nil, nil, err
		case detail == nothingDone:
			return next, nil, nil
		}
		return next, []ports.AuditEntry{a.database.Act(by, act, string(name), detail)}, nil
	})
	if refusal := (*domain.Refusal)(nil); errors.As(err, &refusal) {
		a.applyRules(name) // of an earlier change, whose answer was lost
	}
	if err != nil {
		return a.unavailable(err)
	}
	a.log.Info(act, "room", name, "by", by.Subject)
	return nil
}

// keptNow is the time as stores keep it.
func keptNow() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
