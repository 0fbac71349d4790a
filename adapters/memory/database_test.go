package memory_test

import (
	"context"
	"errors"
	"testing"

	"rostrum/adapters/memory"
	"rostrum/ports"
)

func TestPing(t *testing.T) {
	if err := (memory.Database{}).Ping(t.Context()); err != nil {
		t.Errorf("Ping: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := (memory.Database{}).Ping(ctx); !errors.Is(err, context.Canceled) || errors.Is(err, ports.ErrAway) {
		t.Errorf("Ping with an ended context: %v, want context.Canceled alone", err)
	}
}
