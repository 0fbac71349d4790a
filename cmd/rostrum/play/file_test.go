package play_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"rostrum/adapters/spool"
	"rostrum/api/client"
	"rostrum/cmd/rostrum/clip"
	"rostrum/cmd/rostrum/play"
	"rostrum/cmd/rostrum/publish"
	"rostrum/cmd/rostrum/recording/clapper"
	"rostrum/cmd/rostrum/rig"
	"rostrum/cmd/rostrum/usage"
)

// reception is a Run beside the test.
type reception struct {
	t      *testing.T
	stop   context.CancelFunc
	log    *rig.Journal
	result play.Result
	err    error
	done   chan struct{}
}

// receive begins a Run and waits until it is connected, which may be before anybody publishes.
func receive(t *testing.T, o play.Options) *reception {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r := &reception{t: t, stop: stop, log: &rig.Journal{}, done: make(chan struct{})}
	o.Server, o.Log = server(t), slog.New(slog.NewTextHandler(io.MultiWriter(r.log, t.Output()), nil))
	var running sync.WaitGroup
	running.Go(func() {
		defer close(r.done)
		r.result, r.err = play.Run(ctx, o)
	})
	t.Cleanup(func() { stop(); running.Wait() })
	r.waits("connected", 1)
	return r
}

// waits waits until the log has said something so often.
func (r *reception) waits(what string, times int) {
	r.t.Helper()
	rig.Eventually(r.t, what, func() bool { return r.log.Count(what) >= times })
}

// ends waits for the end.
func (r *reception) ends() (play.Result, error) {
	r.t.Helper()
	rig.Wait(r.t, "the end of the reception", r.done)
	return r.result, r.err
}

// send publishes a file to its end.
func send(t *testing.T, room, file string) {
	t.Helper()
	c, err := clip.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	_, err = publish.Run(t.Context(), publish.Options{Server: server(t), Room: room, Clip: c, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err := errors.Join(err, c.Close()); err != nil {
		t.Fatal(err)
	}
}

// decodes has FFmpeg decode a file as it is, which must find nothing to complain of.
func decodes(t *testing.T, file string) {
	t.Helper()
	var said bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "ffmpeg", "-nostdin", "-v", "error", "-i", file,
		"-fps_mode", "passthrough", "-enc_time_base", "-1", "-f", "null", "-") // each frame at its own time
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil || said.Len() > 0 {
		t.Errorf("%s does not decode silently: %v\n%s", file, err, said.String())
	}
}

func TestSoundAndPictureOfAFileAreInSync(t *testing.T) {
	for _, c := range []struct{ encoder, ending, codec string }{{"libvpx", ".webm", "VP8"}, {"libx264", ".mp4", "H264"}} {
		t.Run(c.codec, func(t *testing.T) {
			t.Parallel()
			const seconds = 6
			room, out := "sync-"+c.codec, filepath.Join(t.TempDir(), "talk")
			film := clapper.Film(t, c.encoder, seconds)
			r := receive(t, play.Options{Room: room, Out: out, Once: true})
			delay := rig.WatchDelay()
			send(t, room, film)
			late := delay.Sum()
			result, err := r.ends()
			if err != nil || len(result.Files) != 1 {
				t.Fatalf("%+v, %v", result, err)
			}
			f := result.Files[0]
			if f.Name != out+c.ending || f.Video != c.codec || f.Audio != "OPUS" || f.Width == 0 || f.Seconds < seconds-1 {
				t.Errorf("kept %+v", f)
			}
			if !strings.Contains(r.log.String(), c.codec+" ") {
				t.Error("it does not tell what came")
			}
			decodes(t, f.Name)
			claps := clapper.Claps(t, f.Name)
			if offsets := clapper.OffsetsOf(claps); len(claps) < seconds-2 || !offsets.Together(late) {
				t.Errorf("%d claps, sound comes after the picture by %v", len(claps), offsets)
			}
			alone(t, f.Name)
		})
	}
}

// alone checks that there is nothing beside some files.
func alone(t *testing.T, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(names[0]))
	if err != nil || len(entries) != len(names) {
		t.Errorf("beside %q there is %v (%v)", names, entries, err)
	}
}

// A publisher that comes back is another file.
func TestPublisherThatComesBack(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "talk.webm")
	r := receive(t, play.Options{Room: "again", Out: out})
	send(t, "again", "../clip/testdata/vp8.webm")
	r.waits("trying again", 1)
	r.waits("connected", 2)
	send(t, "again", "../clip/testdata/vp8.webm")
	r.waits("trying again", 2)
	r.stop()
	result, err := r.ends()
	if err != nil || len(result.Files) != 2 {
		t.Fatalf("%+v, %v", result, err)
	}
	second := filepath.Join(filepath.Dir(out), "talk-2.webm")
	if result.Files[0].Name != out || result.Files[1].Name != second {
		t.Errorf("kept %+v", result.Files)
	}
	for _, f := range result.Files {
		decodes(t, f.Name)
	}
	alone(t, out, second)
}

func TestNamesThatAreRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	there := filepath.Join(dir, "there.mp4")
	if err := os.WriteFile(there, []byte("of somebody"), 0o600); err != nil {
		t.Fatal(err)
	}
	for out, says := range map[string]string{
		there:                           "--force",
		filepath.Join(dir, "there"):     "--force", // it might get that ending
		"-":                             "pipe",
		filepath.Join(dir, "talk.avi"):  ".webm",
		filepath.Join(dir, "no", "dir"): "no such directory",
		dir:                             "name a file in it",
	} {
		_, err := play.Run(t.Context(), play.Options{Server: server(t), Room: "any", Out: out, Log: slog.New(slog.DiscardHandler)})
		var wrong *usage.Error
		if err == nil || !strings.Contains(err.Error(), says) || !errors.As(err, &wrong) && !errors.Is(err, play.ErrDisk) {
			t.Errorf("%s: %v", out, err)
		}
	}
	alone(t, there)
}

func TestFileIsReplacedByForceAlone(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "talk.webm")
	if err := os.WriteFile(out, []byte("of somebody"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := receive(t, play.Options{Room: "force", Out: out, Once: true, Force: true})
	if kept, err := os.ReadFile(out); err != nil || string(kept) != "of somebody" {
		t.Errorf("the file is replaced before there is another: %q, %v", kept, err)
	}
	send(t, "force", "../clip/testdata/vp8.webm")
	if _, err := r.ends(); err != nil {
		t.Fatal(err)
	}
	decodes(t, out)
	alone(t, out)
}

func TestMediaThatDoesNotGoIntoTheFile(t *testing.T) {
	t.Parallel()
	demo, err := clip.Demo()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	log := &rig.Journal{}
	var publishing sync.WaitGroup
	publishing.Go(func() {
		_, _ = publish.Run(ctx, publish.Options{Server: server(t), Room: "vp8", Clip: demo, Loop: true, Log: slog.New(slog.NewTextHandler(log, nil))})
	})
	defer publishing.Wait()
	defer stop()
	rig.Eventually(t, "publishing", func() bool { return log.Count("publishing") > 0 })
	out := filepath.Join(t.TempDir(), "talk.mp4")
	_, err = play.Run(t.Context(), play.Options{Server: server(t), Room: "vp8", Out: out, Log: slog.New(slog.DiscardHandler)})
	if !errors.Is(err, &client.Problem{Code: "no_common_codec"}) || !strings.Contains(err.Error(), "ending") {
		t.Error(err)
	}
	if entries, err := os.ReadDir(filepath.Dir(out)); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// A directory that cannot be written to ends the reception, which says so: also where it can be again before anybody looks,
// since what came meanwhile is missing.
func TestDiskThatFails(t *testing.T) {
	for name, recovers := range map[string]bool{"for good": false, "for a moment": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			room, dir := strings.ReplaceAll(name, " ", "-"), t.TempDir()
			publishDemo(t, room)
			r := receive(t, play.Options{Room: room, Out: filepath.Join(dir, "talk")})
			r.waits("receiving", 1)
			found, err := filepath.Glob(filepath.Join(dir, ".talk-*"))
			if err != nil || len(found) != 1 {
				t.Fatal(found, err)
			}
			if err := errors.Join(os.RemoveAll(found[0]), os.WriteFile(found[0], nil, 0o600)); err != nil {
				t.Fatal(err)
			}
			if recovers {
				r.waits("cannot be written", 1)
				if err := os.Remove(found[0]); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := r.ends(); !errors.Is(err, play.ErrDisk) {
				t.Error(err)
			}
		})
	}
}

// publishDemo publishes the built-in clip until the test ends.
func publishDemo(t *testing.T, room string) {
	t.Helper()
	demo, err := clip.Demo()
	if err != nil {
		t.Fatal(err)
	}
	at := server(t)
	ctx, stop := context.WithCancel(t.Context())
	var publishing sync.WaitGroup
	publishing.Go(func() {
		_, _ = publish.Run(ctx, publish.Options{Server: at, Room: room, Clip: demo, Loop: true})
	})
	t.Cleanup(func() { stop(); publishing.Wait() })
}

// What a play has left behind that was killed is told of, but not what belongs to one that runs, or to another file.
func TestLeftoversAreToldOf(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{".talk-1", ".talk-2", ".talk-show-3", ".speech-4"} {
		if err := os.MkdirAll(filepath.Join(dir, name, "PLAY"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	running, err := spool.Open(spool.Config{Dir: filepath.Join(dir, ".talk-2"), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer running.Close()
	_, log, err := execute(t, "leftovers", "--timeout", "300ms", "--out", filepath.Join(dir, "talk"))
	if !errors.Is(err, play.ErrNothing) {
		t.Error(err)
	}
	if log.Count("was killed") != 1 || log.Count(filepath.Join(dir, ".talk-1", "PLAY")) != 1 {
		t.Errorf("it says\n%s", log)
	}
	alone(t, filepath.Join(dir, ".talk-1"), ".talk-2", ".talk-show-3", ".speech-4")
}
