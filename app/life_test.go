package app_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/app/database"
	"rostrum/app/privacy"
	"rostrum/domain"
)

// all are the rooms that an operator of everything may know of.
func all(domain.RoomName) bool { return true }

// session returns what there is to say of a session.
func (h house) session(t *testing.T, id domain.SessionID) domain.SessionRecord {
	t.Helper()
	r, err := h.Session(t.Context(), id, all)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A session is told as it goes while it lives, and as it was afterwards, with as much of
// addresses as is kept.
func TestASessionIsToldWhileItLivesAndAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := houseOf(forgiving, database.Settings{Node: "n1", Addresses: privacy.Networks})
		began := time.Now()
		id := publish(t, h, "demo")
		h.media.report = domain.SessionReport{Packets: 7, Bitrate: 9, Pair: "udp 198.51.100.1 192.0.2.7"}
		want := domain.SessionRecord{
			ID: id, Room: "demo", Role: domain.RolePublisher, Subject: "alice", Address: "192.0.2.0/24", UserAgent: "encoder/1", Node: "n1",
			Codecs: []domain.Codec{domain.VP8}, Started: began.UTC(), Report: domain.SessionReport{Packets: 7, Bitrate: 9, Pair: "udp 198.51.100.1 192.0.2.0/24"},
		}
		if d := cmp.Diff(want, h.session(t, id)); d != "" {
			t.Errorf("while it lives: %s", d)
		}
		time.Sleep(time.Minute)
		must(t, h.End(alice, domain.RolePublisher, id))
		want.Ended, want.Reason = time.Now().UTC(), domain.EndedByClient
		if d := cmp.Diff(want, h.session(t, id)); d != "" {
			t.Errorf("just after its end: %s", d)
		}
		h.Close()
		if d := cmp.Diff(want, h.session(t, id)); d != "" {
			t.Errorf("when its end is written: %s", d)
		}
		for _, other := range []domain.SessionID{"", "nobody", id + "A"} {
			if _, err := h.Session(t.Context(), other, all); !errors.Is(err, domain.ErrSessionUnknown) {
				t.Errorf("of %q: %v, want ErrSessionUnknown", other, err)
			}
		}
	})
}

// Without the database a session is told as long as it lives, and after its end for as
// long as that waits to be written.
func TestASessionIsToldWithoutTheDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, publisher, subscriber := live(t, enduring)
		synctest.Wait()
		h.way.breaks(errCut)
		h.media.report = domain.SessionReport{Packets: 7}
		if r := h.session(t, subscriber); !r.Live() || r.Report.Packets != 7 {
			t.Errorf("a live one: %+v", r)
		}
		must(t, h.End(bob, domain.RoleSubscriber, subscriber))
		synctest.Wait()
		if r := h.session(t, subscriber); r.Reason != domain.EndedByClient {
			t.Errorf("one that has ended: %+v", r)
		}
		if _, err := h.Session(t.Context(), "nobody", all); !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("one that only the database could know: %v, want ErrUnavailable", err)
		}
		h.way.breaks(nil)
		time.Sleep(time.Minute)
		if r := h.session(t, subscriber); r.Reason != domain.EndedByClient {
			t.Errorf("when the database is back: %+v", r)
		}
		h.Close()
		if r := h.session(t, publisher); r.Reason != domain.EndedByShutdown {
			t.Errorf("%+v", r)
		}
	})
}

// Of an offer that was refused after it was let in, the session keeps why; the words of an
// error are for the log alone.
func TestARefusedOfferKeepsWhy(t *testing.T) {
	for name, c := range map[string]struct {
		fail error
		want string
	}{
		"a refusal":                     {domain.ErrOffer.Because("The offer has no track."), "The offer has no track."},
		"one that repeats a long offer": {domain.ErrOffer.Because("What is\x00 " + strings.Repeat("a", 1000)), "What is " + strings.Repeat("a", 247)},
		"an error":                      {errors.New("no file descriptors"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(forgiving)
			h.media.fail = c.fail
			_, publish := h.Publish(t.Context(), alice, "demo", "offer")
			_, play := h.Play(t.Context(), bob, "demo", "offer")
			if !errors.Is(publish, c.fail) || !errors.Is(play, c.fail) {
				t.Errorf("%v and %v", publish, play)
			}
			h.Close()
			all := h.history(t)
			if len(all) != 2 {
				t.Fatalf("%d sessions", len(all))
			}
			for _, r := range all {
				if r.Reason != domain.EndedByFailure || r.Report.Refusal != c.want || !strings.Contains(r.Diagnosis(r.Ended), c.want) {
					t.Errorf("%+v, want the refusal %q", r, c.want)
				}
				if lines := h.log.endings(t, r.ID); len(lines) != 1 || lines[0]["diagnosis"] != r.Diagnosis(r.Ended) {
					t.Errorf("the log says %v", lines)
				}
			}
		})
	}
}

// A publisher is told of its recording: the first that has media of it, from when on it
// has.
func TestAPublisherIsToldOfItsRecording(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, recording, local)
		of := func(id domain.SessionID) (domain.RecordingID, time.Duration) {
			r := s.session(t, id).Report
			return r.Recording, r.RecordedAfter
		}
		first := publish(t, s.house, "lobby")
		s.Connected(first)
		if id, after := of(first); id != "" || after != 0 {
			t.Errorf("before any media: %q after %v", id, after)
		}
		time.Sleep(time.Second)
		began := s.record(t, "lobby").Recording
		camera := newCamera(first)
		camera.play(t, s.taps.sink(began), 2*time.Second)
		s.media.report.FirstMediaAfter = 900 * time.Millisecond
		if id, after := of(first); id != began || after != time.Second {
			t.Errorf("the first: %q after %v, want %q", id, after, began)
		}

		if _, err := s.Record(alice, "lobby", false); err != nil {
			t.Fatal(err)
		}
		again, err := s.Record(alice, "lobby", true)
		must(t, err)
		camera.play(t, s.taps.sink(again.Recording), time.Second)
		if id, _ := of(first); id != began {
			t.Errorf("recorded again: %q, want the first, %q", id, began)
		}

		s.Ended(first, domain.EndedBySilence)
		next := publish(t, s.house, "lobby") // in its grace: the recording goes on
		s.Connected(next)
		newCamera(next).play(t, s.taps.sink(again.Recording), time.Second)
		s.media.report.FirstMediaAfter = 300 * time.Millisecond
		if id, after := of(next); id != again.Recording || after != 300*time.Millisecond {
			t.Errorf("the next: %q after %v, want %q", id, after, again.Recording)
		}
		s.over(t, next)
		if id, _ := of(first); id != began {
			t.Errorf("after its end the first had %q, want %q", id, began)
		}
		if id, _ := of(next); id != again.Recording {
			t.Errorf("after its end the next had %q, want %q", id, again.Recording)
		}
		steps := func(m domain.Milestone) bool { return m.Step == domain.StepRecorded }
		if life := s.session(t, next).Life(); !slices.ContainsFunc(life, steps) {
			t.Errorf("its life was %v", life)
		}
	})
}
