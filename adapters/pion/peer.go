package pion

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"

	"rostrum/domain"
	"rostrum/ports"
)

// connectTimeout is how long a session may take to connect: ICE's patience
// (RFC 8863 recommends 39.5 s) and nothing beyond it for a peer that stops in
// mid-handshake.
const connectTimeout = 40 * time.Second

// peer is one session's connection, whichever way its media goes.
type peer struct {
	id     domain.SessionID
	pc     *webrtc.PeerConnection
	events ports.MediaEvents
	loops  sync.WaitGroup // readers of the connection; they end when it closes

	mu        sync.Mutex // orders events; held while one is told
	connected bool
	over      bool
	timeout   *time.Timer
}

// newPeer returns a peer that has not seen its offer yet.
func (m *Media) newPeer(o ports.Offer, engine *webrtc.MediaEngine, setting webrtc.SettingEngine, interceptors *interceptor.Registry) (*peer, error) {
	setting.SetICEUDPMux(m.mux)
	setting.SetIncludeLoopbackCandidate(true) // the mux listens there only when told to
	setting.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	setting.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6})
	setting.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	setting.LoggerFactory = loggerFactory{m.log}
	api := webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithSettingEngine(setting), webrtc.WithInterceptorRegistry(interceptors))
	pc, err := api.NewPeerConnection(webrtc.Configuration{Certificates: []webrtc.Certificate{m.certificate}})
	if err != nil {
		return nil, fmt.Errorf("new peer connection: %w", err)
	}
	p := &peer{id: o.Session, pc: pc, events: o.Events}
	p.timeout = time.AfterFunc(connectTimeout, func() {
		if !p.isConnected() {
			p.ended(domain.EndedUnconnected)
		}
	})
	pc.OnConnectionStateChange(p.stateChanged)
	return p, nil
}

// answer applies the offer and returns the complete answer, all candidates in it.
// prepare is called between the two.
func (p *peer) answer(ctx context.Context, o *offer, prepare func()) (string, error) {
	description, err := o.description()
	if err != nil {
		return "", malformed("it cannot be written down again")
	}
	if err := p.pc.SetRemoteDescription(description); err != nil {
		return "", domain.ErrOffer.Because("The SDP offer is not usable: " + err.Error() + ".")
	}
	prepare()
	answer, err := p.pc.CreateAnswer(nil)
	if err != nil {
		return "", fmt.Errorf("create answer: %w", err)
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(answer); err != nil {
		return "", fmt.Errorf("set local description: %w", err)
	}
	select {
	case <-gathered:
		return polishAnswer(p.pc.LocalDescription().SDP)
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// stateChanged tells what the connection's state means for the session. pion calls
// it from goroutines of its own.
func (p *peer) stateChanged(state webrtc.PeerConnectionState) {
	switch state {
	case webrtc.PeerConnectionStateConnected:
		p.tell(func() {
			if !p.connected {
				p.connected = true
				p.events.Connected(p.id)
			}
		})
	case webrtc.PeerConnectionStateFailed:
		if p.isConnected() {
			p.ended(domain.EndedBySilence)
		} else {
			p.ended(domain.EndedUnconnected)
		}
	case webrtc.PeerConnectionStateClosed:
		p.ended(domain.EndedByPeer)
	default: // disconnected may come back
	}
}

// tell runs an event of a session that is not over.
func (p *peer) tell(event func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.over {
		event()
	}
}

func (p *peer) isConnected() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.connected
}

// ended tells, once, that the session is over.
func (p *peer) ended(reason domain.EndReason) {
	p.mu.Lock()
	was := p.over
	p.over = true
	p.mu.Unlock()
	if !was {
		p.events.Ended(p.id, reason)
	}
}

// close closes the connection, which tells its peer by DTLS close_notify, and
// waits for its readers. No event comes from it.
func (p *peer) close() {
	p.mu.Lock()
	p.over = true
	p.mu.Unlock()
	p.timeout.Stop()
	_ = p.pc.GracefulClose() // whatever it could not send, the peer is gone
	p.loops.Wait()
}
