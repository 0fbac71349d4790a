package spool_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/adapters/spool"
	"rostrum/domain"
	"rostrum/ports"
)

func TestOneProcessAtATime(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "spool")
	s, err := spool.Open(spool.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the directory is %v (%v), want its owner's alone", info.Mode(), err)
	}
	if _, err := spool.Open(spool.Config{Dir: dir}); err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "recording.dir") {
		t.Errorf("Open of a spool that is in use: %v, want what to do about %s", err, dir)
	}
	shut(t, s)
	open(t, dir, 0)
}

func TestOpenSaysWhatToDo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	put(t, file, "")
	for name, c := range map[string]struct{ dir, want string }{
		"no directory":     {"", "set recording.dir"},
		"a file":           {file, "another recording.dir"},
		"below a file":     {filepath.Join(file, "spool"), "another recording.dir"},
		"a name with NULs": {"a\x00b", "another recording.dir"},
	} {
		t.Run(name, func(t *testing.T) {
			if s, err := spool.Open(spool.Config{Dir: c.dir}); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Open: %v, %v; want an error with %q", s, err, c.want)
			}
		})
	}
}

// What is in the spool is counted, by whatever way it came and went.
func TestUsed(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "foreign", "file"), "12345")
	s := open(t, dir, 1000)
	check := func(when string, s *spool.Spool) {
		t.Helper()
		if used, limit := s.Used(); used != onDisk(t, dir) || limit != 1000 {
			t.Errorf("%s, %d of %d bytes are told to be used, want %d of 1000", when, used, limit, onDisk(t, dir))
		}
	}
	check("with a foreign file", s)
	k := demo(t).first(2 * time.Second)
	synctest.Test(t, func(t *testing.T) {
		for _, id := range []domain.RecordingID{"A", "B", "C"} {
			s.SetLimit(0)
			take := record(t, s, id, deaf{})
			newCamera("P", take).play(k)
			take.Close()
			s.SetLimit(1000)
			check("with "+string(id), s)
		}
	})
	finalize(t, s, "A")
	check("when one is finalized", s)
	if err := s.Remove("A"); err != nil {
		t.Fatal(err)
	}
	check("when that is removed", s)
	if err := os.RemoveAll(filepath.Join(dir, "C")); err != nil {
		t.Fatal(err)
	}
	if err := s.Remove("C"); err != nil {
		t.Fatal(err)
	}
	check("when somebody else has removed one", s)
	shut(t, s)
	check("when it is opened again", open(t, dir, 1000))
}

func onDisk(t *testing.T, dir string) (sum int64) {
	t.Helper()
	err := filepath.Walk(dir, func(_ string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			sum += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// What cannot be read of a recording is not lost: it is set aside, and what can be
// read is finalized.
func TestDamagedPart(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 0)
	k := demo(t).first(time.Second)
	synctest.Test(t, func(t *testing.T) {
		take := record(t, s, "A", deaf{})
		defer take.Close()
		newCamera("P", take).play(k)
		newCamera("Q", take).play(k)
	})
	put(t, filepath.Join(dir, "A", "part-001.webm"), "what was here before is gone")
	r := finalize(t, s, "A")
	if len(r.Parts) != 1 || r.Parts[0].File != "part-002.webm" || r.Parts[0].Publisher != "Q" {
		t.Errorf("parts %+v, want the second alone", r.Parts)
	}
	if err := s.Remove("A"); err != nil {
		t.Fatal(err)
	}
	if rest := names(t, filepath.Join(dir, "A")); strings.Join(rest, " ") != "part-001.webm.damaged" {
		t.Errorf("there is %v, want what was set aside", rest)
	}
}

// A journal that is damaged does not cost the media beside it, as long as it says
// whose it is.
func TestDamagedJournal(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 0)
	k := demo(t).first(time.Second)
	var cam *camera
	synctest.Test(t, func(t *testing.T) {
		take := record(t, s, "A", deaf{})
		defer take.Close()
		cam = newCamera("P", take)
		cam.play(k)
	})
	path := filepath.Join(dir, "A", "journal.jsonl")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	first := strings.SplitAfter(string(text), "\n")[0]
	put(t, path, first+"\x00\x00\x00 rubbish")
	if p := finalize(t, s, "A").Parts[0]; p.Pictures != cam.pictures || p.Sounds != cam.sounds || p.Publisher != "P" {
		t.Errorf("%+v, want all that was recorded", p)
	}
}

// A recording never takes over what is there of another one.
func TestRecordingOfAnIDThatIsTaken(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 0)
	k := demo(t).first(time.Second)
	var before string
	synctest.Test(t, func(t *testing.T) {
		take := record(t, s, "A", deaf{})
		newCamera("P", take).play(k)
		take.Close()
		before = finalize(t, s, "A").Parts[0].SHA256
		take = record(t, s, "A", deaf{})
		newCamera("P", take).play(k)
		if status := take.Status(); !strings.Contains(status.Trouble, "another recording") {
			t.Errorf("status %+v, want it to say that another recording is there", status)
		}
		take.Close()
	})
	if after := finalize(t, s, "A").Parts[0].SHA256; after != before {
		t.Error("the recording that was there has changed")
	}
}

func TestRecordRefuses(t *testing.T) {
	s := open(t, t.TempDir(), 0)
	for _, id := range []domain.RecordingID{"", "a", "..", "A/B", "A.new", domain.RecordingID(strings.Repeat("A", 65))} {
		if _, err := s.Record(recording(id), deaf{}); err == nil {
			t.Errorf("a recording may be called %q", id)
		}
	}
	first := record(t, s, "A", deaf{})
	if _, err := s.Record(recording("A"), deaf{}); !errors.Is(err, domain.ErrRecordingLive) {
		t.Errorf("Record of one that is being made: %v, want ErrRecordingLive", err)
	}
	shut(t, s)
	first.Receive(ports.Stream{Publisher: "P", Track: "audio", Codec: domain.Opus}, make([]ports.Packet, 1)) // it comes too late
	if _, err := s.Record(recording("B"), deaf{}); !errors.Is(err, domain.ErrShuttingDown) {
		t.Errorf("Record after Close: %v, want ErrShuttingDown", err)
	}
}
