package rig

import (
	"testing"
	"time"
)

// Patience is how long a test waits for what it expects, at most. It is for machines
// that have a lot else to do: no test may depend on how long something takes.
const Patience = 90 * time.Second

// pause is how often a condition is looked at: each look may be a request.
const pause = 50 * time.Millisecond

// Eventually waits until a condition holds. It fails the test when that takes longer than
// Patience.
func Eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(Patience); !condition(); time.Sleep(pause) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", Patience, what)
		}
	}
}

// Wait waits until a channel is closed, as Eventually does for a condition.
func Wait(t testing.TB, what string, done <-chan struct{}) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(Patience):
		t.Fatalf("not within %v: %s", Patience, what)
	}
}
