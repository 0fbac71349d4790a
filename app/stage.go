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
	expired(ended []domain.SessionID)
	// record begins to record a room, and returns the subscriber that does; again says
	// that it has just failed to.
	record(room *domain.Room, again bool) (domain.SessionID, error)
	// recorded ends a recording whose subscriber is in no fan-out any more.
	recorded(recorder domain.SessionID)
}

// stage is a live room: the one goroutine that owns its domain.Room and the timer
// of its grace. It ends by itself when the room is empty and no change is on its
// way.
type stage struct {
	room    *domain.Room
	house   house
	inbox   chan request
	pending int // changes on their way; guarded by stages.mu

	patience *time.Timer // runs while the room awaits its publisher
	awaiting bool

	unrecorded error // why the room is not recorded although it should be

	watchers map[*watcher]struct{}
}

// request is one change and where its outcome goes.
type request struct {
	apply func(*stage) error
	done  chan<- error
}

func newStage(room *domain.Room, house house) *stage {
	s := &stage{room: room, house: house, inbox: make(chan request, stageQueue), watchers: map[*watcher]struct{}{}}
	s.patience = time.NewTimer(time.Hour)
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

// changed routes the room's fan-out, tells the watchers, and begins or ends the
// recording and the wait for a publisher.
func (s *stage) changed() {
	over := s.record()
	s.house.route(s.room.FanOut())
	if over != "" {
		s.house.recorded(over)
	}
	s.tellWatchers(false)
	switch awaiting := s.room.Awaiting(); {
	case awaiting && !s.awaiting:
		s.patience.Reset(s.room.Rules().Grace)
		s.awaiting = true
	case !awaiting && s.awaiting:
		s.patience.Stop()
		s.awaiting = false
	}
}

// record begins the room's recording, or returns the recorder whose recording is over.
// One that could not begin is tried again with the next change.
func (s *stage) record() (over domain.SessionID) {
	recorder := s.room.Recorder()
	switch recording := s.room.Recording(); {
	case recording && recorder == "":
		id, err := s.house.record(s.room, s.unrecorded != nil)
		s.room.SetRecorder(id)
		s.unrecorded = err
	case !recording:
		s.room.SetRecorder("")
		s.unrecorded = nil
		return recorder
	}
	return ""
}

// expire ends the room.
func (s *stage) expire() {
	ended := s.room.Clear()
	s.changed()
	s.house.expired(ended)
}

// do has one change made and returns its outcome. The caller must have entered
// the stage.
func (s *stage) do(apply func(*stage) error) error {
	done := make(chan error, 1)
	s.inbox <- request{apply, done}
	return <-done
}
