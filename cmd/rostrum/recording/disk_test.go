package recording

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rostrum/cmd/rostrum/rig"
)

// A spool that has reached its limit refuses recordings and says so; publishing goes
// on, and so does recording once the store has taken what waits.
func TestSpoolLimit(t *testing.T) {
	t.Parallel()
	b := stores["s3"](t)
	s := onBucket(t, b, "--recording.spool_limit", "20KiB")
	s.start()
	b.Down()
	s.publish("hall", clipFile(t, "libx264", 2)).wait()
	rig.Eventually(t, "the recording waits", func() bool { all := s.recordings(); return len(all) == 1 && all[0].State != "started" })
	p := s.publish("hall", "--demo")
	rig.Eventually(t, "the room says why it is not recorded", func() bool {
		_, body := s.call(http.MethodGet, "/api/rooms/hall/recording")
		return strings.Contains(string(body), `"spool_full"`)
	})
	b.Up(t)
	s.retryAll()
	s.stored(1)
	// What is stored leaves the spool a moment after it is said to be stored.
	rig.Eventually(t, "the room may be recorded again", func() bool {
		status, body := s.call(http.MethodPut, "/api/rooms/hall/recording")
		if full := status == http.StatusServiceUnavailable && strings.Contains(string(body), `"retryable":true`); !full && status != http.StatusOK {
			t.Fatalf("to record now: %d %s", status, body)
		}
		return status == http.StatusOK
	})
	rig.Eventually(t, "something is recorded", func() bool { return s.written("hall") > 0 })
	p.stop()
	for _, r := range s.stored(2) {
		s.read(r)
	}
}

// written returns how many bytes there are of the recording of a room.
func (s *stand) written(room string) int64 {
	s.t.Helper()
	var r struct{ Bytes int64 }
	if _, body := s.call(http.MethodGet, "/api/rooms/"+room+"/recording"); json.Unmarshal(body, &r) != nil {
		return 0
	}
	return r.Bytes
}

// Somebody removes the spool while it is recorded: the recording goes on.
func TestSpoolDirectoryGone(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.start()
	const seconds = 6
	p := s.publish("hall", clipFile(t, "libvpx", seconds))
	s.filmed("hall", 2)
	if err := os.RemoveAll(s.spool()); err != nil {
		t.Fatal(err)
	}
	p.wait()
	if n := s.read(s.stored(1)[0]); n < seconds*clipRate-unsent {
		t.Errorf("%d pictures are stored of %d", n, seconds*clipRate)
	}
}

// What else lies in the spool is left alone and named.
func TestForeignFilesInTheSpool(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	foreign := filepath.Join(s.spool(), "holiday.mp4")
	if err := os.MkdirAll(filepath.Join(s.spool(), "NOTHING"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(foreign, []byte("not ours"), 0o600); err != nil {
		t.Fatal(err)
	}
	v := s.start()
	v.says("holiday.mp4", 1)
	v.says("NOTHING", 1)
	v.stop()
	if text, err := os.ReadFile(foreign); err != nil || string(text) != "not ours" {
		t.Errorf("the file is %q, %v", text, err)
	}
}

// A thousand recordings wait at the start: all are stored, and the server serves
// meanwhile.
func TestThousandWaiting(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	v := s.start()
	s.publish("hall", clipFile(t, "libvpx", 3), "--retry=false")
	s.filmed("hall", 2)
	v.kill()
	if n := len(s.spooled()); n != 1 {
		t.Fatalf("%d recordings in the spool", n)
	}
	first := s.spooled()[0]
	const waiting = 1000
	for range waiting - 1 {
		s.copyRecording(first, rand.Text())
	}
	s.start()
	began := time.Now()
	if status, _ := s.call(http.MethodGet, "/healthz"); status != http.StatusNoContent {
		t.Errorf("the server does not serve: %d", status)
	}
	s.publish("lobby", clipFile(t, "libvpx", 1)).wait()
	s.emptySpool()
	all := s.recordings()
	if kept := slices.DeleteFunc(slices.Clone(all), func(r recording) bool { return r.State != "stored" }); len(kept) != waiting+1 {
		t.Fatalf("%d recordings are stored of %d", len(kept), waiting+1)
	}
	t.Logf("%d recordings were finalized and stored in %v", waiting, time.Since(began).Round(time.Second))
	for _, i := range []int{0, 1, waiting / 2, waiting} {
		s.read(s.recording(all[i].ID))
	}
}

// emptySpool waits until nothing is left in the spool, for as long as there is ever less.
func (s *stand) emptySpool() {
	s.t.Helper()
	for left := len(s.spooled()); left > 0; left = len(s.spooled()) {
		rig.Eventually(s.t, "less is left in the spool", func() bool { return len(s.spooled()) < left })
	}
}

// copyRecording makes another recording of one in the spool, as far as a file tells.
func (s *stand) copyRecording(from, to string) {
	s.t.Helper()
	source, target := filepath.Join(s.spool(), from), filepath.Join(s.spool(), to)
	entries, err := os.ReadDir(source)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := os.Mkdir(target, 0o700); err != nil {
		s.t.Fatal(err)
	}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(source, e.Name()))
		if err == nil {
			content = []byte(strings.ReplaceAll(string(content), from, to))
			err = os.WriteFile(filepath.Join(target, e.Name()), content, 0o600)
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
}
