package rtc

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"

	"rostrum/api/client"
)

// Settings are what a Publisher and a Subscriber have in common. The zero value will do.
type Settings struct {
	// OnEvent hears of the life of a Run, call after call from its goroutine. It must not
	// block.
	OnEvent func(Event)

	// While is what is to be done while a session is connected: it is called when media
	// can flow first, and its context ends with the session. Once it returns nil, Run ends
	// the session and returns nil. An error of its own ends Run, unless it is ErrLost.
	While func(ctx context.Context, c *Connection) error

	// Once has Run return with the first session's end rather than connect again.
	Once bool

	// Codecs registers what is offered, in order of preference. Nil offers what pion does.
	Codecs func(*webrtc.MediaEngine) error

	// Configure changes what connections are made with.
	Configure func(*webrtc.SettingEngine)
}

// How long a connection is silent before it counts as disconnected, which is when ICE is
// restarted, and how much longer before pion gives it up: not before we do.
const (
	disconnectedAfter = 5 * time.Second
	failedAfter       = 2 * restartPatience
	keepAlive         = 2 * time.Second
)

// connect makes a connection that has nothing to carry yet.
func (s *Settings) connect(server string) (*webrtc.PeerConnection, error) {
	register := s.Codecs
	if register == nil {
		register = (*webrtc.MediaEngine).RegisterDefaultCodecs
	}
	engine, registry := &webrtc.MediaEngine{}, &interceptor.Registry{}
	if err := register(engine); err != nil {
		return nil, fmt.Errorf("codecs: %w", err)
	}
	if err := webrtc.RegisterDefaultInterceptors(engine, registry); err != nil {
		return nil, err
	}
	settings := webrtc.SettingEngine{}
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	settings.SetICETimeouts(disconnectedAfter, failedAfter, keepAlive)
	settings.SetIncludeLoopbackCandidate(loopback(server))
	settings.SetNetworkTypes([]webrtc.NetworkType{ // TCP for networks without UDP: the server's ICE-TCP port
		webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6, webrtc.NetworkTypeTCP4, webrtc.NetworkTypeTCP6,
	})
	if s.Configure != nil {
		s.Configure(&settings)
	}
	return webrtc.NewAPI(
		webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(settings),
	).NewPeerConnection(webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle})
}

// loopback reports whether a server is on this machine.
func loopback(server string) bool {
	address, err := url.Parse(server)
	if err != nil {
		return false
	}
	ip := net.ParseIP(address.Hostname())
	return address.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// use has a connection gather with the ICE servers of its session, as it has not begun to.
func use(pc *webrtc.PeerConnection, servers []client.ICEServer) error {
	if len(servers) == 0 {
		return nil
	}
	configuration := pc.GetConfiguration()
	for _, s := range servers {
		configuration.ICEServers = append(configuration.ICEServers, webrtc.ICEServer{
			URLs: []string{s.URL}, Username: s.Username, Credential: s.Credential,
		})
	}
	return pc.SetConfiguration(configuration)
}
