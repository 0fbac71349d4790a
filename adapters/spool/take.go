package spool

import (
	"sync"
	"sync/atomic"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// turn is how often a take's goroutine looks what has come: seldom enough to cost
// nothing, and often enough for what kill -9 may cost.
const turn = 50 * time.Millisecond

// How often a key frame is asked for: the second while the disk refuses everything,
// since it could not be written.
const (
	keyframeInterval        = 500 * time.Millisecond
	keyframeIntervalTrouble = 5 * time.Second
)

// take is ports.Take. What it receives is queued; everything else is its goroutine's.
type take struct {
	spool  *Spool
	id     domain.RecordingID
	events ports.RecordingEvents
	inbox  inbox
	status atomic.Pointer[ports.TakeStatus]

	stop    sync.Once
	stopped chan struct{}
	running sync.WaitGroup

	// of the goroutine
	program *program
	folder  *folder
	started time.Time // when the first packet came
	asked   time.Time // for a key frame, last
}

func newTake(s *Spool, r domain.Recording, events ports.RecordingEvents) *take {
	t := &take{spool: s, id: r.ID, events: events, stopped: make(chan struct{}), folder: newFolder(s, r)}
	t.program = newProgram(t.folder.log, &segmenter{folder: t.folder})
	t.status.Store(&ports.TakeStatus{})
	return t
}

// Receive is ports.MediaSink.Receive. It copies, and does nothing else.
func (t *take) Receive(stream ports.Stream, packets []ports.Packet) {
	t.inbox.put(stream, packets, t.spool.now())
}

// Report is ports.MediaSink.Report.
func (t *take) Report(stream ports.Stream, clock ports.Clock) {
	t.inbox.report(stream, clock, t.spool.now())
}

// Status is ports.Take.Status.
func (t *take) Status() ports.TakeStatus { return *t.status.Load() }

// Close is ports.Take.Close.
func (t *take) Close() {
	t.stop.Do(func() {
		t.inbox.close()
		close(t.stopped)
	})
	t.running.Wait()
}

func (t *take) run() {
	defer t.spool.release(t.id)
	ticker := time.NewTicker(turn)
	defer ticker.Stop()
	var spare batch
	for {
		select {
		case <-ticker.C:
			spare = t.drain(spare)
			t.tick(t.spool.now())
		case <-t.stopped:
			t.drain(spare)
			t.end(t.spool.now())
			return
		}
	}
}

// drain works off what has come, and returns its memory.
func (t *take) drain(spare batch) batch {
	b, dropped := t.inbox.take(spare)
	for _, one := range b.bursts {
		if one.begin == one.end {
			t.program.report(one.stream, one.clock)
			continue
		}
		if t.started.IsZero() {
			t.begin(one.at)
		}
		t.program.receive(b, one)
	}
	if len(b.bursts) > 0 {
		t.program.pump(b.bursts[len(b.bursts)-1].at)
	}
	for _, d := range dropped {
		t.program.dropped(d)
	}
	return b
}

// begin takes note of the first packet.
func (t *take) begin(at time.Time) {
	t.started = at
	t.folder.begin(at)
	t.tell()
	t.events.Began(t.id, at)
}

// tick does what is due by now.
func (t *take) tick(now time.Time) {
	if t.started.IsZero() {
		return
	}
	t.program.pump(now)
	t.program.segmenter.tick(now)
	t.tell()
	interval := keyframeInterval
	if t.folder.trouble != "" {
		interval = keyframeIntervalTrouble
	}
	if t.program.blocked() && now.Sub(t.asked) >= interval {
		t.asked = now
		t.events.PictureLost(t.id)
	}
}

func (t *take) end(now time.Time) {
	if t.started.IsZero() {
		return
	}
	t.program.finish(now)
	t.folder.close()
	t.tell()
}

// tell makes known how the recording goes.
func (t *take) tell() {
	t.status.Store(&ports.TakeStatus{
		Started: t.started, Bytes: t.folder.bytes(), Gaps: t.program.segmenter.missing(),
		Trouble: t.folder.trouble, FirstTrouble: t.folder.first,
	})
}
