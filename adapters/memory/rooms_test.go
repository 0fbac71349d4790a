package memory_test

import (
	"testing"

	"rostrum/adapters/memory"
	"rostrum/ports"
	"rostrum/ports/porttest"
)

func TestRooms(t *testing.T) {
	porttest.Rooms(t, func(*testing.T) (ports.Rooms, ports.Audit) {
		audit := memory.NewAudit()
		return memory.NewRooms(audit), audit
	})
}
