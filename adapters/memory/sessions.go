package memory

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.Sessions = (*Sessions)(nil)

// Sessions is ports.Sessions in a map.
type Sessions struct {
	mu       sync.RWMutex // guards sessions
	sessions map[domain.SessionID]domain.SessionRecord
}

// NewSessions returns an empty store.
func NewSessions() *Sessions {
	return &Sessions{sessions: map[domain.SessionID]domain.SessionRecord{}}
}

// Get is ports.Sessions.Get.
func (s *Sessions) Get(ctx context.Context, id domain.SessionID) (domain.SessionRecord, error) {
	if err := ctx.Err(); err != nil {
		return domain.SessionRecord{}, fmt.Errorf("get session: %w", err)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, ok := s.sessions[id]
	if !ok {
		return domain.SessionRecord{}, domain.ErrSessionUnknown
	}
	return copyOfSession(r), nil
}

// Keep is ports.Sessions.Keep.
func (s *Sessions) Keep(ctx context.Context, records []domain.SessionRecord) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("keep %d sessions: %w", len(records), err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range records {
		now, there := s.sessions[r.ID]
		if there && !now.Live() && r.Live() {
			continue
		}
		s.sessions[r.ID] = copyOfSession(r)
	}
	return nil
}

// Abandon is ports.Sessions.Abandon.
func (s *Sessions) Abandon(ctx context.Context, node string, at time.Time) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("abandon the sessions of node %q: %w", node, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	count := 0
	for id, r := range s.sessions {
		if r.Node != node || !r.Live() {
			continue
		}
		r.Ended, r.Reason = kept(at), domain.EndedByCrash
		if r.Ended.Before(r.Started) {
			r.Ended = r.Started
		}
		s.sessions[id] = r
		count++
	}
	return count, nil
}

// List is ports.Sessions.List. It sorts all that the query is for, for each page.
func (s *Sessions) List(ctx context.Context, query ports.SessionQuery, after ports.SessionPlace, limit int) ([]domain.SessionRecord, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	first := after.ID == "" && after.Started.IsZero()
	after.Started = kept(after.Started)
	s.mu.RLock()
	defer s.mu.RUnlock()
	var page []domain.SessionRecord
	for _, r := range s.sessions {
		if sessionMatches(query, r) && (first || sessionsInOrder(after, placeOfSession(r)) < 0) {
			page = append(page, copyOfSession(r))
		}
	}
	slices.SortFunc(page, func(a, b domain.SessionRecord) int {
		return sessionsInOrder(placeOfSession(a), placeOfSession(b))
	})
	return page[:min(max(limit, 0), len(page))], nil
}

// Forget is ports.Sessions.Forget.
func (s *Sessions) Forget(ctx context.Context, before time.Time, limit int) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("forget sessions: %w", err)
	}
	before = kept(before)
	s.mu.Lock()
	defer s.mu.Unlock()
	count := 0
	for id, r := range s.sessions {
		if count >= limit {
			break
		}
		if !r.Live() && r.Ended.Before(before) {
			delete(s.sessions, id)
			count++
		}
	}
	return count, nil
}

func sessionMatches(query ports.SessionQuery, r domain.SessionRecord) bool {
	return (query.Room == "" || query.Room == r.Room) && (query.Role == "" || query.Role == r.Role) &&
		(!query.Live || r.Live()) &&
		(query.From.IsZero() || !r.Started.Before(kept(query.From))) &&
		(query.Before.IsZero() || r.Started.Before(kept(query.Before)))
}

func placeOfSession(r domain.SessionRecord) ports.SessionPlace {
	return ports.SessionPlace{Started: r.Started, ID: r.ID}
}

// sessionsInOrder compares two places of the list, as cmp.Compare does.
func sessionsInOrder(a, b ports.SessionPlace) int {
	return cmp.Or(b.Started.Compare(a.Started), cmp.Compare(b.ID, a.ID))
}

// copyOfSession shares nothing with r, and has its times and figures as they are kept.
func copyOfSession(r domain.SessionRecord) domain.SessionRecord {
	r.Started, r.Ended, r.Codecs = kept(r.Started), kept(r.Ended), slices.Clone(r.Codecs)
	p := &r.Report
	for _, figure := range []*uint64{&p.Packets, &p.Bytes, &p.Bitrate, &p.Keyframes, &p.Resent, &p.Dropped, &p.Lost, &p.Estimate} {
		*figure = min(*figure, math.MaxInt64)
	}
	return r
}
