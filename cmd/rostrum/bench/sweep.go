package bench

import (
	"net/netip"
	"sync"
	"time"
)

// rest is how long no socket is read between sweeps: senders find nobody to wake up.
const rest = time.Millisecond

// sweep reads the sockets of all receivers, one after another, on one goroutine, which is all that touches a receiver. It runs
// until close.
type sweep struct {
	asked   chan func()
	done    chan struct{}
	running sync.WaitGroup

	receivers []*receiver
	batch     *batch
}

func newSweep() *sweep {
	s := &sweep{asked: make(chan func()), done: make(chan struct{}), batch: newBatch()}
	s.running.Go(s.run)
	return s
}

func (s *sweep) run() {
	pause := time.NewTimer(rest)
	defer pause.Stop()
	for {
		s.once(time.Now())
		pause.Reset(rest)
		select {
		case f := <-s.asked:
			f()
		case <-s.done:
			return
		case <-pause.C:
		}
	}
}

func (s *sweep) once(now time.Time) {
	for _, r := range s.receivers {
		s.batch.receive(r.socket, func(datagram []byte, at time.Time, from netip.AddrPort) { r.arrive(datagram, at, from) })
		r.report(now)
	}
}

// ask runs a function between two sweeps and returns when it has run. After close it runs on the caller's goroutine.
func (s *sweep) ask(f func()) {
	ran := make(chan struct{})
	select {
	case s.asked <- func() { f(); close(ran) }:
		<-ran
	case <-s.done:
		s.running.Wait()
		f()
	}
}

// attach has a receiver's socket read from now on.
func (s *sweep) attach(r *receiver) { s.ask(func() { s.receivers = append(s.receivers, r) }) }

// detach stops that. The socket is the caller's again.
func (s *sweep) detach(r *receiver) {
	s.ask(func() {
		for i, other := range s.receivers {
			if other == r {
				s.receivers = append(s.receivers[:i], s.receivers[i+1:]...)
				return
			}
		}
	})
}

// close ends the goroutine and waits for it.
func (s *sweep) close() {
	close(s.done)
	s.running.Wait()
}
