// Package pion carries media by pion's parts: it answers WHIP and WHEP offers, and
// connects what publishers send with the fan-out that feeds the subscribers.
//
// A session is a publisher (publisher.go, one source a track) or a subscriber
// (subscriber.go, one output a kind of media); both are peers (peer.go). Who receives
// and is no peer is a tap (tap.go). Below them stand, each a package: negotiation (SDP), transport (ICE, DTLS), socket (what
// comes in), fanout (who gets which packet) and egress (what leaves).
package pion

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime"
	"sync"

	"rostrum/adapters/pion/egress"
	"rostrum/adapters/pion/fanout"
	"rostrum/adapters/pion/negotiation"
	"rostrum/adapters/pion/transport"
	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.Media = (*Media)(nil)

// Config says where media comes in.
type Config struct {
	// UDPAddr is the UDP port of all sessions, ":8189", or with an address of this
	// machine the port there alone. TCPAddr is the TCP port for networks without
	// UDP (RFC 6544). One of them may be empty: none.
	UDPAddr, TCPAddr string

	// PublicIPs are announced instead of this machine's own addresses, which are
	// behind a NAT that forwards the ports.
	PublicIPs []string

	// MaxLoad is the share of the workers' time, up to 1, that may go into sending
	// before new subscribers are refused. 0: no limit.
	MaxLoad float64

	Log *slog.Logger
}

// Media is ports.Media by pion's parts. It owns the network, the workers that send
// and the connections of all sessions; Close ends them.
type Media struct {
	network *transport.Network
	lanes   []*egress.Lane // one a worker
	workers *fanout.Workers
	load    load
	ledger  *ledger
	tally   tally
	done    chan struct{} // closed by Close
	watch   sync.WaitGroup

	mu          sync.Mutex
	publishers  map[domain.SessionID]*publisher
	subscribers map[domain.SessionID]*subscriber
	taps        map[domain.SessionID]*tap
	routed      map[domain.RoomName]*publisher // whom the last FanOut of a room followed
	closing     sync.WaitGroup                 // connections being closed
}

// New opens the media port and starts a worker for each core.
func New(config Config) (*Media, error) {
	network, err := transport.Listen(transport.Config{UDPAddr: config.UDPAddr, TCPAddr: config.TCPAddr, PublicIPs: config.PublicIPs, Log: config.Log})
	if err != nil {
		return nil, err
	}
	m := &Media{
		network:     network,
		ledger:      newLedger(),
		done:        make(chan struct{}),
		publishers:  map[domain.SessionID]*publisher{},
		subscribers: map[domain.SessionID]*subscriber{},
		taps:        map[domain.SessionID]*tap{},
		routed:      map[domain.RoomName]*publisher{},
	}
	for range runtime.GOMAXPROCS(0) {
		if err := m.openLane(); err != nil {
			return nil, errors.Join(err, m.closeNetwork())
		}
	}
	lanes := make([]fanout.Lane, len(m.lanes))
	for i, lane := range m.lanes {
		lanes[i] = lane
	}
	m.workers = fanout.NewWorkers(lanes)
	m.load = load{limit: config.MaxLoad, lanes: len(lanes), busy: m.workers.Busy, sockets: network.Sockets(), refused: m.refused, log: config.Log}
	m.load.tellBuffers()
	m.watch.Go(func() { m.load.watch(m.done) })
	m.watch.Go(m.observe)
	return m, nil
}

// openLane opens a lane with its own descriptor of each socket.
func (m *Media) openLane() error {
	var own []*net.UDPConn
	for _, s := range m.network.Sockets() {
		conn, err := s.Dup()
		if err != nil {
			return errors.Join(fmt.Errorf("open a socket a second time: %w", err), egress.NewLane(own).Close())
		}
		own = append(own, conn)
	}
	m.lanes = append(m.lanes, egress.NewLane(own))
	return nil
}

// refused returns how many packets the lanes could not send.
func (m *Media) refused() (dropped uint64) {
	for _, lane := range m.lanes {
		dropped += lane.Stats().Dropped()
	}
	return dropped
}

