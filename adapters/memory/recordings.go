package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.Recordings = (*Recordings)(nil)

// Recordings is ports.Recordings in a map. Get, List and Count wait for no Update.
type Recordings struct {
	outbox *Outbox
	turn   chan struct{} // full while an Update decides; a lock that a context can give up

	mu         sync.RWMutex // guards recordings; never held while an Update decides
	recordings map[domain.RecordingID]domain.Recording
}

// NewRecordings returns an empty store, whose updates put what is to be delivered into
// outbox.
func NewRecordings(outbox *Outbox) *Recordings {
	return &Recordings{outbox: outbox, turn: make(chan struct{}, 1), recordings: map[domain.RecordingID]domain.Recording{}}
}

// Get is ports.Recordings.Get.
func (r *Recordings) Get(ctx context.Context, id domain.RecordingID) (domain.Recording, error) {
	if err := ctx.Err(); err != nil {
		return domain.Recording{}, fmt.Errorf("get recording %s: %w", id, err)
	}
	if rec := r.get(id); rec != nil {
		return *rec, nil
	}
	return domain.Recording{}, domain.ErrRecordingUnknown
}

// Update is ports.Recordings.Update. All recordings share one turn: an Update waits for
// every other one.
func (r *Recordings) Update(ctx context.Context, id domain.RecordingID, decide func(now *domain.Recording) (*domain.Recording, []ports.Delivery, error)) error {
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("update recording %s: %w", id, err)
	}
	next, deliveries, err := decide(r.get(id))
	if err != nil {
		return err
	}
	r.set(id, next, deliveries)
	return nil
}

// List is ports.Recordings.List. It sorts all that the query is for, for each page.
func (r *Recordings) List(ctx context.Context, query ports.RecordingQuery, after ports.RecordingPlace, limit int) ([]domain.Recording, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list recordings: %w", err)
	}
	first := after.ID == "" && after.Started.IsZero()
	after.Started = kept(after.Started)
	r.mu.RLock()
	defer r.mu.RUnlock()
	var page []domain.Recording
	for _, rec := range r.recordings {
		if matches(query, rec) && (first || inOrder(after, placeOf(rec)) < 0) {
			page = append(page, copyOf(rec))
		}
	}
	slices.SortFunc(page, func(a, b domain.Recording) int { return inOrder(placeOf(a), placeOf(b)) })
	return page[:min(max(limit, 0), len(page))], nil
}

// Count is ports.Recordings.Count.
func (r *Recordings) Count(ctx context.Context) (map[domain.RecordingState]int, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("count recordings: %w", err)
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	counts := map[domain.RecordingState]int{}
	for _, rec := range r.recordings {
		counts[rec.State]++
	}
	return counts, nil
}

// get returns a copy, nil when there is no such recording.
func (r *Recordings) get(id domain.RecordingID) *domain.Recording {
	r.mu.RLock()
	defer r.mu.RUnlock()
	rec, ok := r.recordings[id]
	if !ok {
		return nil
	}
	rec = copyOf(rec)
	return &rec
}

// set shows a change and its deliveries to everybody at once: who sees the one sees
// the other.
func (r *Recordings) set(id domain.RecordingID, next *domain.Recording, deliveries []ports.Delivery) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.outbox.add(deliveries)
	if next == nil {
		delete(r.recordings, id)
		return
	}
	rec := copyOf(*next)
	rec.ID = id
	r.recordings[id] = rec
}

func matches(query ports.RecordingQuery, r domain.Recording) bool {
	return (query.Room == "" || query.Room == r.Room) &&
		(len(query.States) == 0 || slices.Contains(query.States, r.State)) &&
		(query.From.IsZero() || !r.Started.Before(kept(query.From))) &&
		(query.Before.IsZero() || r.Started.Before(kept(query.Before)))
}

func placeOf(r domain.Recording) ports.RecordingPlace {
	return ports.RecordingPlace{Started: r.Started, ID: r.ID}
}

// inOrder compares two places of the list, as cmp.Compare does.
func inOrder(a, b ports.RecordingPlace) int {
	return cmp.Or(b.Started.Compare(a.Started), cmp.Compare(b.ID, a.ID))
}

// copyOf shares nothing with r, and has its times as they are kept.
func copyOf(r domain.Recording) domain.Recording {
	r.Started, r.Ended, r.Stored, r.Failure.Next = kept(r.Started), kept(r.Ended), kept(r.Stored), kept(r.Failure.Next)
	r.Parts = slices.Clone(r.Parts)
	for i := range r.Parts {
		p := &r.Parts[i]
		p.Started, p.Gaps = kept(p.Started), slices.Clone(p.Gaps)
	}
	return r
}

// kept returns a time as stores keep it: to the microsecond, in UTC.
func kept(t time.Time) time.Time { return t.Truncate(time.Microsecond).UTC() }
