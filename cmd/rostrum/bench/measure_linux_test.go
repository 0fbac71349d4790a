package bench

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	testrig "rostrum/cmd/rostrum/rig"
)

var executable string // the server, as built

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run builds the server, whose processes the tests measure.
func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	executable = filepath.Join(folder, "rostrum")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	if said, err := exec.CommandContext(ctx, "go", "build", "-o", executable, "rostrum/cmd/rostrum").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the server: %v\n%s", err, said)
		return 1
	}
	return m.Run()
}

func small() Options {
	return Options{
		Target: Target{Room: "bench", Cores: 1, executable: executable},
		Stream: Stream{Codec: "h264", Bitrate: 2500, FPS: 30},
		Load:   Load{Subscribers: 3, Probes: 2, Joining: 2, Duration: 2 * time.Second},
		Runs:   1,
		Within: time.Minute,
	}
}

// TestMeasure measures a real server in small, in each codec, and finds that nothing is lost and nothing left. The stream is
// thin: every socket's buffer holds more than a second of it, in which a busy machine may do something else.
func TestMeasure(t *testing.T) {
	before := goleak.IgnoreCurrent()
	for _, codec := range []string{"h264", "vp8"} {
		o := small()
		o.Stream.Codec, o.Stream.Bitrate = codec, 300
		delay := testrig.WatchDelay()
		report, err := Measure(t.Context(), o, newProgress(t.Output()))
		if err != nil {
			t.Fatal(err)
		}
		r := report.Runs[0]
		const frames = 30 + 50 // pictures and pieces of sound a second, a packet each at least
		least := max(50, uint64(max(0, (r.Seconds-delay.Sum().Seconds())*frames*0.9)))
		if p := r.Packets; p.Loss != 0 || p.Received != 3*p.Sent || p.Sent < least || p.Unreadable != 0 || p.DroppedHere != 0 {
			t.Errorf("%s: packets %+v", codec, p)
		}
		if l := r.Latency; l == nil || l.Packets != 2*r.Packets.Sent || l.P50 <= 0 || l.P50 > l.P99 || l.P99 > l.P999 || l.P999 > l.Max {
			t.Errorf("%s: latency %+v of %d packets", codec, l, r.Packets.Sent)
		}
		if r.Blind != 0 || r.FirstPacket.P50 <= 0 || r.FirstVideo.P50 < r.FirstPacket.P50 {
			t.Errorf("%s: %d without video, first packet %+v, first video %+v", codec, r.Blind, r.FirstPacket, r.FirstVideo)
		}
		if s := r.Server; s == nil || s.PacketMicros <= 0 || s.PerSubscriber <= 0 || s.Wakeups <= 0 || math.IsNaN(s.Cores) {
			t.Errorf("%s: server %+v", codec, s)
		}
		if w := report.warnings(); len(w) != 0 {
			t.Errorf("%s: %q", codec, w)
		}
	}
	goleak.VerifyNone(t, before)
}

func TestMeasureIdleSubscribers(t *testing.T) {
	o := small()
	o.Load.Idle = true
	report, err := Measure(t.Context(), o, newProgress(t.Output()))
	if err != nil {
		t.Fatal(err)
	}
	if r := report.Runs[0]; r.Packets != (Packets{}) || r.Latency != nil || r.Server == nil || r.Seconds < 2 {
		t.Errorf("%+v, server %+v", r, r.Server)
	}
}

// TestRefusalsAreObeyed joins a server that lets in one in two seconds, and one that lets in two at all.
func TestRefusalsAreObeyed(t *testing.T) {
	o := small()
	o.Load.Duration, o.Load.Patience, o.Load.Joining = 100*time.Millisecond, time.Minute, 3
	o.Target.settings = []string{"--limits.play", "1/2s"} // two of the three who come at once wait
	report, err := Measure(t.Context(), o, newProgress(t.Output()))
	if err != nil {
		t.Fatal(err)
	}
	if r := report.Runs[0]; r.Refusals[429] == 0 || r.Packets.Received != 3*r.Packets.Sent {
		t.Errorf("refusals %v, packets %+v", r.Refusals, r.Packets)
	}
	if w := strings.Join(report.warnings(), "\n"); !strings.Contains(w, "--limits.play off") {
		t.Errorf("it is not explained: %q", w)
	}
	o.Load.Patience, o.Load.Joining = 0, 2
	o.Target.settings = []string{"--limits.max_subscribers_per_room", "2"}
	if _, err := Measure(t.Context(), o, newProgress(t.Output())); err == nil || !strings.Contains(err.Error(), "2 of 3 subscribers joined") ||
		!strings.Contains(err.Error(), "limits.max_subscribers_per_room") {
		t.Errorf("a full room: %v", err)
	}
}

// TestSearchOfAServerThatTakesFour finds its limit by real trials, whose figures are those of a machine that may be busy.
func TestSearchOfAServerThatTakesFour(t *testing.T) {
	o := small()
	o.Search, o.bounds = true, bounds{loss: 1, p99: math.Inf(1)}
	o.Load.Duration = time.Second
	o.Target.settings = []string{"--limits.max_subscribers_per_room", "4"}
	report, err := Measure(t.Context(), o, newProgress(t.Output()))
	if err != nil {
		t.Fatal(err)
	}
	if report.Runs[0].Subscribers != 4 || len(report.Trials) != 4 {
		t.Errorf("found %d by %v", report.Runs[0].Subscribers, report.Trials)
	}
}

// TestAServerThatEndsIsTold kills the server while it is measured.
func TestAServerThatEndsIsTold(t *testing.T) {
	before := goleak.IgnoreCurrent()
	r, err := setUp(t.Context(), small(), newProgress(t.Output()))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.crowd.grow(r.alive, 2); err != nil {
		t.Error(err)
	}
	if err := r.own.process.Process.Signal(syscall.SIGKILL); err != nil {
		t.Error(err)
	}
	if _, err := r.window(); err == nil || !strings.Contains(err.Error(), "the server ended: signal: killed") {
		t.Errorf("the window says %v", err)
	}
	if err := r.close(); err == nil {
		t.Error("all is in order at the end")
	}
	goleak.VerifyNone(t, before)
}

func TestWhatDoesNotStartIsTold(t *testing.T) {
	o := small()
	o.Target.settings = []string{"--http.addr", "nonsense"}
	if _, err := Measure(t.Context(), o, newProgress(t.Output())); err == nil || !strings.Contains(err.Error(), "http.addr") {
		t.Errorf("a server with wrong settings: %v", err)
	}
	o.Target.executable = filepath.Join(t.TempDir(), "none")
	if _, err := Measure(t.Context(), o, newProgress(t.Output())); err == nil || !strings.Contains(err.Error(), "start a server") {
		t.Errorf("no executable: %v", err)
	}
}
