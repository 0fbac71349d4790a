package keeping

import (
	"bytes"
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"rostrum/cmd/rostrum/rig"
)

// crowd is a `rostrum bench`: a publisher and many subscribers, of which every packet is
// counted.
type crowd struct {
	*rig.Process
	out *bytes.Buffer // to be read when it has ended
}

// measured is what a crowd has seen.
type measured struct {
	Packets struct {
		Expected, Received uint64
		Dropped            uint64 `json:"dropped_by_bench"` // on their way within the crowd's own process
		Unreadable         uint64
	}
	Latency struct{ P99, Max float64 } `json:"latency_ms"`
	Blind   int                        `json:"without_video"`
}

// crowd begins to publish into a room and to watch it, so many subscribers for so long,
// and returns when all of them are connected and counted.
func (s *stand) crowd(room string, subscribers int, long time.Duration) *crowd {
	s.t.Helper()
	cmd := s.command("bench", "--url", s.url, "--room", room, "--json", "--bitrate", "300",
		"--subscribers", strconv.Itoa(subscribers), "--settle", "500ms", "--duration", long.String())
	cmd.Env = append(cmd.Env, "ROSTRUM_TOKEN="+operator)
	c := &crowd{out: &bytes.Buffer{}}
	cmd.Stdout = c.out
	var err error
	if c.Process, err = rig.Start(cmd); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = c.Kill() }) // it has ended unless the test has failed
	rig.Eventually(s.t, "the crowd is counted", func() bool { return c.Log.Count("measuring") > 0 || c.gone() })
	return c
}

func (c *crowd) gone() bool {
	select {
	case <-c.Exited():
		return true
	default:
		return false
	}
}

// check waits until the crowd has gone home, and checks that each of its packets came to
// each of it.
func (c *crowd) check(t *testing.T) {
	t.Helper()
	if err := c.Err(); err != nil {
		t.Fatalf("the crowd: %v\n%s", err, c.Log)
	}
	var report struct{ Runs []measured }
	if err := json.Unmarshal(c.out.Bytes(), &report); err != nil || len(report.Runs) != 1 {
		t.Fatalf("the crowd's report: %v in %s", err, c.out)
	}
	m := report.Runs[0]
	t.Logf("%d packets came to the crowd, the latency was %.1f ms (p99) and %.1f ms (max)", m.Packets.Received, m.Latency.P99, m.Latency.Max)
	if p := m.Packets; p.Expected == 0 || p.Expected != p.Received+p.Dropped || p.Unreadable > 0 || m.Blind > 0 {
		t.Errorf("the crowd has noticed something: %+v", m)
	}
}
