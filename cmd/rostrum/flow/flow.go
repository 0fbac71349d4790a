// Package flow counts the media of a command that publishes or plays, and tells of it: a
// person while it flows, a script at the end.
package flow

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dustin/go-humanize"

	"rostrum/api/client/rtc"
	"rostrum/cmd/rostrum/progress"
)

// How often a person is told how it goes: on a terminal, and where lines stay.
const (
	drawEvery   = time.Second
	reportEvery = 10 * time.Second
)

// Flow is media on its way, over any number of sessions. Any number of goroutines may use
// it. The fields are not changed once it is in use.
type Flow struct {
	Doing string         // sending, receiving
	What  func() string  // what flows, in words
	Line  *progress.Line // nil: nobody watches
	Log   *slog.Logger

	bytes atomic.Int64
	began atomic.Pointer[time.Time]

	mu       sync.Mutex
	session  string
	sessions int
}

// Result is what has flowed, in words that scripts rely on.
type Result struct {
	Room          string  `json:"room"`
	Session       string  `json:"session,omitempty"` // the last that was connected; none was: empty
	Reconnections int     `json:"reconnections"`     // sessions that were connected after the first
	Seconds       float64 `json:"seconds"`           // since the first media
	Bytes         int64   `json:"bytes"`             // of media
}

// Add counts media, and reports whether it is the first.
func (f *Flow) Add(bytes int) (first bool) {
	f.bytes.Add(int64(bytes))
	if f.Began() {
		return false
	}
	now := time.Now()
	return f.began.CompareAndSwap(nil, &now)
}

// Began reports whether there has been any media.
func (f *Flow) Began() bool { return f.began.Load() != nil }

// Result returns what has flowed so far.
func (f *Flow) Result(room string) Result {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := Result{Room: room, Session: f.session, Reconnections: max(0, f.sessions-1), Bytes: f.bytes.Load()}
	if began := f.began.Load(); began != nil {
		r.Seconds = time.Since(*began).Round(time.Millisecond).Seconds()
	}
	return r
}

// Watch tells how it goes while a session is connected: each second on a terminal, else
// each ten in the log. It returns ctx's error, or what check returns, which it asks each
// second as well.
func (f *Flow) Watch(ctx context.Context, c *rtc.Connection, check func() error) error {
	f.enter(c.Session.ID)
	ticker := time.NewTicker(drawEvery)
	defer ticker.Stop()
	last, before := time.Now(), f.bytes.Load()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
		if err := check(); err != nil {
			return err
		}
		elapsed, now := time.Since(last), f.bytes.Load()
		if !f.Line.Terminal() && elapsed < reportEvery {
			continue
		}
		f.tell(float64(now-before)*8/elapsed.Seconds(), now, c.RoundTrip().Round(100*time.Microsecond))
		last, before = time.Now(), now
	}
}

func (f *Flow) enter(session string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.session = session
	f.sessions++
}

// tell is told bits a second, and bytes altogether.
func (f *Flow) tell(rate float64, bytes int64, rtt time.Duration) {
	if f.Line.Terminal() {
		f.Line.Tell(f.Doing, fmt.Sprintf("%s, %s, round trip %v, %s",
			f.What(), humanize.SIWithDigits(rate, 1, "bit/s"), rtt, humanize.IBytes(uint64(max(bytes, 0)))))
		return
	}
	f.Log.Info(f.Doing, "what", f.What(), "kbps", int64(rate/1000), "rtt", rtt.String(), "bytes", bytes)
}
