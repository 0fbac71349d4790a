package draining

import (
	"net/http"
	"slices"
	"syscall"
	"testing"

	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/pgserver"
	"rostrum/ports/porttest/webrtcpeer"
)

const terminating = syscall.SIGTERM

// What the store does not take in the time that is left is parked, and stored by the next
// start: the recording is whole, and there once.
func TestStoreFaultsWhileDraining(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func(b *bucket){
		"the store is away":         func(b *bucket) { b.Down() },
		"the store is slow":         func(b *bucket) { b.Throttle(1000) },
		"the store hangs":           func(b *bucket) { b.Halt(1) },
		"the store is unwell (503)": func(b *bucket) { b.Refuse(http.StatusServiceUnavailable, 1<<30) },
		"access is refused (403)":   func(b *bucket) { b.Refuse(http.StatusForbidden, 1<<30) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBucket(t)
			s := onBucket(t, b)
			s.start("--drain.uploads", "1s")
			p := s.publish(t, "hall")
			v := s.watch(t, "hall")
			v.sees(t, 50)
			s.terminate()
			fault(b)
			v.sees(t, 10)
			s.leave(t, p.client)
			s.exits()
			v.lostNothing(t)
			if lines := s.told("the next start goes on with them"); len(lines) != 1 {
				t.Errorf("the log does not tell that the upload is parked:\n%s", s.now.Log)
			}
			if keys := b.server.Keys(t, b.name); slices.ContainsFunc(keys, isManifest) {
				t.Errorf("the store has %q: the fault was none", keys)
			}
			b.Calm()
			b.Down()
			b.Up(t)
			s.start()
			s.retry()
			s.stored(1)
			if m := b.recording(t); m.pictures() < 60 {
				t.Errorf("the recording has %d pictures, a viewer has seen 60 and more", m.pictures())
			}
		})
	}
}

// While the database is away the server drains as ever, and says what matters to who is
// refused. What could not be kept is mended by the next start.
func TestTerminatedWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	database, err := pgserver.New(t.Context(), pgserver.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := database.Close(); err != nil {
			t.Error(err)
		}
	})
	b := newBucket(t)
	s := onBucket(t, b)
	s.env = append(s.env, "ROSTRUM_DATABASE_URL="+database.URL("postgres"))
	s.start("--drain.uploads", "1s")
	p := s.publish(t, "hall")
	v := s.watch(t, "hall")
	v.sees(t, 50)
	database.Stop()
	stranger := webrtcpeer.Publisher(t).Offer()
	s.terminate()
	s.refuses(stranger, "hall", "other")
	v.sees(t, 50)
	s.leave(t, p.client)
	s.exits()
	v.lostNothing(t)
	if err := database.Start(); err != nil {
		t.Fatal(err)
	}
	s.start()
	s.stored(1)
	if m := b.recording(t); m.pictures() < 100 {
		t.Errorf("the recording has %d pictures, a viewer has seen 100 and more", m.pictures())
	}
}

// Killed in the midst of it, as when the time of a supervisor is over: what had been
// recorded is repaired and stored by the next start.
func TestKilledWhileDraining(t *testing.T) {
	t.Parallel()
	t.Run("while it is recording", func(t *testing.T) {
		t.Parallel()
		b := newBucket(t)
		s := onBucket(t, b)
		s.start()
		s.publish(t, "hall")
		v := s.watch(t, "hall")
		s.terminate()
		v.sees(t, 100)
		s.kill()
		s.start()
		s.stored(1)
		if m := b.recording(t); m.pictures() < 40 {
			t.Errorf("the recording has %d pictures; a second may be lost of two", m.pictures())
		}
	})
	t.Run("while it is uploading", func(t *testing.T) {
		t.Parallel()
		b := newBucket(t)
		s := onBucket(t, b)
		s.start()
		p := s.publish(t, "hall")
		v := s.watch(t, "hall")
		v.sees(t, 50)
		reached, resume := b.Halt(1)
		defer resume()
		s.terminate()
		s.leave(t, p.client)
		rig.Wait(t, "the upload has begun", reached)
		s.kill()
		resume()
		b.Calm()
		s.start()
		s.stored(1)
		if m := b.recording(t); m.pictures() < 50 {
			t.Errorf("the recording has %d pictures, a viewer has seen 50 and more", m.pictures())
		}
	})
}
