package fanout

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	// partSize is how many legs are worth waking another worker for.
	partSize = 16

	// maxParts is how many parts may wait for a worker. Nothing is dropped where it
	// is reached: the source that has more waits.
	maxParts = 64
)

// Workers is the pool that sends for all sources: one goroutine a lane.
type Workers struct {
	all     []*worker
	passes  atomic.Uint64 // so far, which also says who is first next time
	running sync.WaitGroup
}

// worker is one goroutine and its lane.
type worker struct {
	lane  Lane
	parts chan part
	busy  atomic.Int64
}

// part is a run of the legs of a pass, which one worker sends to.
type part struct {
	pass     *pass
	from, to int
}

// NewWorkers starts one worker for each lane; there must be one at least. A panic of
// a sender ends the program.
func NewWorkers(lanes []Lane) *Workers {
	w := &Workers{}
	for _, lane := range lanes {
		one := &worker{lane: lane, parts: make(chan part, maxParts)}
		w.all = append(w.all, one)
		w.running.Go(one.run)
	}
	return w
}

// Close ends the workers and waits for them. No source may flush from then on. The
// lanes are left to their owner.
func (w *Workers) Close() {
	for _, one := range w.all {
		close(one.parts)
	}
	w.running.Wait()
}

// Busy returns how long the workers have been sending, all together. It never goes
// down.
func (w *Workers) Busy() time.Duration {
	var sum time.Duration
	for _, one := range w.all {
		sum += time.Duration(one.busy.Load())
	}
	return sum
}

// Passes returns how many passes have been sent: one a flush of a track that has legs to
// serve. It never goes down.
func (w *Workers) Passes() uint64 { return w.passes.Load() }

// send has a pass sent to all its legs and waits until that is done. A long table is
// divided among the workers, a short one goes to the next of them in turn.
func (w *Workers) send(p *pass) {
	legs, turn := len(p.legs), int(w.passes.Add(1)%uint64(len(w.all))) //nolint:gosec // an index
	parts := max(1, min(len(w.all), legs/partSize))
	p.parts.Add(parts)
	for i := range parts {
		w.all[(turn+i)%len(w.all)].parts <- part{p, legs * i / parts, legs * (i + 1) / parts}
	}
	p.parts.Wait()
}

func (w *worker) run() {
	for p := range w.parts {
		began := time.Now()
		p.pass.send(w.lane, p.from, p.to)
		w.lane.Flush()
		w.busy.Add(int64(time.Since(began)))
		p.pass.parts.Done()
	}
}
