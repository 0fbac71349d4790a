package porttest

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

func searchFinds(t *testing.T, s *spoolScene) {
	s.recorded(t, "A", time.Second)
	s.recorded(t, "B", time.Second)
	live := s.record(t, "C")
	newSpoolFeed("P").play(live, time.Second)
	s.part(t, "B")
	found, foreign, err := s.spool.Search(t.Context())
	if err != nil || len(foreign) > 0 || len(found) != 2 {
		t.Fatalf("Search: %+v, foreign %v, %v; want A and B", found, foreign, err)
	}
	if diff := cmp.Diff(s.recording("A"), found[0], ignoreTimes()); diff != "" {
		t.Errorf("A (-want +got):\n%s", diff)
	}
	if b := found[1]; b.ID != "B" || b.State != domain.RecordingFinalized || len(b.Parts) != 1 {
		t.Errorf("B, which has been finalized: %+v", b)
	}
	live.Close()
	s.expect(t, []domain.RecordingID{"A", "B", "C"}, nil)
}

func searchForeign(t *testing.T, s *spoolScene) {
	s.recorded(t, "A", time.Second)
	s.part(t, "A")
	foreign := []string{"A/notes.txt", "LOST", "holiday.mp4", "lost+found", "SECRET"}
	for _, name := range []string{"A/notes.txt", "holiday.mp4", "SECRET", "LOST/part-001.mp4", "lost+found/x"} {
		writeForeign(t, filepath.Join(s.dir, name), "not ours")
	}
	slices.Sort(foreign)
	s.expect(t, []domain.RecordingID{"A"}, foreign)
	s.reopen(t, 0)
	s.expect(t, []domain.RecordingID{"A"}, foreign)
	for _, id := range []domain.RecordingID{"SECRET", "LOST", "../holiday.mp4"} {
		if _, err := s.spool.Finalize(t.Context(), id); !errors.Is(err, domain.ErrRecordingUnknown) {
			t.Errorf("Finalize of %s, which is none: %v, want ErrRecordingUnknown", id, err)
		}
	}
	for _, id := range []domain.RecordingID{"A", "SECRET", "LOST", "../holiday.mp4"} {
		if err := s.spool.Remove(id); err != nil {
			t.Errorf("Remove of %s: %v", id, err)
		}
	}
	for _, name := range []string{"A/notes.txt", "holiday.mp4", "SECRET", "LOST/part-001.mp4", "lost+found/x"} {
		if text, err := os.ReadFile(filepath.Join(s.dir, name)); string(text) != "not ours" {
			t.Errorf("%s is %q (%v)", name, text, err)
		}
	}
	if found, _, _ := s.spool.Search(t.Context()); len(found) > 0 {
		t.Errorf("after Remove there are recordings %+v", found)
	}
}

func openFiles(t *testing.T, s *spoolScene) {
	s.recorded(t, "A", time.Second)
	writeForeign(t, filepath.Join(s.dir, "A", "notes.txt"), "not ours")
	if f, err := s.spool.Open("A", "part-001.webm"); err == nil {
		_ = f.Close()
		t.Error("Open gives out a file of a recording that has not been finalized")
	}
	part := s.part(t, "A")
	for _, c := range []struct {
		id   domain.RecordingID
		file string
	}{
		{"B", part.File}, {"A", "part-999.webm"}, {"A", ""}, {"A", "notes.txt"}, {"A", "../A/" + part.File},
		{"A", "./" + part.File}, {"../A", part.File}, {"", part.File}, {"A", "journal.jsonl"},
	} {
		if f, err := s.spool.Open(c.id, c.file); !errors.Is(err, domain.ErrRecordingUnknown) {
			t.Errorf("Open(%q, %q): %v, %v; want ErrRecordingUnknown", c.id, c.file, f, err)
		}
	}
	f, err := s.spool.Open("A", part.File)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	whole := s.read(t, part.File)
	tail := make([]byte, 10)
	if _, err := f.ReadAt(tail, part.Bytes-10); err != nil || !bytes.Equal(tail, whole[len(whole)-10:]) {
		t.Errorf("ReadAt of the last 10 bytes: %x, %v", tail, err)
	}
	if end, err := f.Seek(0, io.SeekEnd); end != part.Bytes || err != nil {
		t.Errorf("the file is %d bytes long (%v), want %d", end, err, part.Bytes)
	}
}

func removeOne(t *testing.T, s *spoolScene) {
	s.recorded(t, "A", time.Second)
	s.recorded(t, "B", time.Second)
	s.part(t, "A")
	for range 2 {
		if err := s.spool.Remove("A"); err != nil {
			t.Errorf("Remove: %v", err)
		}
	}
	s.expect(t, []domain.RecordingID{"B"}, nil)
	if _, err := s.spool.Finalize(t.Context(), "A"); !errors.Is(err, domain.ErrRecordingUnknown) {
		t.Errorf("Finalize of what was removed: %v, want ErrRecordingUnknown", err)
	}
	s.part(t, "B")
}
