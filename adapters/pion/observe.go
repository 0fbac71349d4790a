package pion

import "time"

// How often sessions are looked at, and after how many looks at a subscriber it is
// looked how far away that is, which costs ten times as much.
const (
	observeInterval = time.Second
	distanceLooks   = 4
)

// observed is a session to who looks at it from time to time.
type observed interface {
	// observe measures what is not known from what happens alone. One goroutine calls
	// it, also when the session has just ended.
	observe()
}

var (
	_ observed = (*publisher)(nil)
	_ observed = (*subscriber)(nil)
)

// observe looks at every session from time to time, until Close.
func (m *Media) observe() {
	tick := time.NewTicker(observeInterval)
	defer tick.Stop()
	var sessions []observed
	for {
		select {
		case <-m.done:
			return
		case <-tick.C:
		}
		sessions = m.present(sessions[:0])
		for _, s := range sessions {
			s.observe()
		}
		clear(sessions) // those that end are not to be kept
	}
}

// present appends the sessions that there are.
func (m *Media) present(to []observed) []observed {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.publishers {
		to = append(to, p)
	}
	for _, s := range m.subscribers {
		to = append(to, s)
	}
	return to
}

// observe measures how much media comes. The publisher's connection is listened to
// more often than that.
func (p *publisher) observe() {
	var octets uint64
	for _, s := range p.sources {
		octets += s.fanout.Received().Bytes
	}
	p.bitrate.look(octets, time.Now())
}

// observe measures how much media leaves, and how far away the subscriber is.
func (s *subscriber) observe() {
	var octets uint64
	for _, o := range s.outputs {
		if leg := o.leg.Load(); leg != nil {
			octets += leg.Sent().Bytes
		}
	}
	s.bitrate.look(octets, time.Now())
	if s.observed++; s.observed%distanceLooks == 0 {
		s.conn.Look()
	}
}
