package spool_test

import (
	"log/slog"
	"testing"

	"rostrum/adapters/spool"
	"rostrum/ports"
	"rostrum/ports/porttest"
)

func TestSpool(t *testing.T) {
	porttest.Spool(t, func(t *testing.T, dir string, limit int64) ports.Spool { return open(t, dir, limit) })
}

func open(t *testing.T, dir string, limit int64) *spool.Spool {
	t.Helper()
	s, err := spool.Open(spool.Config{Dir: dir, Limit: limit, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, s) })
	return s
}

func shut(t *testing.T, s *spool.Spool) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}
