// Package publish sends a media file into a room by WHIP (RFC 9725), in the file's own time.
package publish

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"rostrum/cmd/rostrum/clip"
)

// Options say what goes where.
type Options struct {
	Server string       // base URL; a path in it is kept in front of the API's
	Room   string       // as in the server's API: letters, digits, _ and -, at most 64
	Token  string       // bearer token; empty where the server lets anyone publish
	Clip   *clip.Clip   // used by Run alone until Run returns; stays the caller's to close
	Loop   bool         // begin anew at the end, without a seam
	Retry  bool         // connect again when it can help, from the clip's beginning
	Log    *slog.Logger // nil for none
}

const (
	firstPause  = time.Second
	longPause   = 30 * time.Second
	longestWait = 5 * time.Minute // whatever Retry-After says
)

// Run publishes until the clip is over or ctx ends, and returns nil then; in both cases the session has been deleted and
// nothing of it runs any more. Else it returns why it can't go on: a *Refusal, ErrUnreachable, ErrEnded or ErrLost, or an
// error of the clip.
func Run(ctx context.Context, o Options) error {
	endpoint, err := endpoint(o.Server, o.Room)
	if err != nil {
		return err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	defer transport.CloseIdleConnections()
	w := whip{client: &http.Client{Transport: transport, Timeout: requestTimeout}, token: o.Token}
	for _, warning := range o.Clip.Warnings {
		o.Log.Warn("not all of the file can be sent well", "reason", warning)
	}
	pause := firstPause
	for {
		began := time.Now()
		err := once(ctx, w, endpoint, o)
		if err == nil || ctx.Err() != nil {
			return nil
		}
		if !o.Retry || !retryable(err) {
			return err
		}
		if time.Since(began) > longPause { // it had worked for a while
			pause = firstPause
		}
		spread := 0.8 + 0.4*rand.Float64() //nolint:gosec // no secret: it keeps many publishers from coming back at once
		wait := max(time.Duration(float64(pause)*spread), after(err))
		o.Log.Warn("not publishing; trying again", "in", wait.Round(100*time.Millisecond).String(), "reason", err.Error())
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
		pause = min(2*pause, longPause)
	}
}

// once is one session, from the offer to DELETE.
func once(ctx context.Context, w whip, endpoint *url.URL, o Options) error {
	if err := o.Clip.Rewind(); err != nil {
		return err
	}
	s, err := dial(ctx, w, endpoint, o.Clip.Tracks, o.Log)
	if err != nil {
		return err
	}
	defer s.close(ctx)
	if err := s.connected(ctx); err != nil {
		return err
	}
	o.Log.Info("publishing", "room", o.Room, "server", o.Server, "tracks", names(o.Clip.Tracks), "loop", o.Loop)
	p := player{clip: o.Clip, sinks: s.sinks(), loop: o.Loop, log: o.Log}
	s.report(&p.sent)
	if err := p.play(s.alive); err != nil {
		if cause := context.Cause(s.alive); cause != nil {
			return cause
		}
		return err
	}
	o.Log.Info("the clip is over", "room", o.Room)
	return nil
}

func names(tracks []clip.Track) string {
	list := make([]string, len(tracks))
	for i, t := range tracks {
		_, list[i], _ = strings.Cut(t.Codec.MimeType, "/")
	}
	return strings.Join(list, "+")
}

var roomName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// endpoint is the URL to post to. What would carry a secret in the URL is refused: URLs end up in logs, in process lists and
// in the shell's history.
func endpoint(server, room string) (*url.URL, error) {
	if !roomName.MatchString(room) {
		return nil, fmt.Errorf("%q is not a room name: use 1 to 64 letters, digits, - and _", room)
	}
	u, err := url.Parse(server)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, fmt.Errorf("the server must be given like http://127.0.0.1:8080 or https://live.example.com, not %q", redact(server))
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("the server's URL must hold no token, user or query, because URLs are logged and listed: " +
			"give the token in ROSTRUM_TOKEN")
	}
	return u.JoinPath("api/whip/publish", room), nil
}

// redact keeps what may be a secret out of an error.
func redact(server string) string {
	if at := strings.LastIndex(server, "@"); at >= 0 {
		server = "..." + server[at:]
	}
	server, _, _ = strings.Cut(server, "?")
	return server
}
