package rtc_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"
	"go.uber.org/goleak"

	"rostrum/api/client"
	"rostrum/api/client/rtc"
	"rostrum/cmd/rostrum/rig"
)

// live is the real server, for all tests.
var live rig.Live

var token = rig.LiveToken

// TestMain looks as well what the tests leave behind.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(rig.Tests{M: live.During(m), Parallel: 6})
}

// connect returns a client with connections of its own, which are closed with the test.
func connect(t *testing.T, address, bearer string) *client.Client {
	t.Helper()
	c, err := client.New(address, client.Bearer(bearer), client.HTTP(&http.Client{Transport: &http.Transport{}}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// run is a Run beside the test.
type run struct {
	t      *testing.T
	stop   context.CancelFunc
	events chan rtc.Event
	done   chan struct{}
	err    error
}

// start begins one, of what is given the settings. It is stopped with the test.
func start(t *testing.T, of func(rtc.Settings) interface{ Run(context.Context) error }) *run {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r := &run{t: t, stop: stop, events: make(chan rtc.Event, 100), done: make(chan struct{})}
	what := of(rtc.Settings{OnEvent: func(e rtc.Event) { r.events <- e }})
	var running sync.WaitGroup
	running.Go(func() {
		defer close(r.done)
		r.err = what.Run(ctx)
	})
	t.Cleanup(func() { stop(); running.Wait() })
	return r
}

// until waits for a state, and returns the event.
func (r *run) until(state rtc.State) rtc.Event {
	r.t.Helper()
	patience := time.After(rig.Patience)
	for {
		select {
		case e := <-r.events:
			if e.State == state {
				return e
			}
		case <-patience:
			r.t.Fatalf("waited in vain until it is %v", state)
		}
	}
}

// ends waits for the end and returns why.
func (r *run) ends() error {
	r.t.Helper()
	rig.Wait(r.t, "the end of the run", r.done)
	return r.err
}

// picture is a key frame of VP8, as far as anybody looks here.
var picture = []byte{0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x10, 0x00, 0x10, 0x00, 0x00}

// camera makes a track, and what sends pictures on it until a context ends.
func camera() (*webrtc.TrackLocalStaticSample, func(context.Context, *rtc.Connection) error) {
	track, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "video", "camera")
	if err != nil {
		panic(err) // VP8 is known to every pion
	}
	return track, func(ctx context.Context, _ *rtc.Connection) error {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-tick.C:
			}
			if err := track.WriteSample(media.Sample{Data: picture, Duration: 20 * time.Millisecond}); err != nil {
				return fmt.Errorf("%w: %w", rtc.ErrLost, err)
			}
		}
	}
}

// publisher returns what publishes into a room.
func publisher(c *client.Client, room string, change ...func(*rtc.Publisher)) func(rtc.Settings) interface{ Run(context.Context) error } {
	return func(s rtc.Settings) interface{ Run(context.Context) error } {
		track, send := camera()
		s.While = send
		p := &rtc.Publisher{Client: c, Room: room, Tracks: []webrtc.TrackLocal{track}, Settings: s}
		for _, f := range change {
			f(p)
		}
		return p
	}
}

// subscriber returns what plays a room, and tells of each packet that comes.
func subscriber(c *client.Client, room string, came chan<- webrtc.RTPCodecType) func(rtc.Settings) interface{ Run(context.Context) error } {
	return func(s rtc.Settings) interface{ Run(context.Context) error } {
		return &rtc.Subscriber{Client: c, Room: room, Settings: s, OnTrack: func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
			for {
				if _, _, err := track.ReadRTP(); err != nil {
					return
				}
				select {
				case came <- track.Kind():
				default:
				}
			}
		}}
	}
}
