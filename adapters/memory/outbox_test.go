package memory_test

import (
	"testing"

	"rostrum/ports/porttest"
)

func TestOutbox(t *testing.T) { porttest.Outbox(t, openRecordings) }
