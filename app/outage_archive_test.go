package app_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/app/archive"
	"rostrum/domain"
	"rostrum/ports"
)

// However many calls fail from however many places, the log tells of an outage when it
// begins and when it ends: sessions, rooms, tokens, lists and recordings that end and
// begin meanwhile.
func TestAnOutageIsToldInTwoLines(t *testing.T) {
	for name, breaks := range map[string]func(*way){
		"refused": func(w *way) { w.breaks(errCut) },
		"hanging": (*way).hangs,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVault(t, archive.Settings{Key: "{room}/{recording}", Webhooks: local.Webhooks, Retention: []archive.Retention{{Rooms: "*", Keep: time.Hour}}})
				v.needs.Recordings = watchedRecordings{v.needs.Recordings, v.kept.way}
				v.needs.Outbox = watchedOutbox{v.needs.Outbox, v.kept.way}
				v.needs.Audit = watchedAudit{v.needs.Audit, v.kept.way}
				v.Archive = archive.New(v.needs, v.settings)
				settings := enduring
				settings.Rules.Record = true
				must(t, v.kept.database.Start(t.Context()))
				v.Start()
				s := studioOver(t, v, settings)
				t.Cleanup(func() { s.App.Close(); v.Close(); v.kept.database.Close() })

				publisher, camera := s.onAir(t, "lobby", time.Second)
				must(t, s.comesAndGoes(t, "lobby"))
				synctest.Wait()
				breaks(v.kept.way)
				var all sync.WaitGroup
				for i := range 20 {
					all.Go(func() {
						for range 30 {
							_, _, _ = s.ListSessions(t.Context(), ports.SessionQuery{}, ports.SessionPlace{}, 5)
							_, _ = s.CreateRoom(t.Context(), alice, domain.RoomName(fmt.Sprint("new-", i)), domain.RoomSettings{})
							_, _ = s.Identify(t.Context(), "rostrum.lobby.x")
							_, _, _ = v.ListRecordings(t.Context(), admin.Grant, ports.RecordingQuery{}, ports.RecordingPlace{}, 5)
							if a, err := s.Play(t.Context(), bob, "lobby", ""); err == nil {
								_ = s.End(bob, domain.RoleSubscriber, a.Session)
							}
							time.Sleep(time.Second)
						}
					})
				}
				camera.play(t, s.taps.sink(s.record(t, "lobby").Recording), time.Second)
				s.over(t, publisher)
				again, _ := s.onAir(t, "lobby", time.Second)
				s.over(t, again)
				all.Wait()
				v.kept.way.breaks(nil)
				time.Sleep(10 * time.Minute)
				synctest.Wait()
				v.log.toldOnce(t)
				for _, r := range v.all(t) {
					v.isStored(t, r)
				}
				if n := len(v.all(t)); n != 2 {
					t.Errorf("%d recordings are known, want 2", n)
				}
			})
		})
	}
}

// awayFor is what knows of recordings, which cannot be reached for some calls.
type awayFor struct {
	ports.Recordings
	calls atomic.Int32
}

func (a *awayFor) Update(ctx context.Context, id domain.RecordingID, decide func(*domain.Recording) (*domain.Recording, []ports.Delivery, error)) error {
	if a.calls.Add(-1) >= 0 {
		return errCut
	}
	return a.Recordings.Update(ctx, id, decide)
}

// A database that is away for a moment is no failure of a recording that ends then.
func TestARecordingDoesNotFailByTheDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault(t, local)
		rows := &awayFor{Recordings: v.needs.Recordings}
		v.needs.Recordings = rows
		v.Archive = archive.New(v.needs, v.settings)
		must(t, v.kept.database.Start(t.Context()))
		v.Start()
		s := studioOver(t, v, recording)
		t.Cleanup(func() { s.App.Close(); v.Close(); v.kept.database.Close() })
		publisher, _ := s.onAir(t, "lobby", time.Second)
		rows.calls.Store(1)
		s.over(t, publisher)
		synctest.Wait()
		if r := v.only(t); r.State != domain.RecordingStarted || r.Failure != (domain.Failure{}) {
			t.Errorf("%s, %+v", r.State, r.Failure)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		v.isStored(t, v.only(t))
		if lines := v.log.alarms(); len(lines) != 1 || !strings.Contains(lines[0], "the database failed, and answers again") {
			t.Errorf("lines %q", lines)
		}
	})
}

// comesAndGoes has somebody come and go, so that the room is known.
func (s *studio) comesAndGoes(t *testing.T, room domain.RoomName) error {
	return s.End(bob, domain.RoleSubscriber, play(t, s.house, room))
}
