// Package app is what happens: one method of App a use case, one file a method.
// It lets the domain decide, on the room's stage, and has the ports carry it out.
package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// Settings are the operator's bounds on live rooms.
type Settings struct {
	AutoCreate     bool // let sessions into rooms that nobody provisioned
	MaxRooms       int  // live at once; 0: no limit
	MaxSubscribers int  // of a room that has no limit of its own; 0: no limit

	// Grace is how long a publisher that was lost without DELETE has to come back
	// while its subscribers stay. 0: none.
	Grace time.Duration

	// Record says whether what is published in rooms is recorded that nobody
	// provisioned.
	Record bool
}

// Needs are the ports that an App works with. It closes none of them.
type Needs struct {
	Media   ports.Media
	Rooms   ports.Rooms
	Access  ports.Authenticator
	Limits  map[domain.Action]ports.Limiter // an action without one is not limited
	Archive *Archive                        // takes what is recorded
	Log     *slog.Logger
}

// App is Rostrum without its edges. Its methods may be called from any goroutine.
type App struct {
	media     ports.Media
	rooms     ports.Rooms
	access    ports.Authenticator
	limits    map[domain.Action]ports.Limiter
	archive   *Archive
	log       *slog.Logger
	settings  Settings
	stages    *stages
	directory *directory
}

// New returns an App with no live room. Close ends it.
func New(needs Needs, settings Settings) *App {
	a := &App{
		media:     needs.Media,
		rooms:     needs.Rooms,
		access:    needs.Access,
		limits:    needs.Limits,
		archive:   needs.Archive,
		log:       needs.Log,
		settings:  settings,
		directory: newDirectory(),
	}
	a.stages = newStages(a, settings.MaxRooms, settings.Grace)
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
}

// change opens the room's stage if there is none, and makes a change on it.
func (a *App) change(ctx context.Context, name domain.RoomName, decide func(*domain.Room) error) error {
	err := a.stages.change(name, decide)
	if !errors.Is(err, errNoStage) {
		return err
	}
	settings, err := a.roomSettings(ctx, name)
	if err != nil {
		return err
	}
	return a.stages.open(name, settings, decide)
}

// route is the stages' way to the media port.
func (a *App) route(fan domain.FanOut) { a.media.Route(fan) }
