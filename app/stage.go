package app

import "rostrum/domain"

// stageQueue is how many changes may wait for a stage. Changes come at the pace
// of people and take microseconds; at the bound the next caller waits, none is
// dropped.
const stageQueue = 64

// stage is a live room: the one goroutine that owns its domain.Room. It ends by
// itself when the room is empty and no change is on its way.
type stage struct {
	room    *domain.Room
	inbox   chan request
	pending int // changes on their way; guarded by stages.mu
}

// request is one change and where its outcome goes.
type request struct {
	decide func(*domain.Room) error
	done   chan<- error
}

func newStage(room *domain.Room) *stage {
	return &stage{room: room, inbox: make(chan request, stageQueue)}
}

// run makes changes in the order in which they come, hands the fan-out of every
// accepted one to route before its caller goes on, and returns when settled says
// that the stage is over.
func (s *stage) run(route func(domain.FanOut), settled func(*stage) bool) {
	for r := range s.inbox {
		err := r.decide(s.room)
		if err == nil {
			route(s.room.FanOut())
		}
		over := settled(s)
		r.done <- err
		if over {
			return
		}
	}
}

// do has one change made and returns its outcome. The caller must have entered
// the stage.
func (s *stage) do(decide func(*domain.Room) error) error {
	done := make(chan error, 1)
	s.inbox <- request{decide, done}
	return <-done
}
