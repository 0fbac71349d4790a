package memory_test

import (
	"testing"

	"rostrum/adapters/memory"
	"rostrum/ports"
	"rostrum/ports/porttest"
)

func TestRecordings(t *testing.T) { porttest.Recordings(t, openRecordings) }

func openRecordings(*testing.T) (ports.Recordings, ports.Outbox) {
	outbox := memory.NewOutbox()
	return memory.NewRecordings(outbox), outbox
}
