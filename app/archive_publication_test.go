package app_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

// A publisher that comes back in time, or takes over, goes on with the recording, as
// another part of it.
func TestOneRecordingForAllOfAPublication(t *testing.T) {
	for name, next := range map[string]func(*testing.T, *studio, domain.SessionID) domain.SessionID{
		"after a loss": func(t *testing.T, s *studio, old domain.SessionID) domain.SessionID {
			s.Ended(old, domain.EndedBySilence)
			time.Sleep(grace - 1)
			return publish(t, s.house, "lobby")
		},
		"by a takeover": func(t *testing.T, s *studio, old domain.SessionID) domain.SessionID {
			s.media.vitals, s.media.of = domain.Vitals{Connected: true, Silence: time.Minute}, old
			return publish(t, s.house, "lobby")
		},
		"after an unusable comeback": func(t *testing.T, s *studio, old domain.SessionID) domain.SessionID {
			s.Ended(old, domain.EndedBySilence)
			s.media.fail = domain.ErrOffer
			if _, err := s.Publish(t.Context(), alice, "lobby", ""); !errors.Is(err, domain.ErrOffer) {
				t.Error(err)
			}
			s.media.fail = nil
			return publish(t, s.house, "lobby")
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStudio(t, recording, local)
				first, c := s.onAir(t, "lobby", time.Second)
				id := s.record(t, "lobby").Recording
				second := next(t, s, first)
				s.Connected(second)
				if now := s.record(t, "lobby").Recording; now != id {
					t.Errorf("recorded as %s, and before as %s", now, id)
				}
				pictures := c.pictures
				c = newCamera(second)
				c.play(t, s.taps.sink(id), time.Second)
				s.over(t, second)
				synctest.Wait()
				r := s.vault.only(t)
				s.vault.isStored(t, r)
				var got []domain.SessionID
				shown := 0
				for _, p := range r.Parts {
					got, shown = append(got, p.Publisher), shown+p.Pictures
				}
				if diff := cmp.Diff([]domain.SessionID{first, second}, got); diff != "" || r.Session != first || shown != pictures+c.pictures {
					t.Errorf("%d pictures of %d, of %s; parts of (-want +got):\n%s", shown, pictures+c.pictures, r.Session, diff)
				}
			})
		})
	}
}

// A recording ends with whatever ends the publication for good.
func TestTheEndOfAPublicationEndsItsRecording(t *testing.T) {
	for name, end := range map[string]func(*studio, domain.SessionID){
		"DELETE":           func(s *studio, id domain.SessionID) { _ = s.End(alice, domain.RolePublisher, id) },
		"closed":           func(s *studio, id domain.SessionID) { s.Ended(id, domain.EndedByPeer) },
		"lost for good":    func(s *studio, id domain.SessionID) { s.Ended(id, domain.EndedBySilence); time.Sleep(grace) },
		"the house closes": func(s *studio, _ domain.SessionID) { s.Close() },
	} {
		for _, watched := range []bool{false, true} {
			t.Run(name+map[bool]string{true: ", watched"}[watched], func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := newStudio(t, recording, local)
					publisher, _ := s.onAir(t, "lobby", time.Second)
					if watched {
						s.Connected(play(t, s.house, "lobby"))
					}
					id := s.record(t, "lobby").Recording
					end(s, publisher)
					time.Sleep(time.Millisecond)
					synctest.Wait()
					s.vault.isStored(t, s.vault.only(t))
					if s.taps.sink(id) != nil {
						t.Error("its tap has not been ended")
					}
				})
			})
		}
	}
}
