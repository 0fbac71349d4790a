// Package publish sends a media file into a room by WHIP (RFC 9725), in the file's own time.
package publish

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"rostrum/api/client"
	"rostrum/api/client/rtc"
	"rostrum/cmd/rostrum/clip"
	"rostrum/cmd/rostrum/flow"
	"rostrum/cmd/rostrum/progress"
	"rostrum/cmd/rostrum/remote"
)

// Options say what goes where.
type Options struct {
	Server *client.Client
	Room   string
	Clip   *clip.Clip     // used by Run alone until Run returns; stays the caller's to close
	Loop   bool           // begin anew at the end, without a seam
	Retry  bool           // connect again when it can help, from the clip's beginning
	Line   *progress.Line // nil: nobody watches
	Log    *slog.Logger   // nil for none
}

// advice is for who publishes.
var advice = remote.Advice{
	"forbidden":       "this token may not publish into this room: use another room, or have the token's grant changed",
	"room_busy":       "somebody else is publishing there: end that, or use another room",
	"no_common_codec": "convert the file: ffmpeg -i FILE -c:v libvpx -b:v 2M -g 60 -c:a libopus converted.webm",
}

// Run publishes until the clip is over or ctx ends, and returns nil then; in both cases the session has been deleted and
// nothing of it runs any more. Else it returns why it can't go on: an error of packages client and rtc, or of the clip. In
// any case it returns what has been sent.
func Run(ctx context.Context, o Options) (flow.Result, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	for _, warning := range o.Clip.Warnings {
		o.Log.Warn("not all of the file can be sent well", "reason", warning)
	}
	s := sending{Options: o, flow: flow.Flow{
		Doing: "sending", What: func() string { return names(o.Clip.Tracks) }, Line: o.Line, Log: o.Log,
	}}
	var tracks []webrtc.TrackLocal
	for _, t := range o.Clip.Tracks {
		track, err := webrtc.NewTrackLocalStaticSample(t.Codec, t.Kind().String(), "rostrum")
		if err != nil {
			return s.flow.Result(o.Room), err
		}
		tracks, s.sinks = append(tracks, track), append(s.sinks, track)
	}
	publisher := rtc.Publisher{Client: o.Server, Room: o.Room, Tracks: tracks, Settings: rtc.Settings{
		OnEvent: s.tell, While: s.send, Once: !o.Retry, Codecs: codecs(o.Clip.Tracks),
	}}
	err := advice.Explain(publisher.Run(ctx))
	return s.flow.Result(o.Room), err
}

// farewell is how long the end of a clip has to arrive, and to be sent again where it was lost, before the session is ended:
// the server takes nothing of it then.
const farewell = time.Second

// sending is a clip on its way.
type sending struct {
	Options
	sinks []sink
	flow  flow.Flow
	began bool // in this session; of the publisher's goroutine
}

// tell logs what becomes of the connection.
func (s *sending) tell(e rtc.Event) {
	switch e.State {
	case rtc.Connecting:
		s.began = false
	case rtc.Connected:
		if s.began {
			s.Log.Info("connected again, in the same session", "room", s.Room)
		}
		s.began = true
	case rtc.Restarting:
		s.Log.Warn("nothing is heard of the server; restarting ICE", "room", s.Room)
	case rtc.Abandoned:
		s.Log.Warn("the session could not be ended; the server will find out by itself", "reason", e.Err.Error())
	case rtc.Reconnecting:
		s.Log.Warn("not publishing; trying again",
			"in", e.After.Round(100*time.Millisecond).String(), "reason", advice.Explain(e.Err).Error())
	case rtc.Closed:
	}
}

// send plays the clip from its beginning while there is a connection.
func (s *sending) send(ctx context.Context, c *rtc.Connection) error {
	if err := s.Clip.Rewind(); err != nil {
		return err
	}
	s.tellRejected(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: c.Session.Answer})
	s.Log.Info("publishing", "room", s.Room, "server", s.Server.Server(), "tracks", names(s.Clip.Tracks), "loop", s.Loop)
	p := player{clip: s.Clip, sinks: s.sinks, loop: s.Loop, log: s.Log, sent: &s.flow}
	watched, stop := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Go(func() { _ = s.flow.Watch(watched, c, func() error { return nil }) }) // its end is stop
	err := p.play(ctx)
	if err == nil {
		s.Log.Info("the clip is over", "room", s.Room)
		_ = until(ctx, time.Now().Add(farewell)) // it is over all the same
	}
	stop()
	watch.Wait()
	return err
}

// tellRejected warns of tracks that the server doesn't take.
func (s *sending) tellRejected(answer webrtc.SessionDescription) {
	parsed, err := answer.Unmarshal()
	if err != nil {
		return
	}
	for _, m := range parsed.MediaDescriptions {
		if _, inactive := m.Attribute("inactive"); m.MediaName.Port.Value == 0 || inactive {
			s.Log.Warn("the server doesn't take one of the tracks", "kind", m.MediaName.Media)
		}
	}
}

func names(tracks []clip.Track) string {
	list := make([]string, len(tracks))
	for i, t := range tracks {
		_, list[i], _ = strings.Cut(t.Codec.MimeType, "/")
	}
	return strings.Join(list, "+")
}
