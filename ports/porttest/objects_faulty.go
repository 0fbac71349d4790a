package porttest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
	"rostrum/ports/porttest/objectserver"
)

// midRequest is a place in the middle of a request's body.
const midRequest = 3 << 20

// Patience is short where it is to end, and long where it is to be enough on a busy
// machine.
const (
	shortPatience = 2 * time.Second
	longPatience  = 30 * time.Second
)

// soon is how long anything may take at most. It tells what ends from what does not,
// and not how fast anything is.
const soon = 2 * time.Minute

const faultyKey domain.ObjectKey = "room/2026-01-02/RECORDING/part-1.mp4"

// faulty is a store that has a fault.
type faulty struct {
	*objectserver.Fault
	server *objectserver.Server
	bucket string
	open   OpenObjects
}

func (f *faulty) objects(t *testing.T, patience time.Duration) ports.Objects {
	t.Helper()
	return f.open(t, f.URL, f.bucket, patience)
}

// holds fails unless the sample is the one object that the store has.
func (f *faulty) holds(t *testing.T, objects ports.Objects, s *sample) {
	t.Helper()
	f.Calm()
	s.stands(t, objects, faultyKey)
	if keys := f.server.Keys(t, f.bucket); len(keys) != 1 || !strings.HasSuffix(keys[0], string(faultyKey)) {
		t.Errorf("the store has objects %q, want one, of %s", keys, faultyKey)
	}
}

// recovers fails unless there is no object, and Put makes it once the fault is over.
func (f *faulty) recovers(t *testing.T, objects ports.Objects, s *sample) {
	t.Helper()
	f.Calm()
	absent(t, objects, faultyKey)
	if keys := f.server.Keys(t, f.bucket); len(keys) != 0 {
		t.Errorf("the store has objects %q, want none", keys)
	}
	s.put(t, objects, faultyKey)
	f.holds(t, objects, s)
}

// began starts a Put, which whoever reads from the channel waits for.
func began(ctx context.Context, objects ports.Objects, s *sample) <-chan error {
	done := make(chan error, 1)
	go func() { done <- objects.Put(ctx, faultyKey, s.content, func(int64) {}) }()
	return done
}

// waitFor waits until a Put has come to a place.
func waitFor(t *testing.T, reached <-chan struct{}, done <-chan error) {
	t.Helper()
	select {
	case <-reached:
	case err := <-done:
		t.Fatalf("Put: %v, before so much of the content was sent", err)
	case <-time.After(soon):
		t.Fatal("Put does not get on")
	}
}

// outcome returns what comes of a Put, which must be at all.
func outcome(t *testing.T, done <-chan error) error {
	t.Helper()
	select {
	case err := <-done:
		return err
	case <-time.After(soon):
		t.Fatal("Put does not end")
		return nil
	}
}

// succeeds fails unless a Put under the fault stores the sample, whole and once.
func (f *faulty) succeeds(t *testing.T, objects ports.Objects, s *sample) {
	t.Helper()
	if err := outcome(t, began(t.Context(), objects, s)); err != nil {
		t.Fatalf("Put: %v, want success", err)
	}
	s.closed(t)
	f.holds(t, objects, s)
}

// failure returns the error of a Put under the fault.
func (f *faulty) failure(t *testing.T, objects ports.Objects, s *sample) error {
	t.Helper()
	err := outcome(t, began(t.Context(), objects, s))
	if err == nil {
		t.Fatal("Put succeeded")
	}
	s.closed(t)
	return err
}

// names fails unless an error has one of the words in it, whatever their case.
func names(t *testing.T, err error, words ...string) {
	t.Helper()
	if !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(strings.ToLower(err.Error()), w) }) {
		t.Errorf("the error of Put is %q, want one that names %s", err, strings.Join(words, " or "))
	}
}

// host is the store's address as an error may name it.
func (f *faulty) host() string { return strings.TrimPrefix(f.URL, "http://") }
