package pion

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"

	"rostrum/domain"
	"rostrum/ports"
)

// How long peers are waited for.
const (
	icePatience    = 40 * time.Second // before ICE is called failed (RFC 8863 §4 recommends 39.5 s)
	connectTimeout = 45 * time.Second // for ICE and DTLS, also for a peer that stops in mid-handshake
	iceQuiet       = 5 * time.Second  // before silence is taken note of
	handshakeGrace = time.Second      // for a handshake that is under way when its session ends
	consentTimeout = 30 * time.Second // of silence, before consent has expired (RFC 7675 §5.1)
)

// dtlsInterval is how long the first flight of a handshake is waited for before it
// is sent again; pion doubles it from there. Clients that begin to listen late,
// FFmpeg among them, lose that much, and a second would be long.
const dtlsInterval = 100 * time.Millisecond

// How often consent is checked. A publisher's is checked often enough to know
// within two seconds that it is gone.
const (
	publisherChecks  = 500 * time.Millisecond
	subscriberChecks = 2 * time.Second
)

// peer is one session's connection, whichever way its media goes.
type peer struct {
	id     domain.SessionID
	pc     *webrtc.PeerConnection
	ice    iceSession
	events ports.MediaEvents
	since  time.Time
	loops  sync.WaitGroup // readers of the connection; they end when it closes

	settled        chan struct{} // closed when the connection has come up, or has failed to
	settle         sync.Once
	heard          atomic.Uint64 // packets and answers that had come when it was looked at last
	heardAt        atomic.Int64  // when there were more of them than before, in Unix nanoseconds
	connectedAfter atomic.Int64  // nanoseconds; 0: not yet
	pair           atomic.Value  // string: the pair that was selected when it connected

	mu      sync.Mutex // orders events; held while one is told
	over    bool
	timeout *time.Timer // to connect
	consent *time.Timer // runs while the peer is silent
}

// newPeer returns a peer that has not seen its offer yet.
func (m *Media) newPeer(o ports.Offer, engine *webrtc.MediaEngine, setting webrtc.SettingEngine, interceptors *interceptor.Registry, checks time.Duration) (*peer, error) {
	setting.SetICETimeouts(iceQuiet, icePatience-iceQuiet, checks)
	setting.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	if err := m.sockets.apply(&setting); err != nil {
		return nil, fmt.Errorf("webrtc.public_ips: %w", err)
	}
	setting.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	setting.SetDTLSRetransmissionInterval(dtlsInterval)
	setting.LoggerFactory = loggerFactory{m.log}
	api := webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithSettingEngine(setting), webrtc.WithInterceptorRegistry(interceptors))
	pc, err := api.NewPeerConnection(webrtc.Configuration{Certificates: []webrtc.Certificate{m.certificate}})
	if err != nil {
		return nil, fmt.Errorf("new peer connection: %w", err)
	}
	p := &peer{id: o.Session, pc: pc, events: o.Events, since: time.Now(), settled: make(chan struct{})}
	p.ice.pc = pc
	p.heardAt.Store(p.since.UnixNano())
	p.pair.Store("")
	p.consent = time.AfterFunc(consentTimeout-iceQuiet, func() {
		if pc.ConnectionState() != webrtc.PeerConnectionStateConnected { // pion's news of it may come out of order
			p.ended(domain.EndedBySilence)
		}
	})
	p.consent.Stop()
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
		return "", malformed(err.Error())
	}
	prepare()
	answer, err := answerTo(ctx, p.pc)
	switch {
	case ctx.Err() != nil:
		return "", fmt.Errorf("answer an offer: %w", ctx.Err())
	case err != nil: // what pion takes at first and cannot answer is in the offer
		return "", malformed(err.Error())
	}
	p.ice.begin(o)
	return answer, nil
}

// stateChanged tells what the connection's state means for the session. pion calls
// it from goroutines of its own.
func (p *peer) stateChanged(state webrtc.PeerConnectionState) {
	switch state {
	case webrtc.PeerConnectionStateConnected, webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
		p.settle.Do(func() { close(p.settled) })
	default:
	}
	switch state {
	case webrtc.PeerConnectionStateConnected:
		p.consent.Stop()
		p.tell(func() {
			if p.connectedAfter.CompareAndSwap(0, int64(time.Since(p.since))) {
				p.pair.Store(p.selectedPair())
				p.events.Connected(p.id)
			}
		})
	case webrtc.PeerConnectionStateDisconnected:
		p.tell(func() { p.consent.Reset(consentTimeout - iceQuiet) })
	case webrtc.PeerConnectionStateFailed:
		if p.isConnected() {
			p.ended(domain.EndedBySilence)
		} else {
			p.ended(domain.EndedUnconnected)
		}
	case webrtc.PeerConnectionStateClosed:
		p.ended(domain.EndedByPeer)
	default:
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

func (p *peer) isConnected() bool { return p.connectedAfter.Load() > 0 }

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
	p.consent.Stop()
	p.waitForHandshake()
	_ = p.pc.GracefulClose() // whatever it could not send, the peer is gone
	p.loops.Wait()
}

// waitForHandshake gives a DTLS handshake that is under way the time to end: until
// then close_notify cannot be said, and the peer, whose side may be done, would
// hang until its consent expires.
func (p *peer) waitForHandshake() {
	if p.pc.SCTP().Transport().State() != webrtc.DTLSTransportStateConnecting {
		return
	}
	select {
	case <-p.settled:
	case <-time.After(handshakeGrace):
	}
}

// report returns the numbers of the session so far, but for its media. It waits for
// nothing.
func (p *peer) report() ports.SessionReport {
	return ports.SessionReport{
		RemoteCandidates: int(p.ice.seen.Load()),
		Pair:             p.pair.Load().(string), // nothing else is stored
		DTLS:             p.pc.SCTP().Transport().State().String(),
		ConnectedAfter:   time.Duration(p.connectedAfter.Load()),
		Restarts:         int(p.ice.restarts.Load()),
	}
}
