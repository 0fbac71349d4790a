package rtc_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/transport/v5"
	"github.com/pion/transport/v5/stdnet"
	"github.com/pion/webrtc/v4"

	"rostrum/api/client"
	"rostrum/api/client/rtc"
	"rostrum/cmd/rostrum/rig"
)

// cable is a network that can be cut: then UDP goes nowhere.
type cable struct {
	*stdnet.Net
	cut atomic.Bool
}

func (c *cable) ListenUDP(network string, at *net.UDPAddr) (transport.UDPConn, error) {
	conn, err := c.Net.ListenUDP(network, at)
	return &wire{conn, c}, err
}

func (c *cable) ListenPacket(network, at string) (net.PacketConn, error) {
	conn, err := c.Net.ListenPacket(network, at)
	if udp, ok := conn.(transport.UDPConn); ok {
		return &wire{udp, c}, err
	}
	return conn, err
}

type wire struct {
	transport.UDPConn
	cable *cable
}

func (w *wire) WriteTo(b []byte, to net.Addr) (int, error) {
	if w.cable.cut.Load() {
		return len(b), nil
	}
	return w.UDPConn.WriteTo(b, to)
}

func (w *wire) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := w.UDPConn.ReadFrom(b)
		if err != nil || !w.cable.cut.Load() {
			return n, from, err
		}
	}
}

// newCable returns a network, and what has a connection use it, which notices a cut soon.
func newCable(t *testing.T) (*cable, func(*webrtc.SettingEngine)) {
	t.Helper()
	standard, err := stdnet.NewNet()
	if err != nil {
		t.Fatal(err)
	}
	network := &cable{Net: standard}
	return network, func(s *webrtc.SettingEngine) {
		s.SetNet(network)
		s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
		s.SetICETimeouts(time.Second, time.Minute, 100*time.Millisecond)
	}
}

// A network that is cut and comes back: ICE is restarted, and the session goes on. The
// subscriber on another network keeps its session as well.
func TestNetworkThatIsCut(t *testing.T) {
	t.Parallel()
	network, plug := newCable(t)
	c := connect(t, live.URL, token)
	came := make(chan webrtc.RTPCodecType)
	watching := start(t, subscriber(c, "cut", came))
	watching.until(rtc.Connected)
	connected := make(chan *rtc.Connection, 1)
	publishing := start(t, publisher(c, "cut", func(p *rtc.Publisher) {
		send := p.While
		p.While = func(ctx context.Context, c *rtc.Connection) error {
			connected <- c
			return send(ctx, c)
		}
		p.Configure = plug
	}))
	publishing.until(rtc.Connected)
	waitForMedia(t, came)
	session := (<-connected).Session
	before := session.ETag()
	network.cut.Store(true)
	publishing.until(rtc.Restarting)
	network.cut.Store(false)
	publishing.until(rtc.Connected)
	rig.Eventually(t, "another ICE session", func() bool { return session.ETag() != before })
	for range 10 {
		waitForMedia(t, came)
	}
	room, err := c.GetRoomWithResponse(t.Context(), "cut")
	if err != nil || *room.JSON200.Live.Publisher.Session != session.ID {
		t.Errorf("another session publishes: %v", err)
	}
	select {
	case e := <-watching.events:
		t.Errorf("the subscriber noticed: %v", e)
	default:
	}
}

// refusing is HTTP at which no ICE restart succeeds.
type refusing struct{ http.RoundTripper }

func (r refusing) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Method == http.MethodPatch && request.Header.Get("If-Match") == "*" {
		_ = request.Body.Close()
		return &http.Response{StatusCode: http.StatusUnprocessableEntity, Header: http.Header{}, Body: http.NoBody, Request: request}, nil
	}
	return r.RoundTripper.RoundTrip(request)
}

// A session that cannot go on is followed by another one, also where the server wants no
// more of it.
func TestRestartThatIsRefused(t *testing.T) {
	t.Parallel()
	network, plug := newCable(t)
	own := &http.Transport{}
	t.Cleanup(own.CloseIdleConnections)
	c, err := client.New(live.URL, client.Bearer(token), client.HTTP(&http.Client{Transport: refusing{own}}))
	if err != nil {
		t.Fatal(err)
	}
	publishing := start(t, publisher(c, "refused", func(p *rtc.Publisher) { p.Configure = plug }))
	publishing.until(rtc.Connected)
	network.cut.Store(true)
	e := publishing.until(rtc.Reconnecting)
	if !errors.Is(e.Err, rtc.ErrLost) || !errors.Is(e.Err, &client.Problem{Status: http.StatusUnprocessableEntity}) {
		t.Error(e)
	}
	network.cut.Store(false)
	publishing.until(rtc.Connected)
}
