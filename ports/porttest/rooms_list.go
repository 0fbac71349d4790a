package porttest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
	"rostrum/ports"
)

func listOrder(t *testing.T, rooms ports.Rooms) {
	want := []domain.RoomName{"-", "0", "10", "9", "A", "Z", "_", "a", "a-", "a0", "aA", "a_", "aa", "z"}
	for _, i := range rand.Perm(len(want)) {
		put(t, rooms, want[i], domain.RoomSettings{DisplayName: string(want[i])})
	}
	if diff := cmp.Diff(want, pages(t, rooms, 100)); diff != "" {
		t.Errorf("order of names (-want +got):\n%s", diff)
	}
	page, err := rooms.List(t.Context(), "9", 1)
	if err != nil || len(page) != 1 || page[0].Settings.DisplayName != "A" {
		t.Errorf("behind 9 is %+v (%v), want room A with its own settings", page, err)
	}
}

func listPages(t *testing.T, rooms ports.Rooms) {
	want := fill(t, rooms, "room-%02d", 7)
	for _, limit := range []int{1, 2, 3, 6, 7, 8, math.MaxInt} {
		if diff := cmp.Diff(want, pages(t, rooms, limit)); diff != "" {
			t.Errorf("pages of %d (-want +got):\n%s", limit, diff)
		}
	}
	for after, count := range map[domain.RoomName]int{"room-06": 0, "zzz": 0, "room-03x": 3, "A": 7} {
		if page, err := rooms.List(t.Context(), after, 100); err != nil || len(page) != count {
			t.Errorf("List behind %s has %d rooms (%v), want %d", after, len(page), err, count)
		}
	}
	for _, none := range []int{0, -1} {
		if page, err := rooms.List(t.Context(), "", none); err != nil || len(page) != 0 {
			t.Errorf("List of up to %d rooms has %d (%v)", none, len(page), err)
		}
	}
}

func listCursorDeleted(t *testing.T, rooms ports.Rooms) {
	names := fill(t, rooms, "room-%02d", 6)
	page, err := rooms.List(t.Context(), "", 3)
	if err != nil || len(page) != 3 {
		t.Fatalf("the first page has %d rooms (%v), want 3", len(page), err)
	}
	remove(t, rooms, page[2].Name)
	rest, err := rooms.List(t.Context(), page[2].Name, 10)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(names[3:], namesOf(rest)); diff != "" {
		t.Errorf("the page behind a deleted name (-want +got):\n%s", diff)
	}
}

func listWhileRoomsComeAndGo(t *testing.T, rooms ports.Rooms) {
	standing := fill(t, rooms, "room-%02d-stands", 12)
	ctx, stop := context.WithCancel(t.Context())
	var churn sync.WaitGroup
	defer churn.Wait()
	defer stop()
	churn.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			name := domain.RoomName(fmt.Sprintf("room-%02d-passes", i%12))
			_ = rooms.Update(ctx, name, func(now *domain.RoomSettings) (*domain.RoomSettings, error) {
				if now == nil {
					return &domain.RoomSettings{}, nil
				}
				return nil, nil
			})
		}
	})
	for range 20 {
		got := slices.DeleteFunc(pages(t, rooms, 3), func(n domain.RoomName) bool { return strings.HasSuffix(string(n), "passes") })
		if diff := cmp.Diff(standing, got); diff != "" {
			t.Fatalf("rooms that were there all the while (-want +got):\n%s", diff)
		}
	}
}

func cancelledBefore(t *testing.T, rooms ports.Rooms) {
	put(t, rooms, "lobby", domain.RoomSettings{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := increment(ctx, rooms, "lobby"); !errors.Is(err, context.Canceled) {
		t.Errorf("Update: %v, want context.Canceled", err)
	}
	if _, err := rooms.Get(ctx, "lobby"); !errors.Is(err, context.Canceled) {
		t.Errorf("Get: %v, want context.Canceled", err)
	}
	if _, err := rooms.List(ctx, "", 1); !errors.Is(err, context.Canceled) {
		t.Errorf("List: %v, want context.Canceled", err)
	}
	if got := get(t, rooms, "lobby").MaxSubscribers; got != 0 {
		t.Error("a cancelled Update wrote")
	}
}

// cancelledWaiting lets the time of an Update run out while another one of the
// same room is deciding, and sees that the other one comes through.
func cancelledWaiting(t *testing.T, rooms ports.Rooms) {
	deciding, decided := make(chan struct{}), make(chan struct{})
	enter := sync.OnceFunc(func() { close(deciding) })
	first := make(chan error, 1)
	go func() {
		first <- rooms.Update(t.Context(), "lobby", func(*domain.RoomSettings) (*domain.RoomSettings, error) {
			enter()
			<-decided
			return &domain.RoomSettings{MaxSubscribers: 100}, nil
		})
	}()
	<-deciding
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := increment(ctx, rooms, "lobby"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the waiting Update: %v, want context.DeadlineExceeded", err)
	}
	close(decided)
	if err := <-first; err != nil {
		t.Fatalf("the other Update: %v", err)
	}
	if got := get(t, rooms, "lobby").MaxSubscribers; got != 100 {
		t.Errorf("the room holds %d, want the other Update's 100", got)
	}
}
