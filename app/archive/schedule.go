package archive

import (
	"context"
	"sync"
	"time"

	"rostrum/domain"
)

// schedule is what has to be done to recordings, and when: each recording is in it
// once at most, and is worked on by one goroutine at a time. It holds as many as there
// are unfinished recordings, whose ids it keeps and nothing else.
type schedule struct {
	mu       sync.Mutex
	waiting  map[domain.RecordingID]time.Time
	attempts map[domain.RecordingID]int // that have failed and could not be kept elsewhere
	working  map[domain.RecordingID]*job
	held     map[domain.RecordingID]*hold
	changed  chan struct{} // closed, and made anew, when there is something to look at
	closing  bool          // nothing is begun any more
	draining bool          // nothing is waited for any more, and
	until    time.Time     // what is to be done later than that is not done
	parked   int           // how many were begun then, and are not done
	ctx      context.Context
	cancel   context.CancelFunc
}

// job is a recording that is being worked on.
type job struct {
	cancel context.CancelFunc
	done   chan struct{}
}

// hold keeps a recording from being worked on.
type hold struct {
	holders int
	wanted  bool      // there is something to put back
	at      time.Time // when that is to be done
}

// want has a recording put back for a time, or sooner.
func (h *hold) want(at time.Time) {
	if !h.wanted || at.Before(h.at) {
		h.wanted, h.at = true, at
	}
}

func newSchedule() *schedule {
	s := &schedule{
		waiting: map[domain.RecordingID]time.Time{}, attempts: map[domain.RecordingID]int{},
		working: map[domain.RecordingID]*job{}, held: map[domain.RecordingID]*hold{}, changed: make(chan struct{}),
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// add has a recording worked on at a time, or sooner if it is in the schedule already.
func (s *schedule) add(id domain.RecordingID, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h := s.held[id]; h != nil {
		h.want(at)
		return
	}
	if before, ok := s.waiting[id]; !ok || at.Before(before) {
		s.waiting[id] = at
		s.tell()
	}
}

// failed returns how many attempts have failed that could not be kept, this one
// among them.
func (s *schedule) failed(id domain.RecordingID) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.attempts[id]++
	return s.attempts[id]
}

// remove takes a recording out, and breaks off the work on it, which has ended when
// remove returns. None begins before release is called, by everybody who has removed
// it: then what there was to do, or has been added meanwhile, is put back.
func (s *schedule) remove(id domain.RecordingID) (release func()) {
	s.mu.Lock()
	h := s.held[id]
	if h == nil {
		h = &hold{}
		s.held[id] = h
	}
	h.holders++
	if at, ok := s.waiting[id]; ok {
		h.want(at)
	}
	delete(s.waiting, id)
	delete(s.attempts, id)
	j := s.working[id]
	if j != nil {
		h.want(time.Now())
	}
	s.mu.Unlock()
	if j != nil {
		j.cancel()
		<-j.done
	}
	return func() { s.release(id) }
}

func (s *schedule) release(id domain.RecordingID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.held[id]
	h.holders--
	if h.holders > 0 {
		return
	}
	delete(s.held, id)
	if h.wanted {
		s.waiting[id] = h.at
		s.tell()
	}
}

// work does what is due, one recording after the other, until the schedule is closed,
// or drained and empty. The context of a step ends with remove and with close.
func (s *schedule) work(step func(context.Context, domain.RecordingID)) {
	for {
		id, ctx, ok := s.next()
		if !ok {
			return
		}
		step(ctx, id)
		s.done(id)
	}
}

// next waits until something is due and takes it. It returns false when nothing will
// be done any more.
func (s *schedule) next() (domain.RecordingID, context.Context, bool) {
	for {
		s.mu.Lock()
		id, at, found := s.soonest()
		if s.closing || s.draining && (!found || at.After(s.until)) {
			s.mu.Unlock()
			return "", nil, false
		}
		if wait := time.Until(at); found && (wait <= 0 || s.draining) {
			ctx := s.begin(id)
			s.mu.Unlock()
			return id, ctx, true
		}
		changed := s.changed
		s.mu.Unlock()
		s.wait(changed, found, at)
	}
}

// soonest returns what is to be done first of what nobody is working on. Called with
// mu held.
func (s *schedule) soonest() (id domain.RecordingID, at time.Time, found bool) {
	for candidate, when := range s.waiting {
		if s.working[candidate] == nil && (!found || when.Before(at)) {
			id, at, found = candidate, when, true
		}
	}
	return id, at, found
}

// begin takes a recording out of what waits. Called with mu held.
func (s *schedule) begin(id domain.RecordingID) context.Context {
	delete(s.waiting, id)
	ctx, cancel := context.WithCancel(s.ctx)
	s.working[id] = &job{cancel: cancel, done: make(chan struct{})}
	return ctx
}

func (s *schedule) done(id domain.RecordingID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	j := s.working[id]
	delete(s.working, id)
	if _, again := s.waiting[id]; s.closing || again && s.draining { // it has had its chance
		delete(s.waiting, id)
		s.parked++
	}
	if _, again := s.waiting[id]; !again {
		delete(s.attempts, id)
	}
	j.cancel()
	close(j.done)
	s.tell()
}

func (s *schedule) wait(changed <-chan struct{}, timed bool, at time.Time) {
	if !timed {
		<-changed
		return
	}
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C:
	}
}

// tell wakes everybody who waits. Called with mu held.
func (s *schedule) tell() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// close breaks off the work and lets none begin.
func (s *schedule) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closing = true
	s.cancel()
	s.tell()
}

// drain has everything done once, now, that waits and has no longer to wait than patience,
// and then lets none begin. What takes longer than patience is broken off. It does not
// wait; stop ends the patience.
func (s *schedule) drain(patience time.Duration) (stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.draining, s.until = true, time.Now().Add(patience)
	s.tell()
	timer := time.AfterFunc(patience, s.close)
	return func() { timer.Stop() }
}

// len returns how many recordings wait or are worked on.
func (s *schedule) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.working)
	for id := range s.waiting {
		if s.working[id] == nil {
			n++
		}
	}
	return n
}

// isClosed reports whether nothing is begun any more.
func (s *schedule) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing
}

// left returns how many recordings were not done when the work had ended.
func (s *schedule) left() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.waiting) + s.parked
}
