package bench

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "rewrite testdata")

// aReport has three runs, of which the second is the median of most figures.
func aReport() *Report {
	r := &Report{
		Machine: Machine{CPU: "A Processor", Cores: 2, Kernel: "linux 6.18", Go: "go1.26", Date: "2026-11-22", Commit: "0123456789ab"},
		Setup:   Setup{Server: "own", Cores: 1, Codec: "h264", Bitrate: 2500, FPS: 30},
	}
	for i := range 3 {
		by := 1 + float64(i)/10
		r.Runs = append(r.Runs, Run{
			Subscribers: 100, Seconds: 10, BenchCores: 0.1 * by, Refusals: map[int]int{},
			Packets:     Packets{Sent: 3330, Expected: 333_000, Received: 332_667, Loss: 0.001},
			Latency:     &Latency{P50: 0.5 * by, P99: 3 * by, P999: 4 * by, Max: 5 * by, Packets: 26_000},
			FirstPacket: Percentiles{10, 20}, FirstVideo: Percentiles{25 * by, 80},
			Server: &ServerFigure{Cores: 0.05 * by, PacketMicros: 1.5 * by, Wakeups: 900, Memory: 60 << 20, PerSubscriber: 350_000},
		})
	}
	r.summarize()
	return r
}

func TestReports(t *testing.T) {
	idle := aReport()
	idle.Setup.Idle, idle.Runs = true, idle.Runs[:1]
	idle.Runs[0].Packets, idle.Runs[0].Latency = Packets{}, nil
	idle.summarize()

	doubtful := aReport()
	doubtful.Setup.Server = "http://127.0.0.1:8080"
	doubtful.Runs[0].Server, doubtful.Runs[0].Blind = nil, 2
	doubtful.Runs[1].Packets.DroppedHere, doubtful.Runs[1].Packets.Unreadable = 7, 9
	doubtful.Runs[2].Refusals = map[int]int{503: 4, 429: 11}

	for name, write := range map[string]func(io.Writer) error{
		"runs.txt": aReport().Table, "runs.md": aReport().Markdown, "runs.json": aReport().JSON,
		"idle.txt": idle.Table, "idle.md": idle.Markdown, "doubtful.txt": doubtful.Table,
	} {
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(golden, out.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(out.Bytes(), want) {
			t.Errorf("%s (go test -update rewrites it) is now\n%s", name, &out)
		}
	}
}

// TestFiguresAreInJSON reads what programs read.
func TestFiguresAreInJSON(t *testing.T) {
	var out bytes.Buffer
	if err := aReport().JSON(&out); err != nil {
		t.Fatal(err)
	}
	var read struct{ Median map[string]float64 }
	if err := json.Unmarshal(out.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	for _, f := range figures {
		if _, ok := read.Median[f.key]; !ok {
			t.Errorf("%s is missing", f.key)
		}
	}
	if got := read.Median["server_us_per_packet"]; got < 1.649 || got > 1.651 {
		t.Errorf("the median of 1.5, 1.65 and 1.8 is %v", got)
	}
	if got := median([]float64{1, 2, 4, 8}); got != 3 {
		t.Errorf("the median of 1, 2, 4 and 8 is %v", got)
	}
}
