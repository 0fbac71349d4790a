// Package play receives the stream of a room by WHEP, tells of it, and keeps it in a file.
package play

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"time"

	"rostrum/api/client"
	"rostrum/api/client/rtc"
	"rostrum/cmd/rostrum/flow"
	"rostrum/cmd/rostrum/progress"
	"rostrum/cmd/rostrum/remote"
)

// Options say what is received, for how long, and where to.
type Options struct {
	Server   *client.Client
	Room     string
	Out      string         // the file, see Command; empty: none
	Force    bool           // replace it
	Once     bool           // end with the first publication
	Duration time.Duration  // from the first media on; 0: until ctx ends
	Timeout  time.Duration  // for the first media to come; 0: for ever
	Line     *progress.Line // nil: nobody watches
	Log      *slog.Logger
}

// Result is what has been received.
type Result struct {
	flow.Result
	Files []File `json:"files,omitempty"`
}

// Why nothing is received any more. Match with errors.Is.
var (
	ErrNothing = errors.New("no media has come")
	ErrDisk    = errors.New("the file can't be written")
)

// errOver ends a Run that has done what it was to do.
var errOver = errors.New("it is over")

var advice = remote.Advice{
	"forbidden": "this token may not play in this room: use another one, or have the token's grant changed",
	"no_common_codec": "what is published doesn't go into a file with this ending: leave the ending out, and it gets the right one; " +
		"without --out this is a defect of rostrum: please report it",
}

// Run receives until ctx ends, or as the options say, and returns nil then; the session has been deleted and nothing of it
// runs any more. What has come is in the file also when it returns an error.
func Run(ctx context.Context, o Options) (result Result, err error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	limit := time.AfterFunc(math.MaxInt64, func() { stop(errOver) })
	defer limit.Stop()
	p := newPlayer(o, stop, limit)
	if o.Out != "" {
		if p.file, err = create(o, p.askKeyframe); err != nil {
			return p.result(), err
		}
	}
	if o.Timeout > 0 {
		patience := time.AfterFunc(o.Timeout, p.giveUp)
		defer patience.Stop()
	}
	subscriber := rtc.Subscriber{Client: o.Server, Room: o.Room, OnTrack: p.receive, Settings: rtc.Settings{
		OnEvent: p.tell, While: p.watch, Codecs: codecs(o.Out),
	}}
	err = advice.Explain(subscriber.Run(ctx))
	if cause := context.Cause(ctx); err == nil && (errors.Is(cause, ErrNothing) || errors.Is(cause, ErrDisk)) {
		err = cause
	}
	result = p.result()
	if p.file != nil {
		var kept error
		result.Files, kept = p.file.keep(context.WithoutCancel(ctx))
		if err == nil {
			err = p.file.trouble()
		}
		if err == nil || !errors.Is(kept, ErrNothing) { // which says no more
			err = errors.Join(err, kept)
		}
	}
	return result, err
}

// giveUp ends a Run that nothing has come to.
func (p *player) giveUp() {
	trouble := p.trouble.Load()
	switch {
	case p.flow.Began():
	case trouble != nil:
		p.stop(fmt.Errorf("%w in %v: %w", ErrNothing, p.Timeout, *trouble))
	default:
		p.stop(fmt.Errorf("%w from the room %s in %v: is anybody publishing there? --timeout 0 waits for it", ErrNothing, p.Room, p.Timeout))
	}
}

// tell logs what becomes of the connection.
func (p *player) tell(e rtc.Event) {
	switch e.State {
	case rtc.Connecting:
		p.attempt.Add(1)
	case rtc.Connected:
		p.trouble.Store(nil)
		p.Log.Info("connected", "room", p.Room, "server", p.Server.Server())
	case rtc.Restarting:
		p.Log.Warn("nothing is heard of the server; restarting ICE", "room", p.Room)
	case rtc.Abandoned:
		p.Log.Warn("the session could not be ended; the server will find out by itself", "reason", e.Err.Error())
	case rtc.Reconnecting:
		if p.Once && errors.Is(e.Err, rtc.ErrEnded) && p.flow.Began() {
			p.Log.Info("the publication is over", "room", p.Room)
			p.stop(errOver)
			return
		}
		why := advice.Explain(e.Err)
		p.trouble.Store(&why)
		p.Log.Warn("not receiving; trying again", "in", e.After.Round(100*time.Millisecond).String(), "reason", why.Error())
	case rtc.Closed:
	}
}
