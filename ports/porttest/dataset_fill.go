package porttest

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// Stores are those of one database.
type Stores struct {
	Rooms      ports.Rooms
	Sessions   ports.Sessions
	Recordings ports.Recordings
	Audit      ports.Audit
}

// BenchReport returns where a benchmark writes what docs/database.md tells besides its
// figures: the file that ROSTRUM_BENCH_REPORT names, behind what is there, or nowhere.
func BenchReport(b *testing.B) io.Writer {
	b.Helper()
	path := os.Getenv("ROSTRUM_BENCH_REPORT")
	if path == "" {
		return io.Discard
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := f.Close(); err != nil {
			b.Error(err)
		}
	})
	return f
}

// Fill puts everything into empty stores, by their ports alone, and reports how long that
// took. Rooms come in any order, sessions in that of time and with their ends.
func (d Dataset) Fill(b *testing.B, s Stores, report io.Writer) {
	b.Helper()
	rooms := rand.New(rand.NewPCG(1, 1)).Perm(d.rooms)
	d.fill(b, report, "rooms", d.rooms, 1, func(ctx context.Context, from, _ int) error {
		return d.provision(ctx, s.Rooms, rooms[from])
	})
	d.fill(b, report, "sessions", d.sessions, 1000, func(ctx context.Context, from, to int) error {
		records := make([]domain.SessionRecord, 0, to-from)
		for i := from; i < to; i++ {
			records = append(records, d.session(i))
		}
		return s.Sessions.Keep(ctx, records)
	})
	d.fill(b, report, "recordings", d.recordings(), 1, func(ctx context.Context, from, _ int) error {
		r := d.recording(from)
		return s.Recordings.Update(ctx, r.ID, func(*domain.Recording) (*domain.Recording, []ports.Delivery, error) { return &r, nil, nil })
	})
}

// provision makes a room, and tells it.
func (d Dataset) provision(ctx context.Context, rooms ports.Rooms, i int) error {
	room, err := d.room(i)
	if err != nil {
		return err
	}
	told := ports.AuditEntry{At: room.Created, Subject: "admin@example.org", From: "192.0.2.1", Act: "room.create", Object: string(room.Name)}
	return rooms.Update(ctx, room.Name, func(*domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
		return &room, []ports.AuditEntry{told}, nil
	})
}

// fill has four goroutines put things in, from number to number, each some at once.
func (d Dataset) fill(b *testing.B, report io.Writer, what string, count, each int, put func(ctx context.Context, from, to int) error) {
	b.Helper()
	begun := time.Now()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range crowd {
		wg.Go(func() {
			for !b.Failed() {
				from := int(next.Add(int64(each))) - each
				if from >= count {
					return
				}
				if err := put(b.Context(), from, min(from+each, count)); err != nil {
					b.Errorf("%s from number %d on: %v", what, from, err)
				}
			}
		})
	}
	wg.Wait()
	if b.Failed() {
		b.FailNow()
	}
	took := time.Since(begun)
	_, err := fmt.Fprintf(report, "- %d %s, put in %d at a time: %.0f s, %.0f a second\n", count, what, each, took.Seconds(), float64(count)/took.Seconds())
	if err != nil {
		b.Fatal(err)
	}
}
