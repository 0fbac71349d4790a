package app

import (
	"errors"
	"maps"
	"slices"
	"sync"

	"rostrum/domain"
)

var (
	errNoStage   = errors.New("the room is not live")
	errUnchanged = errors.New("the room was only looked at")
)

// stages holds the live rooms. A stage is in it from the first change that is
// wanted of its room until the room is empty and none is on its way, so that a
// caller never meets a room that is being taken down.
type stages struct {
	house house
	limit int // live rooms; 0: none

	mu      sync.Mutex
	live    map[domain.RoomName]*stage
	closing bool
	running sync.WaitGroup
}

func newStages(house house, limit int) *stages {
	return &stages{house: house, limit: limit, live: map[domain.RoomName]*stage{}}
}

// change makes a change on a live room, or returns errNoStage. An error of decide
// is returned as it is.
func (s *stages) change(name domain.RoomName, decide func(*domain.Room) error) error {
	return s.apply(name, func(st *stage) error { return decide(st.room) })
}

// apply is change for what is the stage's and not the room's.
func (s *stages) apply(name domain.RoomName, change func(*stage) error) error {
	st := s.enter(name)
	if st == nil {
		return errNoStage
	}
	return st.do(change)
}

// look reads a live room, or returns errNoStage. It changes nothing.
func (s *stages) look(name domain.RoomName, read func(*domain.Room)) error {
	err := s.change(name, func(r *domain.Room) error {
		read(r)
		return errUnchanged
	})
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}

// open makes a change on a room that is brought to life by it if it is not live.
// It refuses with domain.ErrTooManyRooms and domain.ErrShuttingDown.
func (s *stages) open(name domain.RoomName, rules domain.RoomRules, decide func(*domain.Room) error) error {
	st, err := s.enterOrStart(name, rules)
	if err != nil {
		return err
	}
	return st.do(func(st *stage) error { return decide(st.room) })
}

func (s *stages) enter(name domain.RoomName) *stage {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.live[name]
	if st != nil {
		st.pending++
	}
	return st
}

func (s *stages) enterOrStart(name domain.RoomName, rules domain.RoomRules) (*stage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.live[name]
	if st == nil {
		if s.closing {
			return nil, domain.ErrShuttingDown
		}
		if s.limit > 0 && len(s.live) >= s.limit {
			return nil, domain.ErrTooManyRooms
		}
		st = newStage(domain.NewRoom(name, rules), s.house)
		s.live[name] = st
		s.running.Go(func() { st.run(s.settled) })
	}
	st.pending++
	return st, nil
}

// settled takes note of how many changes have been made and reports whether the
// stage is over by them; then the stage is no longer here. Called on the stage's
// goroutine.
func (s *stages) settled(st *stage, made int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	st.pending -= made
	if st.pending > 0 || !st.room.Empty() {
		return false
	}
	delete(s.live, st.room.Name())
	return true
}

func (s *stages) isClosing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing
}

// close refuses new rooms from now on and returns those that are live.
func (s *stages) close() []domain.RoomName {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closing = true
	return slices.Collect(maps.Keys(s.live))
}

// names returns which rooms are live, in the byte order of their names.
func (s *stages) names() []domain.RoomName {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.live))
}

// wait returns when every stage has ended.
func (s *stages) wait() { s.running.Wait() }