// Publish answers a publisher's offer. See ports.Media.
func (m *Media) Publish(ctx context.Context, o ports.Offer) (ports.Publication, error) {
	parsed, err := negotiation.ParseOffer(o.SDP, negotiation.Publishing)
	if err != nil {
		return ports.Publication{}, err
	}
	p, err := m.newPublisher(o, parsed)
	if err != nil {
		return ports.Publication{}, err
	}
	m.ledger.enter(p)
	m.mu.Lock()
	m.publishers[o.Session] = p
	m.mu.Unlock()
	answer, err := p.answer(ctx, parsed, nil)
	if err != nil {
		m.End(o.Session)
		return ports.Publication{}, err
	}
	return ports.Publication{Answer: answer, Tag: p.ice.present(), Tracks: p.tracks()}, nil
}

// Subscribe answers a subscriber's offer. See ports.Media.
func (m *Media) Subscribe(ctx context.Context, o ports.Offer, tracks []domain.Track) (ports.Subscription, error) {
	if m.load.full() {
		return ports.Subscription{}, domain.ErrServerFull
	}
	parsed, err := negotiation.ParseOffer(o.SDP, negotiation.Subscribing)
	if err != nil {
		return ports.Subscription{}, err
	}
	plan, err := parsed.PlanOutputs(tracks)
	if err != nil {
		return ports.Subscription{}, err
	}
	s, err := m.newSubscriber(o, plan)
	if err != nil {
		return ports.Subscription{}, err
	}
	m.ledger.enter(s)
	m.mu.Lock()
	m.subscribers[o.Session] = s
	m.mu.Unlock()
	answer, err := s.answer(ctx, parsed, plan)
	if err != nil {
		m.End(o.Session)
		return ports.Subscription{}, err
	}
	return ports.Subscription{Answer: answer, Tag: s.ice.present(), Codecs: negotiation.Codecs(plan)}, nil
}

// Patch trickles or restarts a session's ICE. See ports.Media.
func (m *Media) Patch(ctx context.Context, id domain.SessionID, patch ports.ICEPatch) (ports.ICEUpdate, error) {
	p, s := m.find(id)
	switch {
	case p != nil:
		return p.ice.patch(ctx, patch)
	case s != nil:
		return s.ice.patch(ctx, patch)
	default:
		return ports.ICEUpdate{}, domain.ErrSessionUnknown
	}
}

// Vitals tells how alive a session is. See ports.Media.
func (m *Media) Vitals(id domain.SessionID) (domain.Vitals, bool) {
	p, s := m.find(id)
	switch {
	case p != nil:
		return p.conn.Vitals(), true
	case s != nil:
		return s.conn.Vitals(), true
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
func (m *Media) End(id domain.SessionID) domain.SessionReport {
	m.mu.Lock()
	p, s, t := m.publishers[id], m.subscribers[id], m.taps[id]
	delete(m.publishers, id)
	delete(m.subscribers, id)
	delete(m.taps, id)
	if p != nil || s != nil {
		m.closing.Add(1) // while Close can still find the session, or it would not wait for it
	}
	m.mu.Unlock()
	switch {
	case t != nil:
		return t.end()
	case p != nil:
		defer m.close(p)
		return p.report()
	case s != nil:
		defer m.close(s)
		r := s.report()
		r.Fed = s.lastFed() // it may have been taken out of the fan-out before
		return r
	default:
		return domain.SessionReport{}
	}
}

// ending is a session that is over but for its connection.
type ending interface {
	accounted
	// close closes the connection and waits for all that reads from it.
	close()
}

// close closes a session's connection behind its caller's back, after which its numbers
// are final. It is counted in closing.
func (m *Media) close(session ending) {
	go func() {
		defer m.closing.Done()
		session.close()
		m.ledger.close(session)
	}()
}

// Close ends every session, waits until their connections are closed and every event of
// theirs has been told, stops the workers and closes the sockets. Nothing may be called
// afterwards.
func (m *Media) Close() error {
	for _, id := range m.sessions() {
		m.End(id)
	}
	m.closing.Wait()
	close(m.done)
	m.watch.Wait()
	m.workers.Close()
	return m.closeNetwork()
}

func (m *Media) closeNetwork() error {
	var errs []error
	for _, lane := range m.lanes {
		errs = append(errs, lane.Close())
	}
	return errors.Join(append(errs, m.network.Close())...)
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
