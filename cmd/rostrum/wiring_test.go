package main

import (
	"log/slog"
	"testing"

	"go.uber.org/fx"

	"rostrum/cmd/rostrum/config"
)

// TestWiring finds every constructor what it needs, without running one.
func TestWiring(t *testing.T) {
	cfg := config.Default()
	if err := fx.ValidateApp(wiring(&cfg, slog.New(slog.DiscardHandler))); err != nil {
		t.Error(err)
	}
}
