package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// RoomView is a room as it is now: what is kept of it, and what is live. One of both is
// there.
type RoomView struct {
	Name domain.RoomName
	Kept *domain.ProvisionedRoom // nil: nobody provisioned it
	Live *LiveRoom               // nil: nobody is there
}

// LiveRoom is what there is of a room while somebody is in it.
type LiveRoom struct {
	Publisher   *LivePublisher // nil: nobody publishes
	Awaiting    bool           // the publisher was lost and may come back
	Subscribers int
	Recording   RoomRecording
}

// LivePublisher is who publishes.
type LivePublisher struct {
	domain.Publisher
	Since  time.Time
	Report domain.SessionReport // up to now
}

// Room returns a room. It refuses with domain.ErrRoomUnknown where it is neither kept
// nor live; while the database is away, what is live is shown with what is remembered.
func (a *App) Room(ctx context.Context, name domain.RoomName) (RoomView, error) {
	kept, err := a.find(ctx, name)
	v := a.view(name, kept)
	switch {
	case err != nil && v.Live == nil:
		return RoomView{}, err
	case v.Kept == nil && v.Live == nil:
		return RoomView{}, domain.ErrRoomUnknown
	}
	return v, nil
}

// RoomsQuery says which rooms are meant.
type RoomsQuery struct {
	ports.RoomQuery
	Live bool // only those that somebody is in
}

// listScan is how many rooms a list looks at, at most, for those that the bearer may see.
// It may then be short, and still not the last page. listPage is how many it reads at
// once, at least.
const (
	listScan = 2000
	listPage = 50
)

// ListRooms returns up to limit (1 or more) rooms that the bearer of grant may see, which
// is who may play there, in the byte order of their names, beginning behind after, and
// the name to go on from, "" where there are no more. Rooms that are live and nobody
// provisioned are among them, unless a label is asked for. It refuses with
// domain.ErrUnavailable while the database is away.
func (a *App) ListRooms(ctx context.Context, grant domain.Grant, query RoomsQuery, after domain.RoomName, limit int) ([]RoomView, domain.RoomName, error) {
	if query.Live {
		return a.listLive(ctx, grant, query, after, limit)
	}
	var views []RoomView
	rows := max(limit, listPage)
	for scanned := 0; scanned < listScan; scanned += rows {
		page, more, err := a.roomsPage(ctx, query.RoomQuery, after, rows)
		if err != nil {
			return nil, after, a.unavailable(err)
		}
		for _, v := range page {
			after = v.Name
			if mayWatch(grant, v.Name) {
				views = append(views, a.view(v.Name, v.Kept))
			}
			if len(views) == limit {
				return views, after, nil
			}
		}
		if !more {
			return views, "", nil
		}
	}
	return views, after, nil
}

func mayWatch(grant domain.Grant, room domain.RoomName) bool {
	return grant.Permits(domain.ActionPlay, room, time.Now()) == nil
}

// listLive is ListRooms for live rooms alone. What is kept of them is known since they
// came to life, so that the database is hardly ever asked.
func (a *App) listLive(ctx context.Context, grant domain.Grant, query RoomsQuery, after domain.RoomName, limit int) ([]RoomView, domain.RoomName, error) {
	var views []RoomView
	for _, name := range a.stages.names() {
		if name <= after || !strings.HasPrefix(string(name), query.Prefix) || !mayWatch(grant, name) {
			continue
		}
		kept, known := a.known.peek(name)
		if !known {
			var err error
			if kept, err = a.known.find(ctx, name); err != nil && !errors.Is(err, domain.ErrUnavailable) {
				return nil, after, a.unavailable(err)
			}
		}
		if query.Label == "" || kept != nil && kept.Settings.Has(query.Label, query.Value) {
			views = append(views, a.view(name, kept))
		}
		if len(views) == limit {
			return views, name, nil
		}
	}
	return views, "", nil
}

// roomsPage returns up to limit rooms without what is live of them, and whether there may
// be more: those that are kept and those that are live, merged.
func (a *App) roomsPage(ctx context.Context, query ports.RoomQuery, after domain.RoomName, limit int) (page []RoomView, more bool, err error) {
	kept, err := a.known.store.List(ctx, query, after, limit)
	if err != nil {
		return nil, false, err
	}
	for i := range kept {
		page = append(page, RoomView{Name: kept[i].Name, Kept: &kept[i]})
	}
	if query.Label == "" {
		page = a.addLive(page, query.Prefix, after, limit)
	}
	more = len(kept) == limit
	if len(page) > limit {
		page, more = page[:limit], true
	}
	return page, more, nil
}

// addLive adds the live rooms behind after that are not in a page, in their order, as far
// as they are among its first limit. Behind these may stand some that a later page of what
// is kept has.
func (a *App) addLive(page []RoomView, prefix string, after domain.RoomName, limit int) []RoomView {
	byName := func(v RoomView, name domain.RoomName) int { return strings.Compare(string(v.Name), string(name)) }
	for _, name := range a.stages.names() {
		if name <= after || !strings.HasPrefix(string(name), prefix) {
			continue
		}
		at, found := slices.BinarySearchFunc(page, name, byName)
		if at > limit {
			break
		}
		if !found {
			page = slices.Insert(page, at, RoomView{Name: name})
		}
	}
	return page
}

// view returns a room as it is now.
func (a *App) view(name domain.RoomName, kept *domain.ProvisionedRoom) RoomView {
	v := RoomView{Name: name, Kept: kept}
	var live LiveRoom
	var publisher domain.Publisher
	err := a.stages.look(name, func(r *domain.Room) {
		publisher, _ = r.Publisher()
		live.Awaiting, live.Subscribers = r.Awaiting(), r.Subscribers()
	})
	if err != nil {
		return v
	}
	if place, ok := a.directory.find(publisher.ID); ok {
		report, _ := a.media.Report(publisher.ID)
		live.Publisher = &LivePublisher{Publisher: publisher, Since: place.Started, Report: report}
	}
	live.Recording, _ = a.RoomRecording(name) // it never fails
	v.Live = &live
	return v
}
