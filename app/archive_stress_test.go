package app_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// Everything at once, while everything fails now and then: people publish, are lost,
// come back, record by hand, delete, retry and look. In the end each recording that is
// known is whole in the store, and there is nothing else anywhere.
func TestRecordingOfEverythingAtOnce(t *testing.T) {
	for seed := range uint64(3) {
		synctest.Test(t, func(t *testing.T) {
			s := newStudio(t, recording, local)
			random := rand.New(rand.NewPCG(seed, 3))
			for _, call := range []string{"put", "keep", "finalize", "search", "deliver", "get", "delete", "remove", "audit", "record"} {
				s.vault.faults.slow(call, 40, time.Duration(random.IntN(500))*time.Millisecond)
				s.vault.faults.fail(call, random.IntN(40))
			}
			var all sync.WaitGroup
			var failed sync.Map // deletions
			for i := range 6 {
				random := rand.New(rand.NewPCG(seed, uint64(i)+10))
				all.Go(func() {
					for range 15 {
						s.live(t, random)
					}
				})
			}
			for i := range 3 {
				random := rand.New(rand.NewPCG(seed, uint64(i)+20))
				all.Go(func() {
					for range 25 {
						s.meddle(t, random, &failed)
					}
				})
			}
			all.Wait()
			s.vault.faults.mend()
			time.Sleep(time.Minute) // nobody is awaited any more
			for id := range failed.Range {
				if err := s.vault.deleteIt(t, id.(domain.RecordingID)); err != nil && !errors.Is(err, domain.ErrRecordingUnknown) {
					t.Errorf("delete again: %v", err)
				}
			}
			time.Sleep(time.Hour)
			synctest.Wait()
			s.isTidy(t)
			s.vault.restart() // finds nothing more
			synctest.Wait()
			s.isTidy(t)
		})
	}
}

// live is a publication, which ends in one way or another.
func (s *studio) live(t *testing.T, random *rand.Rand) {
	room := domain.RoomName(fmt.Sprint("room-", random.IntN(4)))
	a, err := s.Publish(t.Context(), alice, room, "offer")
	if err != nil {
		time.Sleep(time.Duration(random.IntN(1000)) * time.Millisecond)
		return // busy
	}
	s.Connected(a.Session)
	if r, err := s.RoomRecording(room); err == nil && random.IntN(5) > 0 {
		if sink := s.taps.sink(r.Recording); sink != nil {
			newCamera(a.Session).play(t, sink, time.Duration(random.IntN(500))*time.Millisecond)
		}
	}
	if random.IntN(3) == 0 {
		_, _ = s.Record(alice, room, random.IntN(2) == 0)
	}
	switch random.IntN(3) {
	case 0:
		s.Ended(a.Session, domain.EndedBySilence)
	case 1:
		s.Ended(a.Session, domain.EndedByPeer)
	default:
		_ = s.End(alice, domain.RolePublisher, a.Session)
	}
	time.Sleep(time.Duration(random.IntN(300)) * time.Millisecond)
}

// meddle is an administrator who does something to some recording.
func (s *studio) meddle(t *testing.T, random *rand.Rand, failed *sync.Map) {
	time.Sleep(time.Duration(random.IntN(400)) * time.Millisecond)
	views, _, err := s.vault.ListRecordings(t.Context(), admin.Grant, ports.RecordingQuery{}, ports.RecordingPlace{}, 5)
	if err != nil || len(views) == 0 {
		return
	}
	one := views[random.IntN(len(views))]
	switch random.IntN(4) {
	case 0:
		if err := s.vault.deleteIt(t, one.ID); err != nil && !errors.Is(err, domain.ErrRecordingLive) {
			failed.Store(one.ID, err)
		}
	case 1:
		_, _ = s.vault.RetryRecording(t.Context(), admin, one.ID)
	case 2:
		_, _ = s.vault.Stats(t.Context())
	default:
		if len(one.Parts) == 0 {
			return
		}
		if m, err := s.vault.OpenMedia(t.Context(), one.ID, one.Parts[0].File, time.Hour, ""); err == nil {
			_, _ = m.Content.Read(make([]byte, 100))
			_ = m.Content.Close()
		}
	}
}

// isTidy checks that every recording is stored, that there is no object and no file of
// any other, and that nothing goes on.
func (s *studio) isTidy(t *testing.T) {
	t.Helper()
	var want []string
	all := s.vault.all(t)
	for _, r := range all {
		s.vault.isStored(t, r)
		want = append(want, string(r.Key.Below(ports.ManifestFile)))
		for _, p := range r.Parts {
			want = append(want, string(r.Key.Below(p.File)))
		}
	}
	slices.Sort(want)
	if got := s.vault.stored(t); !slices.Equal(got, want) || len(all) == 0 {
		t.Errorf("objects %q, want %q", got, want)
	}
	if left := s.vault.spooled(t); len(left) > 0 {
		t.Errorf("the spool holds %q", left)
	}
	stats, err := s.vault.Stats(t.Context())
	if err != nil || stats.Live+stats.Finalizes+stats.Uploads+len(stats.Uploading) > 0 {
		t.Errorf("there is still something to do: %+v (%v)", stats, err)
	}
	s.taps.mu.Lock()
	defer s.taps.mu.Unlock()
	if len(s.taps.sinks) > 0 {
		t.Errorf("%d recorders are still attached", len(s.taps.sinks))
	}
}
