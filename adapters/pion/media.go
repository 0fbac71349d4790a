// Package pion carries media by pion/webrtc: it answers WHIP and WHEP offers, and
// connects what publishers send with the fan-out that feeds the subscribers.
//
// A session is a publisher (publisher.go, one source a track) or a subscriber
// (subscriber.go, one output a kind of media); both are peers (peer.go). Route
// joins sources and outputs by swapping the tables of package fanout.
package pion

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"log/slog"
	"sync"

	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"rostrum/adapters/pion/fanout"
	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.Media = (*Media)(nil)

// Config says where media comes in.
type Config struct {
	// UDPAddr is the UDP port of all sessions, ":8189", or with an address of this
	// machine the port there alone. TCPAddr is the TCP port for networks without
	// UDP (RFC 6544); empty: none.
	UDPAddr, TCPAddr string

	// PublicIPs are announced instead of this machine's own addresses, which are
	// behind a NAT that forwards the ports.
	PublicIPs []string

	Log *slog.Logger
}

// Media is ports.Media by pion/webrtc. It owns its sockets and the connections of
// all sessions; Close ends them.
type Media struct {
	sockets     *sockets
	certificate webrtc.Certificate // one for the life of the process
	log         *slog.Logger

	mu          sync.Mutex
	publishers  map[domain.SessionID]*publisher
	subscribers map[domain.SessionID]*subscriber
	routed      map[domain.RoomName]*publisher // whom the last FanOut of a room followed
	closing     sync.WaitGroup                 // connections being closed
}

// New opens the media port.
func New(config Config) (*Media, error) {
	sockets, err := listen(config, pionLogger{config.Log, "ice"})
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	certificate, err := webrtc.GenerateCertificate(key)
	if err != nil {
		return nil, err
	}
	return &Media{
		sockets:     sockets,
		certificate: *certificate,
		log:         config.Log,
		publishers:  map[domain.SessionID]*publisher{},
		subscribers: map[domain.SessionID]*subscriber{},
		routed:      map[domain.RoomName]*publisher{},
	}, nil
}

// Publish answers a publisher's offer. See ports.Media.
func (m *Media) Publish(ctx context.Context, o ports.Offer) (ports.Publication, error) {
	parsed, err := parseOffer(o.SDP, publishing)
	if err != nil {
		return ports.Publication{}, err
	}
	p, err := m.newPublisher(o, parsed)
	if err != nil {
		return ports.Publication{}, err
	}
	m.mu.Lock()
	m.publishers[o.Session] = p
	m.mu.Unlock()
	answer, err := p.answer(ctx, parsed)
	if err != nil {
		m.End(o.Session)
		return ports.Publication{}, err
	}
	return ports.Publication{Answer: answer, Tag: p.ice.present(), Tracks: p.tracks()}, nil
}

// Subscribe answers a subscriber's offer. See ports.Media.
func (m *Media) Subscribe(ctx context.Context, o ports.Offer, tracks []domain.Track) (ports.Subscription, error) {
	parsed, err := parseOffer(o.SDP, subscribing)
	if err != nil {
		return ports.Subscription{}, err
	}
	plan, err := planOutputs(parsed, tracks)
	if err != nil {
		return ports.Subscription{}, err
	}
	s, err := m.newSubscriber(o, parsed, plan)
	if err != nil {
		return ports.Subscription{}, err
	}
	m.mu.Lock()
	m.subscribers[o.Session] = s
	m.mu.Unlock()
	answer, err := s.answer(ctx, parsed)
	if err != nil {
		m.End(o.Session)
		return ports.Subscription{}, err
	}
	return ports.Subscription{Answer: answer, Tag: s.ice.present(), Codecs: s.codecs()}, nil
}

// Route follows a fan-out. See ports.Media.
func (m *Media) Route(fan domain.FanOut) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.publishers[fan.Publisher]
	if old := m.routed[fan.Room]; old != nil && old != p {
		old.unroute()
	}
	if p == nil {
		delete(m.routed, fan.Room)
		return
	}
	m.routed[fan.Room] = p
	for _, route := range fan.Routes {
		if source := p.sources[route.Track.ID]; source != nil {
			source.fanout.SetLegs(m.legs(source, route))
		}
	}
}

// legs returns a route's legs. Called with mu held.
func (m *Media) legs(from *source, route domain.Route) []*fanout.Leg {
	legs := make([]*fanout.Leg, 0, len(route.Legs))
	for _, l := range route.Legs {
		if s := m.subscribers[l.Subscriber]; s != nil {
			if leg := s.connect(from, route.Track.Kind()); leg != nil {
				legs = append(legs, leg)
			}
		}
	}
	return legs
}

// Patch trickles or restarts a session's ICE. See ports.Media.
func (m *Media) Patch(ctx context.Context, id domain.SessionID, patch ports.ICEPatch) (ports.ICEUpdate, error) {
	p, s := m.find(id)
	switch {
	case p != nil:
		return p.ice.patch(ctx, patch, p.declare)
	case s != nil:
		return s.ice.patch(ctx, patch, func(*sdp.SessionDescription) {})
	default:
		return ports.ICEUpdate{}, domain.ErrSessionUnknown
	}
}

// Vitals tells how alive a session is. See ports.Media.
func (m *Media) Vitals(id domain.SessionID) (domain.Vitals, bool) {
	p, s := m.find(id)
	switch {
	case p != nil:
		return p.vitals(), true
	case s != nil:
		return s.vitals(), true
	default:
		return domain.Vitals{}, false
	}
}

func (m *Media) find(id domain.SessionID) (*publisher, *subscriber) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.publishers[id], m.subscribers[id]
}

// End closes a session. See ports.Media.
func (m *Media) End(id domain.SessionID) ports.SessionReport {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p := m.publishers[id]; p != nil {
		delete(m.publishers, id)
		m.closing.Go(p.close)
		return p.report()
	}
	if s := m.subscribers[id]; s != nil {
		delete(m.subscribers, id)
		m.closing.Go(s.close)
		return s.report()
	}
	return ports.SessionReport{}
}

// Close ends every session, waits until their connections are closed and closes
// the sockets. Nothing may be called afterwards.
func (m *Media) Close() error {
	for _, id := range m.sessions() {
		m.End(id)
	}
	m.closing.Wait()
	return m.sockets.close()
}

func (m *Media) sessions() []domain.SessionID {
	m.mu.Lock()
	defer m.mu.Unlock()
	ids := make([]domain.SessionID, 0, len(m.publishers)+len(m.subscribers))
	for id := range m.publishers {
		ids = append(ids, id)
	}
	for id := range m.subscribers {
		ids = append(ids, id)
	}
	return ids
}
