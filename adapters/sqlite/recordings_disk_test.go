package sqlite

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// A disk that is full when a delivery is written takes nothing of its recording either,
// and the next Update goes through.
func TestFullDiskKeepsRecordingAndDeliveryOrNeither(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "rostrum.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.write.ExecContext(t.Context(), "PRAGMA max_page_count = 64"); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	store := func(body []byte) error {
		return db.Recordings().Update(t.Context(), "A", func(*domain.Recording) (*domain.Recording, []ports.Delivery, error) {
			return &domain.Recording{ID: "A", Started: now}, []ports.Delivery{
				{ID: "small", Next: now}, {ID: "large", Body: body, Next: now},
			}, nil
		})
	}
	if err := store(bytes.Repeat([]byte("x"), 500_000)); err == nil || !strings.Contains(err.Error(), "make room on it") {
		t.Errorf("Update on a full disk: %v, want advice to make room", err)
	}
	if _, err := db.Recordings().Get(t.Context(), "A"); !errors.Is(err, domain.ErrRecordingUnknown) {
		t.Errorf("Get after it: %v, want ErrRecordingUnknown", err)
	}
	if due, err := db.Outbox().Due(t.Context(), now, 10); err != nil || len(due) != 0 {
		t.Errorf("%d deliveries are due after it (%v), want none", len(due), err)
	}
	if err := store([]byte("short")); err != nil {
		t.Errorf("the next Update: %v", err)
	}
	if due, err := db.Outbox().Due(t.Context(), now, 10); err != nil || len(due) != 2 {
		t.Errorf("%d deliveries are due in the end (%v), want 2", len(due), err)
	}
}
