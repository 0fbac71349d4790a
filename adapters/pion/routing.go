package pion

import (
	"rostrum/adapters/pion/fanout"
	"rostrum/domain"
)

// Route follows a fan-out. See ports.Media.
func (m *Media) Route(fan domain.FanOut) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.publishers[fan.Publisher]
	if old := m.routed[fan.Room]; old != nil && old != p {
		old.routes = nil
		old.unroute()
	}
	if p == nil {
		delete(m.routed, fan.Room)
		return
	}
	m.routed[fan.Room] = p
	p.routes = fan.Routes
	m.follow(p)
}

// joined has a subscriber that has just been connected served by whom it has been
// routed to before.
func (m *Media) joined(s *subscriber) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, o := range s.outputs {
		if from := o.source.Load(); from != nil {
			m.follow(from.publisher)
		}
	}
}

// follow gives the sources of a publisher their legs. Called with mu held.
func (m *Media) follow(p *publisher) {
	for _, route := range p.routes {
		if source := p.source(route.Track.ID); source != nil {
			source.fanout.SetLegs(m.legs(source, route))
		}
	}
}

// legs returns a route's legs. Called with mu held.
func (m *Media) legs(from *source, route domain.Route) []*fanout.Leg {
	legs := make([]*fanout.Leg, 0, len(route.Legs))
	for _, l := range route.Legs {
		if t := m.taps[l.Subscriber]; t != nil {
			legs = append(legs, t.connect(from))
		} else if s := m.subscribers[l.Subscriber]; s != nil {
			if leg := s.connect(from, route.Track.Kind()); leg != nil {
				legs = append(legs, leg)
			}
		}
	}
	return legs
}
