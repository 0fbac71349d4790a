// Package app is what happens in rooms: one method of App a use case, one file a method.
// It lets the domain decide, on the room's stage, and has the ports carry it out. What
// becomes of recordings is in archive, what is kept of the past in database.
package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"rostrum/app/archive"
	"rostrum/app/database"
	"rostrum/domain"
	"rostrum/ports"
)

// Settings are the operator's bounds on live rooms.
type Settings struct {
	AutoCreate bool             // let sessions into rooms that nobody provisioned
	MaxRooms   int              // live at once; 0: no limit
	Rules      domain.RoomRules // where a room has no choice of its own
	Outage     time.Duration    // how long rooms that are known go on while the database is away
	ExpiryLead time.Duration    // how long before its token expires a session ends
}

// Needs are the ports that an App works with. It closes none of them.
type Needs struct {
	Media    ports.Media
	Rooms    ports.Rooms
	Database *database.Database              // has the sessions and the audit trail
	Access   []ports.Authenticator           // asked in this order
	Limits   map[domain.Action]ports.Limiter // an action without one is not limited
	Archive  *archive.Archive                // takes what is recorded
	Log      *slog.Logger
}

// App is Rostrum without its edges. Its methods may be called from any goroutine.
type App struct {
	media     ports.Media
	database  *database.Database
	access    []ports.Authenticator
	limits    map[domain.Action]ports.Limiter
	archive   *archive.Archive
	log       *slog.Logger
	settings  Settings
	known     *knownRooms
	stages    *stages
	directory *directory
	endings   *endings

	stop     context.CancelFunc // has expire end
	expiring sync.WaitGroup
}

// New returns an App with no live room, which ends sessions whose tokens expire. Close
// ends it.
func New(needs Needs, settings Settings) *App {
	a := &App{
		media:     needs.Media,
		database:  needs.Database,
		access:    needs.Access,
		limits:    needs.Limits,
		archive:   needs.Archive,
		log:       needs.Log,
		settings:  settings,
		known:     newKnownRooms(needs.Rooms, needs.Database, settings.Outage),
		directory: newDirectory(),
		endings:   newEndings(),
	}
	a.stages = newStages(a, settings.MaxRooms)
	ctx, stop := context.WithCancel(context.Background())
	a.stop = stop
	a.expiring.Go(func() { a.expire(ctx) })
	return a
}

// Close refuses new sessions with domain.ErrShuttingDown, ends the live ones and
// waits until every stage has ended.
func (a *App) Close() {
	for live := a.stages.close(); len(live) > 0; live = a.stages.close() {
		for _, name := range live { // again for one whose publisher was on its way in
			a.shutDown(name)
		}
	}
	a.stages.wait()
	a.stop()
	a.expiring.Wait()
}

// route is the stages' way to the media port.
func (a *App) route(fan domain.FanOut) { a.media.Route(fan) }
