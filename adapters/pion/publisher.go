package pion

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/srtp/v3"

	"rostrum/adapters/pion/fanout"
	"rostrum/adapters/pion/negotiation"
	"rostrum/adapters/pion/transport"
	"rostrum/domain"
	"rostrum/ports"
)

// publisher is a session that sends: one source for each of its tracks. What comes
// waits in its inbox for its goroutine, which decrypts it, moves it into the
// fan-outs and flushes them.
type publisher struct {
	*peer
	media    *Media
	routes   []domain.Route // the last that were asked for; guarded by the media's mu
	sources  []*source      // fixed; in the offer's order
	inbox    *inbox
	dropped  uint64                  // by the inbox, that the publisher's goroutine knows of
	ingress  atomic.Pointer[ingress] // nil until it is connected
	feedback *feedback
	control  *controlWriter
	loops    sync.WaitGroup
	done     chan struct{} // closed when the session is being closed
	stop     sync.Once
}

var _ transport.Handler = (*publisher)(nil)

// newPublisher returns a publisher that has not been answered yet.
func (m *Media) newPublisher(o ports.Offer, parsed *negotiation.Offer) (*publisher, error) {
	p := &publisher{media: m, inbox: newInbox(), done: make(chan struct{})}
	var err error
	if p.peer, err = m.newPeer(o, p, publisherChecks); err != nil {
		return nil, err
	}
	p.control = newControlWriter(parsed, p.conn.Write)
	if p.feedback, err = newFeedback(p.control.write); err != nil {
		p.conn.Close()
		return nil, err
	}
	for _, s := range parsed.Sections {
		src := newSource(p, s)
		p.sources = append(p.sources, src)
		p.loops.Go(func() { src.fanout.Run(p.done) })
	}
	p.loops.Go(func() { p.conn.Listen(p.done) })
	p.loops.Go(p.run)
	return p, nil
}

// Connected takes the keys; what has come before them is worked off now. See
// transport.Handler.
func (p *publisher) Connected(profile srtp.ProtectionProfile, keys srtp.SessionKeys) {
	in, err := newIngress(p, profile, keys)
	if err != nil {
		return // of a profile that was not offered
	}
	out, err := srtp.CreateContext(keys.LocalMasterKey, keys.LocalMasterSalt, profile)
	if err != nil {
		return // likewise
	}
	p.control.open(out)
	p.ingress.Store(in)
	p.inbox.wake()
	p.events.Connected(p.id)
}

// Moved is nothing to a publisher: what is said to it goes by the connection. See
// transport.Handler.
func (p *publisher) Moved(transport.Path) {}

// Receive keeps a packet until the publisher's goroutine takes it. See
// socket.Receiver.
func (p *publisher) Receive(packet []byte) {
	if len(packet) < minPacket || len(packet) > maxPacket {
		p.media.tally.malformed.Add(1)
		return
	}
	p.inbox.put(packet, time.Now())
}

// Received has the publisher's goroutine take what has come. See socket.Receiver.
func (p *publisher) Received() { p.inbox.wake() }

// frameHold is how long the beginning of a frame may wait for its end. Nobody can
// show a part of it, and what is sent together costs half.
const frameHold = time.Millisecond

// run is the publisher's goroutine. What one wake-up finds in the inbox is one
// burst, as far as it ends with a frame.
func (p *publisher) run() {
	hold, repair := newAlarm(), newAlarm()
	defer hold.Stop()
	defer repair.Stop()
	var taken batch
	for {
		select {
		case <-p.done:
			return
		case <-repair.C:
			repair.set(p.requestRepairs())
			continue
		case <-p.inbox.ready:
			taken = p.receive(taken)
			repair.set(p.requestRepairs())
			if p.inFrame() {
				hold.sooner(time.Now().Add(frameHold))
				continue
			}
		case <-hold.C:
		}
		hold.set(time.Time{})
		for _, s := range p.sources {
			s.fanout.Flush()
		}
	}
}

// requestRepairs asks for what is missing, and returns when to do so next, the zero
// time if nothing is.
func (p *publisher) requestRepairs() time.Time {
	var next time.Time
	now := time.Now()
	for _, s := range p.sources {
		if at := s.requestRepairs(now); next.IsZero() || !at.IsZero() && at.Before(next) {
			next = at
		}
	}
	return next
}

// receive works off what is in the inbox, once there are keys. It returns the memory
// that it has done with.
func (p *publisher) receive(spare batch) batch {
	in := p.ingress.Load()
	if in == nil {
		return spare
	}
	if dropped := p.inbox.dropped.Load(); dropped > p.dropped {
		p.dropped = dropped
		p.askKeyframes() // sooner there than all that was dropped, asked for one by one
	}
	taken, now := p.inbox.take(spare), time.Now()
	for packet := range taken.packets() {
		in.receive(packet, now)
	}
	return taken
}

// askKeyframes asks for a picture that nothing is missing of.
func (p *publisher) askKeyframes() {
	for _, s := range p.sources {
		s.fanout.AskKeyframe()
	}
}

// inFrame reports whether a frame has begun to come and not ended.
func (p *publisher) inFrame() bool {
	return slices.ContainsFunc(p.sources, func(s *source) bool { return s.inFrame })
}

// sourceOf returns the source that a payload type is of, and where it is that of
// retransmissions, of which payload type (0: of none).
func (p *publisher) sourceOf(pt uint8) (s *source, repairs uint8) {
	for _, s := range p.sources {
		for i := range s.section.Codecs {
			switch c := &s.section.Codecs[i]; {
			case c.PayloadType == pt:
				return s, 0
			case c.RTX == pt && c.RTX != 0:
				return s, c.PayloadType
			}
		}
	}
	return nil, 0
}

// tracks returns the tracks as the answer lets one expect them: each in the first
// codec of its section.
func (p *publisher) tracks() []domain.Track {
	tracks := make([]domain.Track, 0, len(p.sources))
	for _, s := range p.sources {
		tracks = append(tracks, s.track)
	}
	return tracks
}

// source returns the source of a track, nil if there is none.
func (p *publisher) source(id domain.TrackID) *source {
	for _, s := range p.sources {
		if s.track.ID == id {
			return s
		}
	}
	return nil
}

// unroute empties the tables of all tracks; then others may have their legs.
func (p *publisher) unroute() {
	for _, s := range p.sources {
		s.fanout.Detach()
	}
}

// report returns the numbers of the session so far, but for its bitrate.
func (p *publisher) report() domain.SessionReport {
	r := p.peer.report()
	r.Dropped = p.inbox.dropped.Load()
	var firsts []fanout.Firsts
	for _, s := range p.sources {
		received := s.fanout.Received()
		r.Packets += received.Packets
		r.Bytes += received.Bytes
		r.Keyframes += received.Keyframes
		r.Lost += s.losses.lostSoFar.Load()
		firsts = append(firsts, received.First)
	}
	p.gotOn(&r, firsts...)
	return r
}

// close closes the TrackFanouts and the connection, and waits for all that reads
// from it.
func (p *publisher) close() {
	p.stop.Do(func() { close(p.done) })
	p.unroute()
	p.conn.Close()
	p.loops.Wait()
	p.feedback.close()
}
