package memory_test

import (
	"testing"

	"rostrum/adapters/memory"
	"rostrum/ports"
	"rostrum/ports/porttest"
)

func TestSessions(t *testing.T) {
	porttest.Sessions(t, func(*testing.T) ports.Sessions { return memory.NewSessions() })
}
