package app_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/app"
	"rostrum/domain"
)

// bytes of media, at least, that a recording of something has.
const something = 1000

// A recorder is attached before anything is routed to it, and ended when nothing is any
// more.
func TestARecorderIsAttachedAndEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, recording, local)
		publisher := publish(t, s.house, "lobby")
		id := s.record(t, "lobby").Recording
		if id == "" || s.taps.sink(id) == nil {
			t.Fatalf("the recorder is %q", id)
		}
		s.Connected(publisher)
		subscriber := play(t, s.house, "lobby")
		s.Connected(subscriber)
		if !s.media.routes(publisher, subscriber, domain.SessionID(id)) {
			t.Errorf("routed: %+v", s.media.last())
		}
		s.over(t, publisher)
		told := s.taps.told()
		begin, end := slices.Index(told, "attach "+string(id)), slices.Index(told, "end "+string(id))
		if begin < 0 || end != len(told)-1 || slices.Contains(told[:begin], "route to "+string(id)) || told[end-1] != "route to nobody" {
			t.Errorf("the media port was told %q", told)
		}
		if r := s.record(t, "lobby"); r != (app.RoomRecording{}) {
			t.Errorf("after the end: %+v", r)
		}
	})
}

// A recording is begun and ended by hand while the publication goes on; what is
// recorded again is another recording.
func TestRecordByHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, app.Settings{AutoCreate: true, Rules: domain.RoomRules{Grace: grace}}, local)
		publisher := publish(t, s.house, "lobby")
		s.Connected(publisher)
		if r := s.record(t, "lobby"); r.On || r.Recording != "" {
			t.Errorf("where nothing is to be recorded: %+v", r)
		}
		c := newCamera(publisher)
		var ids []domain.RecordingID
		for range 2 {
			on, err := s.Record(alice, "lobby", true)
			if err != nil || !on.On || on.Recording == "" {
				t.Fatalf("on: %+v, %v", on, err)
			}
			if again, err := s.Record(alice, "lobby", true); err != nil || again.Recording != on.Recording {
				t.Errorf("on again: %+v, %v", again, err)
			}
			c.play(t, s.taps.sink(on.Recording), time.Second)
			if r := s.record(t, "lobby"); r.Status.Bytes < something || r.Status.Started.IsZero() {
				t.Errorf("while it goes on: %+v", r)
			}
			for range 2 { // it may be repeated
				off, err := s.Record(alice, "lobby", false)
				if err != nil || off != (app.RoomRecording{}) {
					t.Errorf("off: %+v, %v", off, err)
				}
			}
			ids = append(ids, on.Recording)
			s.lives(t, publisher)
		}
		synctest.Wait()
		all := s.vault.all(t)
		if len(all) != 2 || all[0].ID != ids[1] || all[1].ID != ids[0] {
			t.Errorf("recordings %+v, want %q", all, ids)
		}
		for _, r := range all {
			s.vault.isStored(t, r)
		}
		if told := s.taps.told(); slices.Index(told, "end "+string(ids[0])) > slices.Index(told, "attach "+string(ids[1])) {
			t.Errorf("the media port was told %q", told)
		}
	})
}

// What was ended by hand is recorded again when the next publication comes, as the room
// says.
func TestEndedByHandIsUntilThePublisherLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, recording, local)
		publisher := publish(t, s.house, "lobby")
		s.Connected(publisher)
		subscriber := play(t, s.house, "lobby")
		s.Connected(subscriber)
		if _, err := s.Record(alice, "lobby", false); err != nil {
			t.Fatal(err)
		}
		s.Ended(publisher, domain.EndedBySilence)
		publisher = publish(t, s.house, "lobby")
		if r := s.record(t, "lobby"); r.On {
			t.Errorf("a publisher that has come back is recorded: %+v", r)
		}
		s.over(t, publisher)
		publish(t, s.house, "lobby")
		if r := s.record(t, "lobby"); !r.On || r.Recording == "" {
			t.Errorf("the next publication is not recorded: %+v", r)
		}
	})
}

func TestNothingToRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, recording, local)
		idle := func(room domain.RoomName) {
			t.Helper()
			if r, err := s.Record(alice, room, true); !errors.Is(err, domain.ErrRoomIdle) || r.On {
				t.Errorf("on in %s: %+v, %v, want ErrRoomIdle", room, r, err)
			}
			if r, err := s.Record(alice, room, false); err != nil || r != (app.RoomRecording{}) {
				t.Errorf("off in %s: %+v, %v", room, r, err)
			}
			if r := s.record(t, room); r != (app.RoomRecording{}) {
				t.Errorf("%s: %+v", room, r)
			}
		}
		idle("nobody")
		play(t, s.house, "lobby")
		idle("lobby")
	})
}

// A spool that is full refuses the recording, not the publication; the recording begins
// with the first change after there is room.
func TestTheSpoolIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, recording, local)
		s.vault.faults.add(fault{call: "record", left: -1, err: domain.ErrSpoolFull})
		publisher := publish(t, s.house, "lobby")
		s.Connected(publisher)
		for range 5 {
			s.Connected(play(t, s.house, "lobby"))
		}
		r := s.record(t, "lobby")
		if !r.On || r.Recording != "" || !errors.Is(r.Refused, domain.ErrSpoolFull) {
			t.Errorf("%+v, want it refused with ErrSpoolFull", r)
		}
		if _, err := s.Record(alice, "lobby", true); !errors.Is(err, domain.ErrSpoolFull) {
			t.Errorf("by hand: %v, want ErrSpoolFull", err)
		}
		if lines := s.log.about("the room is not recorded"); len(lines) != 1 {
			t.Errorf("the log says so %d times: %q", len(lines), lines)
		}
		s.lives(t, publisher)

		s.vault.faults.mend()
		subscriber := play(t, s.house, "lobby")
		r = s.record(t, "lobby")
		if !r.On || r.Recording == "" || r.Refused != nil {
			t.Fatalf("there is room, and a change was made: %+v", r)
		}
		s.Connected(subscriber)
		newCamera(publisher).play(t, s.taps.sink(r.Recording), time.Second)
		s.over(t, publisher)
		synctest.Wait()
		s.vault.isStored(t, s.vault.only(t))

		s.vault.faults.add(fault{call: "record", left: -1, err: domain.ErrSpoolFull})
		s.over(t, publish(t, s.house, "lobby"))
		publish(t, s.house, "lobby")
		if lines := s.log.about("the room is not recorded"); len(lines) != 3 {
			t.Errorf("the log says of three publications %d times that they are not recorded", len(lines))
		}
		if off, err := s.Record(alice, "lobby", false); err != nil || off != (app.RoomRecording{}) {
			t.Errorf("off: %+v, %v", off, err)
		}
	})
}

// Whether a room is recorded is its own business where somebody has provisioned it.
func TestARoomSaysWhetherItIsRecorded(t *testing.T) {
	for _, c := range []struct{ house, room bool }{{false, true}, {true, false}} {
		synctest.Test(t, func(t *testing.T) {
			s := newStudio(t, app.Settings{AutoCreate: true, Rules: domain.RoomRules{Record: c.house}}, local)
			if _, err := s.CreateRoom(t.Context(), alice, "own", domain.RoomSettings{Record: &c.room}); err != nil {
				t.Fatal(err)
			}
			publish(t, s.house, "own")
			publish(t, s.house, "other")
			if r := s.record(t, "own"); r.On != c.room {
				t.Errorf("a room that says %v: %+v", c.room, r)
			}
			if r := s.record(t, "other"); r.On != c.house {
				t.Errorf("a house that says %v: %+v", c.house, r)
			}
		})
	}
}

// Where no key frame comes the publisher is asked for one, for the recorder.
func TestARecorderAsksForAKeyframe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, recording, local)
		publisher := publish(t, s.house, "lobby")
		id := s.record(t, "lobby").Recording
		clip, err := readClip()
		if err != nil {
			t.Fatal(err)
		}
		c := newCamera(publisher)
		for _, f := range clip[:40] {
			if !f.key {
				c.send(s.taps.sink(id), f)
			}
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		s.taps.mu.Lock()
		defer s.taps.mu.Unlock()
		if len(s.taps.asked) < 2 || s.taps.asked[0] != domain.SessionID(id) {
			t.Errorf("asked for %q, want %s again and again", s.taps.asked, id)
		}
	})
}
