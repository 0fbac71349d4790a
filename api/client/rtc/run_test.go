package rtc_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"rostrum/api/client"
	"rostrum/api/client/rtc"
	"rostrum/cmd/rostrum/rig"
)

func waitForMedia(t *testing.T, came <-chan webrtc.RTPCodecType) {
	t.Helper()
	select {
	case <-came:
	case <-time.After(rig.Patience):
		t.Fatal("no media comes")
	}
}

// A subscriber that comes first, and a publisher that leaves and comes back.
func TestMediaArrivesAgainAndAgain(t *testing.T) {
	t.Parallel()
	c := connect(t, live.URL, token)
	came := make(chan webrtc.RTPCodecType)
	watching := start(t, subscriber(c, "again", came))
	watching.until(rtc.Connected)
	for range 2 {
		publishing := start(t, publisher(c, "again"))
		waitForMedia(t, came)
		publishing.stop()
		if err := publishing.ends(); err != nil {
			t.Errorf("ended by its user: %v", err)
		}
		if e := watching.until(rtc.Reconnecting); !errors.Is(e.Err, rtc.ErrEnded) || e.After <= 0 {
			t.Errorf("the subscriber is told %v", e)
		}
		watching.until(rtc.Connected)
	}
	watching.stop()
	if e := watching.until(rtc.Closed); e.Err != nil {
		t.Error(e)
	}
	if err := watching.ends(); err != nil {
		t.Error(err)
	}
}

// Who has no use for tracks need not say so.
func TestSubscriberWithoutOnTrack(t *testing.T) {
	t.Parallel()
	c := connect(t, live.URL, token)
	start(t, publisher(c, "unread"))
	connected := make(chan *webrtc.RTPReceiver, 1)
	watching := start(t, func(s rtc.Settings) interface{ Run(context.Context) error } {
		s.While = func(ctx context.Context, c *rtc.Connection) error {
			connected <- c.PeerConnection.GetReceivers()[0]
			<-ctx.Done()
			return ctx.Err()
		}
		return &rtc.Subscriber{Client: c, Room: "unread", Settings: s}
	})
	watching.until(rtc.Connected)
	receiver := <-connected
	rig.Eventually(t, "a track", func() bool { return receiver.Track() != nil })
	for range 20 { // it has been told of by then
		if _, _, err := receiver.Track().ReadRTP(); err != nil {
			t.Fatal(err)
		}
	}
	watching.stop()
	if err := watching.ends(); err != nil {
		t.Error(err)
	}
}

func TestRoomThatIsBusyAndThenFree(t *testing.T) {
	t.Parallel()
	c := connect(t, live.URL, token)
	first := start(t, publisher(c, "busy"))
	first.until(rtc.Connected)
	second := start(t, publisher(c, "busy"))
	if e := second.until(rtc.Reconnecting); !errors.Is(e.Err, &client.Problem{Code: "room_busy"}) {
		t.Error(e)
	}
	first.stop()
	second.until(rtc.Connected)
}

// A session that somebody has ended is over: the next one follows, with the same tracks.
func TestSessionThatIsEndedElsewhere(t *testing.T) {
	t.Parallel()
	c := connect(t, live.URL, token)
	publishing := start(t, publisher(c, "ended"))
	publishing.until(rtc.Connected)
	if _, err := c.EndPublicationWithResponse(t.Context(), "ended"); err != nil {
		t.Fatal(err)
	}
	if e := publishing.until(rtc.Reconnecting); !errors.Is(e.Err, rtc.ErrEnded) {
		t.Error(e)
	}
	publishing.until(rtc.Connected)
	came := make(chan webrtc.RTPCodecType)
	start(t, subscriber(c, "ended", came))
	waitForMedia(t, came)
}

// standIn is HTTP at which something else answers some offers.
type standIn struct {
	http.RoundTripper
	left atomic.Int32
}

func (s *standIn) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Method == http.MethodPost && s.left.Add(-1) >= 0 {
		_ = request.Body.Close()
		return &http.Response{StatusCode: http.StatusNotFound, Header: http.Header{"Content-Type": {"text/html"}}, Body: io.NopCloser(strings.NewReader("no backend")), Request: request}, nil
	}
	return s.RoundTripper.RoundTrip(request)
}

