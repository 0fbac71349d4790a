package porttest

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
	"rostrum/ports"
)

// Spool checks what ports.Spool, ports.Take and ports.RecordingEvents promise. open
// opens the spool in a directory, which may have been one before, with a limit in
// bytes (0: none). Time is that of a synctest bubble.
func Spool(t *testing.T, open func(t *testing.T, dir string, limit int64) ports.Spool) {
	for name, promise := range map[string]func(*testing.T, *spoolScene){
		"Record/of nothing leaves nothing":                           recordNothing,
		"Record/tells of the first packet, once":                     recordBegins,
		"Record/keeps no hold of what it is given":                   recordRetainsNothing,
		"Record/asks for a key frame where none comes":               recordAsks,
		"Record/refuses when the spool is full, and takes go on":     recordFull,
		"Record/of many at once keeps them apart":                    recordMany,
		"Finalize/tells what is in the files":                        finalizeTells,
		"Finalize/may be repeated":                                   finalizeTwice,
		"Finalize/refuses a recording that is being written":         finalizeLive,
		"Finalize/of an unknown recording is ErrRecordingUnknown":    finalizeUnknown,
		"Finalize/of what cannot be shown leaves nothing":            finalizeEmpty,
		"Finalize/makes whole what a crash has left":                 finalizeCrash,
		"Finalize/is given up when the context ends, and done again": finalizeCancelled,
		"Search/finds what is not being written":                     searchFinds,
		"Search/names foreign things and leaves them alone":          searchForeign,
		"Open/gives out the files of a recording and nothing else":   openFiles,
		"Remove/takes a recording away and no other":                 removeOne,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { promise(t, newSpoolScene(t, open)) })
		})
	}
}

func recordNothing(t *testing.T, s *spoolScene) {
	take := s.record(t, "A")
	time.Sleep(3 * time.Second)
	if status := take.Status(); status != (ports.TakeStatus{}) {
		t.Errorf("status of a take that has received nothing: %+v", status)
	}
	take.Close()
	s.expect(t, nil, nil)
	if _, err := s.spool.Finalize(t.Context(), "A"); !errors.Is(err, domain.ErrRecordingUnknown) {
		t.Errorf("Finalize: %v, want ErrRecordingUnknown", err)
	}
}

func recordBegins(t *testing.T, s *spoolScene) {
	take := s.record(t, "A")
	time.Sleep(time.Second)
	if calls := s.heard.calls(); len(calls) > 0 {
		t.Errorf("before the first packet: %v", calls)
	}
	first := time.Now()
	newSpoolFeed("P").play(take, 3*time.Second)
	if diff := cmp.Diff([]string{"began A"}, s.heard.calls()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if at := s.heard.began("A"); !at.Equal(first) {
		t.Errorf("it began at %v, want %v", at, first)
	}
	status := take.Status()
	if !status.Started.Equal(first) || status.Bytes == 0 || status.Gaps != 0 || status.Trouble != "" || status.FirstTrouble != "" {
		t.Errorf("status: %+v, want one of a recording that goes well", status)
	}
	take.Close()
}

func recordRetainsNothing(t *testing.T, s *spoolScene) {
	take := s.record(t, "A")
	feed := newSpoolFeed("P")
	feed.play(take, 2*time.Second) // it writes over what it has given
	take.Close()
	part := s.part(t, "A")
	if part.Pictures != feed.pictures || part.Sounds != feed.sounds {
		t.Errorf("%d pictures and %d packets of sound, want %d and %d", part.Pictures, part.Sounds, feed.pictures, feed.sounds)
	}
	media := s.read(t, part.File)
	for n := range feed.pictures {
		if !bytes.Contains(media, spoolPicture(n)) {
			t.Fatalf("picture %d is not in the file as it was given", n)
		}
	}
}

func recordAsks(t *testing.T, s *spoolScene) {
	take := s.record(t, "A")
	feed := newSpoolFeed("P")
	feed.pictures = 1 // the key frame is over
	feed.play(take, 3*time.Second)
	take.Close()
	calls := s.heard.calls()
	if asked := len(calls) - 1; asked < 2 || asked > 10 || calls[1] != "picture lost A" {
		t.Errorf("events %v, want a key frame asked for again and again, but no oftener than every 300 ms", calls)
	}
	if part := s.part(t, "A"); part.Pictures != 0 || part.Sounds != feed.sounds {
		t.Errorf("%d pictures and %d packets of sound, want none and %d", part.Pictures, part.Sounds, feed.sounds)
	}
}

func recordFull(t *testing.T, s *spoolScene) {
	s.reopen(t, 4096)
	take := s.record(t, "A")
	feed := newSpoolFeed("P")
	feed.play(take, 5*time.Second)
	if _, err := s.spool.Record(s.recording("B"), s.heard); !errors.Is(err, domain.ErrSpoolFull) {
		t.Errorf("Record with %d bytes in a spool for 4096: %v, want ErrSpoolFull", take.Status().Bytes, err)
	}
	feed.play(take, 5*time.Second)
	take.Close()
	if part := s.part(t, "A"); part.Pictures != feed.pictures {
		t.Errorf("the take that went on has %d pictures, want %d", part.Pictures, feed.pictures)
	}
	if err := s.spool.Remove("A"); err != nil {
		t.Fatal(err)
	}
	s.record(t, "B").Close()
}

func recordMany(t *testing.T, s *spoolScene) {
	const many = 200
	feeds, takes := make([]*spoolFeed, many), make([]ports.Take, many)
	for i := range many {
		feeds[i], takes[i] = newSpoolFeed(domain.SessionID(fmt.Sprint("P", i))), s.record(t, domain.RecordingID(fmt.Sprint("R", i)))
	}
	for range 15 {
		for i := range many {
			feeds[i].step(takes[i])
		}
		time.Sleep(spoolStep)
	}
	for i := range many {
		takes[i].Close()
	}
	found, foreign, err := s.spool.Search(t.Context())
	if len(found) != many || len(foreign) > 0 || err != nil {
		t.Errorf("Search: %d recordings, foreign %v (%v), want %d and nothing else", len(found), foreign, err, many)
	}
	for i, r := range found {
		part := s.part(t, r.ID)
		if want := domain.SessionID("P" + string(r.ID[1:])); part.Publisher != want || part.Pictures != 15 || i > 0 && found[i-1].ID == r.ID {
			t.Errorf("recording %s: %d pictures of %s, want 15 of %s", r.ID, part.Pictures, part.Publisher, want)
		}
	}
}
