package spool

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

func journaled() (*journal, domain.Recording) {
	at := time.Date(2026, 5, 4, 3, 2, 1, 7000, time.UTC)
	r := domain.Recording{ID: "A1", Room: "lobby", Session: "s", Subject: "ann \"the\"\n", Key: "lobby/A1", State: domain.RecordingStarted, Started: at}
	j := newJournal(r)
	gap := domain.Gap{Kind: domain.Video, At: time.Second, Length: 5, Reason: domain.GapSlowDisk}
	r.Parts = []domain.Part{
		{File: "part-001.webm", Publisher: "s", Started: at},
		{File: "part-002.mp4", Publisher: "t", Started: at.Add(time.Minute), Gaps: []domain.Gap{gap}},
	}
	for _, p := range r.Parts {
		j.add(entry{Part: &journalPart{p.File, p.Publisher, p.Started}})
	}
	j.add(entry{Gap: &journalGap{0, gap.Kind, gap.At, 3, gap.Reason}})
	j.add(entry{Gap: &journalGap{0, gap.Kind, gap.At, gap.Length, gap.Reason}}) // it has become longer
	return j, r
}

func TestJournalTellsBack(t *testing.T) {
	j, want := journaled()
	got, ok := readJournal(bytes.NewReader(j.lines), "A1")
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Errorf("journal (-want +got), %v:\n%s", ok, diff)
	}
}

// A journal that ends anywhere tells what stands before.
func TestJournalTorn(t *testing.T) {
	j, want := journaled()
	first := bytes.IndexByte(j.lines, '\n')
	for end := range j.lines {
		got, ok := readJournal(bytes.NewReader(j.lines[:end]), "A1")
		if ok != (end >= first) {
			t.Fatalf("the first %d octets tell of a recording: %v", end, ok)
		}
		if ok && (got.Room != want.Room || len(got.Parts) > len(want.Parts)) {
			t.Errorf("the first %d octets tell of %+v", end, got)
		}
	}
}

func TestJournalIsNotBelieved(t *testing.T) {
	j, _ := journaled()
	for name, change := range map[string][2]string{
		"a room that is none":      {`"lobby"`, `"../lobby"`},
		"a key that is none":       {`"lobby/A1"`, `"../../etc"`},
		"another recording's":      {`"A1"`, `"A2"`},
		"a time that is none":      {`"2026-`, `"yesterday-`},
		"no first line":            {`{"recording"`, `{"else"`},
		"nothing that can be read": {`{`, `[`},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.ReplaceAll(string(j.lines), change[0], change[1])
			if got, ok := readJournal(strings.NewReader(text), "A1"); ok {
				t.Errorf("it tells of %+v", got)
			}
		})
	}
	text := strings.ReplaceAll(string(j.lines), "part-002.mp4", "../../passwd")
	text = strings.ReplaceAll(text, `"slow disk"`, `"bad luck"`)
	if got, ok := readJournal(strings.NewReader(text), "A1"); !ok || len(got.Parts) != 1 || len(got.Parts[0].Gaps) > 0 {
		t.Errorf("of a part that is named for another file, and a gap for no reason, it tells %+v", got)
	}
}

// What a disk refuses of a journal is in it when the disk takes it.
func TestJournalIsWrittenAgain(t *testing.T) {
	j, _ := journaled()
	path := filepath.Join(t.TempDir(), journalFile)
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	closed, err := os.Open(path) // it cannot be written to
	if err != nil {
		t.Fatal(err)
	}
	j.open(closed)
	if err := j.flush(); err == nil {
		t.Fatal("flush to a file that cannot be written: no error")
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	j.open(file)
	for range 2 {
		if err := j.flush(); err != nil {
			t.Fatal(err)
		}
		j.add(entry{Part: &journalPart{File: "part-003.mp4"}})
	}
	if err := j.flush(); err != nil {
		t.Fatal(err)
	}
	j.close()
	if text, err := os.ReadFile(path); err != nil || !bytes.Equal(text, j.lines) {
		t.Errorf("the file holds %q (%v), want %q", text, err, j.lines)
	}
}

// FuzzJournal reads what anybody may have written: nothing is told that is not what
// it is called.
func FuzzJournal(f *testing.F) {
	j, _ := journaled()
	f.Add(j.lines)
	f.Add(bytes.ReplaceAll(j.lines, []byte("webm"), []byte("mp4")))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, ok := readJournal(bytes.NewReader(text), "A1")
		if !ok {
			return
		}
		if _, err := domain.ParseRoomName(string(r.Room)); err != nil || r.ID != "A1" || !r.Key.Valid() {
			t.Errorf("it tells of %+v", r)
		}
		for _, p := range r.Parts {
			if !partName.MatchString(p.File) || len(p.Gaps) > maxGaps+1 {
				t.Errorf("it tells of a part %s with %d gaps", p.File, len(p.Gaps))
			}
		}
	})
}