// While a server is being replaced its proxy answers for it. Who has been there waits.
func TestProxyThatAnswersForAServer(t *testing.T) {
	t.Parallel()
	own := &http.Transport{}
	t.Cleanup(own.CloseIdleConnections)
	between := &standIn{RoundTripper: own}
	c, err := client.New(live.URL, client.Bearer(token), client.HTTP(&http.Client{Transport: between}))
	if err != nil {
		t.Fatal(err)
	}
	publishing := start(t, publisher(c, "replaced"))
	publishing.until(rtc.Connected)
	between.left.Store(1)
	if _, err := connect(t, live.URL, token).EndPublicationWithResponse(t.Context(), "replaced"); err != nil {
		t.Fatal(err)
	}
	publishing.until(rtc.Reconnecting)
	if e := publishing.until(rtc.Reconnecting); !errors.Is(e.Err, &client.Problem{Status: http.StatusNotFound}) {
		t.Error(e)
	}
	publishing.until(rtc.Connected)

	between.left.Store(1)
	stranger := start(t, publisher(c, "strange"))
	if err := stranger.ends(); !errors.Is(err, &client.Problem{Status: http.StatusNotFound}) {
		t.Errorf("who has never been there goes on: %v", err)
	}
}

func TestWhatIsOfNoUseIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	publishing := start(t, publisher(connect(t, live.URL, "another-token"), "any"))
	if err := publishing.ends(); !errors.Is(err, &client.Problem{Code: "token_invalid"}) {
		t.Error(err)
	}
	if e := publishing.until(rtc.Closed); e.Err == nil {
		t.Error("it is not told why it is closed")
	}
}

func TestOnce(t *testing.T) {
	t.Parallel()
	c := connect(t, live.URL, token)
	publishing := start(t, publisher(c, "once", func(p *rtc.Publisher) { p.Once = true }))
	publishing.until(rtc.Connected)
	if _, err := c.EndPublicationWithResponse(t.Context(), "once"); err != nil {
		t.Fatal(err)
	}
	if err := publishing.ends(); !errors.Is(err, rtc.ErrEnded) {
		t.Error(err)
	}
}

// While ends a Run: well by nil, and with its own error.
func TestWhile(t *testing.T) {
	t.Parallel()
	c := connect(t, live.URL, token)
	broken := errors.New("broken")
	for _, want := range []error{nil, broken} {
		publishing := start(t, publisher(c, "while", func(p *rtc.Publisher) {
			p.While = func(context.Context, *rtc.Connection) error { return want }
		}))
		if err := publishing.ends(); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	t.Parallel()
	full := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "77")
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer full.Close()
	publishing := start(t, publisher(connect(t, full.URL, token), "any"))
	if e := publishing.until(rtc.Reconnecting); e.After != 77*time.Second {
		t.Error(e)
	}
	publishing.stop()
	if err := publishing.ends(); err != nil {
		t.Error(err)
	}
}

func TestServerThatIsAway(t *testing.T) {
	t.Parallel()
	const away = "http://127.0.0.1:1" // nobody ever listens there
	watching := start(t, subscriber(connect(t, away, token), "any", nil))
	for range 2 {
		if e := watching.until(rtc.Reconnecting); !errors.Is(e.Err, client.ErrUnreachable) {
			t.Error(e)
		}
	}
	watching.stop()
	if err := watching.ends(); err != nil {
		t.Error(err)
	}
}

// An answer that pion cannot use is nobody's fault that would pass.
func TestAnswerThatIsNone(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{}, 1)
	strange := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			ended <- struct{}{}
			return
		}
		w.Header().Set("Location", "/api/whip/sessions/abc")
		w.Header().Set("Content-Type", "application/sdp")
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte("v=0\r\nthis is no answer\r\n"))
	}))
	defer strange.Close()
	publishing := start(t, publisher(connect(t, strange.URL, token), "any"))
	if err := publishing.ends(); !errors.Is(err, client.ErrContract) {
		t.Error(err)
	}
	if len(ended) != 1 {
		t.Error("the session is left on the server")
	}
}
