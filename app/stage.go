package app

import (
	"time"

	"rostrum/domain"
)

// stageQueue is how many changes may wait for a stage. Changes come at the pace
// of people and take microseconds; at the bound the next caller waits, none is
// dropped.
const stageQueue = 64

// house is what stages need of their App. It is called on a stage's goroutine, so
// none of it may wait for people or for the network, nor for a stage.
type house interface {
	// route hands out a room's fan-out after every accepted change.
	route(domain.FanOut)
	// expired ends the sessions of a room whose publisher did not come back.
	expired(room domain.RoomName, ended []domain.SessionID)
}

// stage is a live room: the one goroutine that owns its domain.Room and the timer
// of its grace. It ends by itself when the room is empty and no change is on its
// way.
type stage struct {
	room    *domain.Room
	house   house
	inbox   chan request
	pending int // changes on their way; guarded by stages.mu

	grace    time.Duration
	patience *time.Timer // runs while the room awaits its publisher
	awaiting bool

	watchers map[*watcher]struct{}
}

// request is one change and where its outcome goes.
type request struct {
	apply func(*stage) error
	done  chan<- error
}

func newStage(room *domain.Room, house house, grace time.Duration) *stage {
	s := &stage{room: room, house: house, inbox: make(chan request, stageQueue), grace: grace, watchers: map[*watcher]struct{}{}}
	s.patience = time.NewTimer(grace)
	s.patience.Stop()
	return s
}

// run makes changes in the order in which they come, routes the fan-out of every
// accepted one before its caller goes on, and ends the room when its publisher
// does not come back in time. It returns when settled, told how many changes have
// been made, says that the stage is over.
func (s *stage) run(settled func(st *stage, made int) bool) {
	defer s.patience.Stop()
	for {
		select {
		case r := <-s.inbox:
			err := r.apply(s)
			if err == nil {
				s.changed()
			}
			over := settled(s, 1)
			r.done <- err
			if over {
				return
			}
		case <-s.patience.C:
			if s.expire(); settled(s, 0) {
				return
			}
		}
	}
}

// changed routes the room's fan-out, tells the watchers, and begins or ends the wait
// for a publisher.
func (s *stage) changed() {
	s.house.route(s.room.FanOut())
	s.tellWatchers(false)
	switch awaiting := s.room.Awaiting(); {
	case awaiting && !s.awaiting:
		s.patience.Reset(s.grace)
		s.awaiting = true
	case !awaiting && s.awaiting:
		s.patience.Stop()
		s.awaiting = false
	}
}

// expire ends the room.
func (s *stage) expire() {
	ended := s.room.Clear()
	s.changed()
	s.house.expired(s.room.Name(), ended)
}

// do has one change made and returns its outcome. The caller must have entered
// the stage.
func (s *stage) do(apply func(*stage) error) error {
	done := make(chan error, 1)
	s.inbox <- request{apply, done}
	return <-done
}
