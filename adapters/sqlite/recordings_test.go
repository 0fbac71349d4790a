package sqlite_test

import (
	"testing"

	"rostrum/ports"
	"rostrum/ports/porttest"
)

func TestRecordings(t *testing.T) { porttest.Recordings(t, openRecordings) }

func openRecordings(t *testing.T) (ports.Recordings, ports.Outbox) {
	db := open(t, newPath(t))
	return db.Recordings(), db.Outbox()
}
