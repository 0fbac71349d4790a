package rtc_test

import (
	"context"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/transport/v5"
	"github.com/pion/transport/v5/stdnet"
	"github.com/pion/webrtc/v4"

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

// A network that is cut and comes back: ICE is restarted, and the session goes on. The
// subscriber on another network keeps its session as well.
func TestNetworkThatIsCut(t *testing.T) {
	t.Parallel()
	standard, err := stdnet.NewNet()
	if err != nil {
		t.Fatal(err)
	}
	network := &cable{Net: standard}
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
		p.Configure = func(s *webrtc.SettingEngine) {
			s.SetNet(network)
			s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
			s.SetICETimeouts(time.Second, time.Minute, 100*time.Millisecond)
		}
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
