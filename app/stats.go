package app

import (
	"maps"
	"sync"

	"rostrum/domain"
	"rostrum/ports"
)

// Stats is what an operator watches of rooms and sessions.
type Stats struct {
	Rooms    int // that somebody is in
	Sessions map[domain.Role]int
	Ended    map[domain.Role]map[domain.EndReason]uint64 // since the start
	Media    ports.MediaStats
}

// Stats returns what an operator watches. It waits for no room and no database.
func (a *App) Stats() Stats {
	return Stats{
		Rooms: a.stages.count(), Sessions: a.directory.count(), Ended: a.endings.all(), Media: a.media.Stats(),
	}
}

// count returns how many rooms are live.
func (s *stages) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.live)
}

// count returns how many sessions there are of each role.
func (d *directory) count() map[domain.Role]int {
	d.mu.RLock()
	defer d.mu.RUnlock()
	n := map[domain.Role]int{domain.RolePublisher: 0, domain.RoleSubscriber: 0}
	for _, p := range d.places {
		n[p.Role]++
	}
	return n
}

// endings counts how sessions have ended.
type endings struct {
	mu     sync.Mutex
	counts map[domain.Role]map[domain.EndReason]uint64
}

// newEndings returns endings that know of every reason, which none has ended for.
func newEndings() *endings {
	e := &endings{counts: map[domain.Role]map[domain.EndReason]uint64{}}
	for _, role := range []domain.Role{domain.RolePublisher, domain.RoleSubscriber} {
		e.counts[role] = map[domain.EndReason]uint64{}
		for _, reason := range domain.EndReasons() {
			e.counts[role][reason] = 0
		}
	}
	return e
}

func (e *endings) add(role domain.Role, reason domain.EndReason) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.counts[role][reason]++
}

// all returns the counts of now.
func (e *endings) all() map[domain.Role]map[domain.EndReason]uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := map[domain.Role]map[domain.EndReason]uint64{}
	for role, counts := range e.counts {
		all[role] = maps.Clone(counts)
	}
	return all
}
