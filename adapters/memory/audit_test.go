package memory_test

import (
	"testing"

	"rostrum/adapters/memory"
	"rostrum/ports"
	"rostrum/ports/porttest"
)

func TestAudit(t *testing.T) {
	porttest.Audit(t, func(*testing.T) ports.Audit { return memory.NewAudit() })
}
