//go:build interop

package interop

import (
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"
)

// peer is a pion client whose network the test chooses. It is closed with the test.
type peer struct {
	t      *testing.T
	pc     *webrtc.PeerConnection
	policy webrtc.ICETransportPolicy
	up     chan struct{}
}

// newPeer returns a peer that uses the networks and the kind of candidates given,
// and no others.
func newPeer(t *testing.T, policy webrtc.ICETransportPolicy, networks ...webrtc.NetworkType) *peer {
	t.Helper()
	setting := webrtc.SettingEngine{}
	setting.SetNetworkTypes(networks)
	setting.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	setting.SetIncludeLoopbackCandidate(true)
	engine := &webrtc.MediaEngine{}
	if err := engine.RegisterDefaultCodecs(); err != nil {
		t.Fatal(err)
	}
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(setting), webrtc.WithMediaEngine(engine)).
		NewPeerConnection(webrtc.Configuration{ICETransportPolicy: policy})
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{t: t, pc: pc, policy: policy, up: make(chan struct{})}
	var once sync.Once
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateConnected {
			once.Do(func() { close(p.up) })
		}
	})
	t.Cleanup(func() { _ = pc.GracefulClose() })
	return p
}

// connect offers the session to an endpoint and gathers candidates only then, since
// the answer to the offer names the ICE servers to use (RFC 9725, section 4.6).
func (p *peer) connect(endpoint string) {
	p.t.Helper()
	offer, err := p.pc.CreateOffer(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	answer, servers := post(p.t, endpoint, offer.SDP)
	err = errors.Join(
		p.pc.SetConfiguration(webrtc.Configuration{ICEServers: servers, ICETransportPolicy: p.policy}),
		p.pc.SetLocalDescription(offer),
		p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}),
	)
	if err != nil {
		p.t.Fatal(err)
	}
	within(p.t, 15*time.Second, p.up, "the peer is connected")
}

// pair returns the pair of candidates that is in use.
func (p *peer) pair() *webrtc.ICECandidatePair {
	p.t.Helper()
	var transport *webrtc.DTLSTransport
	for _, transceiver := range p.pc.GetTransceivers() {
		if sender := transceiver.Sender(); sender != nil && sender.Transport() != nil {
			transport = sender.Transport()
		} else if receiver := transceiver.Receiver(); receiver != nil && receiver.Transport() != nil {
			transport = receiver.Transport()
		}
	}
	pair, err := transport.ICETransport().GetSelectedCandidatePair()
	if err != nil || pair == nil {
		p.t.Fatalf("no pair of candidates is in use: %v", err)
	}
	return pair
}

var iceLink = regexp.MustCompile(`<([^>]+)>; *rel="ice-server"(?:.*username="([^"]*)"; *credential="([^"]*)")?`)

// post creates a session, and returns its answer and the ICE servers that come
// with it.
func post(t *testing.T, endpoint, offer string) (answer string, servers []webrtc.ICEServer) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint, strings.NewReader(offer))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/sdp")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusCreated {
		t.Fatalf("POST %s: %s: %s (%v)", endpoint, response.Status, body, err)
	}
	for _, line := range response.Header.Values("Link") {
		if found := iceLink.FindStringSubmatch(line); found != nil {
			servers = append(servers, webrtc.ICEServer{URLs: found[1:2], Username: found[2], Credential: found[3]})
		}
	}
	return string(body), servers
}
