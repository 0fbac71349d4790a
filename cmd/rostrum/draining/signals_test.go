package draining

import (
	"net/http"
	"os"
	"syscall"
	"testing"

	"rostrum/cmd/rostrum/rig"
)

// Each server here would wait for an hour: that it exits at all says that it has not waited.

func TestTerminatedWithNobodyThere(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.start()
	s.now.Signal(syscall.SIGTERM)
	s.exits()
	if lines := s.told("waiting for"); len(lines) > 0 {
		t.Errorf("the log tells of waiting for nobody: %q", lines)
	}
}

func TestToldNotToWait(t *testing.T) {
	t.Parallel()
	for name, signals := range map[string][]os.Signal{
		"SIGINT alone":         {os.Interrupt},
		"SIGTERM, then again":  {syscall.SIGTERM, syscall.SIGTERM},
		"SIGTERM, then SIGINT": {syscall.SIGTERM, os.Interrupt},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBucket(t)
			s := onBucket(t, b)
			s.start()
			b.Halt(1) // the store takes an hour as well
			p := s.publish(t, "hall")
			v := s.watch(t, "hall")
			v.sees(t, 25)
			for i, signal := range signals {
				if i > 0 {
					s.says("waiting for sessions to end")
					v.sees(t, 10)
				}
				s.now.Signal(signal)
			}
			s.exits()
			v.lostNothing(t)
			p.WaitClosed()
			b.Calm()
			s.start()
			s.stored(1)
			b.recording(t)
		})
	}
}

// The last session has ended and an upload hangs: the signal ends the wait for that too.
func TestToldNotToWaitForTheStore(t *testing.T) {
	t.Parallel()
	b := newBucket(t)
	s := onBucket(t, b)
	s.start()
	p := s.publish(t, "hall")
	s.watch(t, "hall").sees(t, 25)
	reached, resume := b.Halt(1)
	defer resume()
	s.terminate()
	s.leave(t, p.client)
	rig.Wait(t, "the upload has begun", reached)
	s.says("waiting for recordings to be uploaded")
	s.lives()
	s.now.Signal(syscall.SIGTERM)
	s.exits()
	if lines := s.told("the next start goes on with them"); len(lines) != 1 {
		t.Errorf("the log does not tell that the upload is parked:\n%s", s.now.Log)
	}
	resume()
	b.Calm()
	s.start()
	s.stored(1)
	b.recording(t)
}

// A client whose offer has been answered when the signal comes connects, sees and leaves as
// if nothing had happened.
func TestTerminatedWhileConnecting(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.start()
	p := s.publish(t, "hall")
	s.watch(t, "hall").sees(t, 1)
	late := newViewer(t)
	a := s.offer(whep+"hall", late.Offer())
	if a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	s.terminate()
	late.Accept(a.body)
	late.WaitConnected()
	rig.Wait(t, "the viewer sees a picture", late.received)
	late.sees(t, 25)
	s.leave(t, p.client)
	s.exits()
	late.lostNothing(t)
}
