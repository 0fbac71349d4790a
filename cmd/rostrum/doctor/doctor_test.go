package doctor

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"rostrum/cmd/rostrum/config"
)

// A check that hangs, whatever its context says, holds up nobody: the others are told.
func TestAHangingCheckIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		let := make(chan struct{})
		findings := examine(t.Context(), []Check{
			{"hangs", func(context.Context) Result { <-let; return ok("late") }},
			{"waits", func(ctx context.Context) Result { <-ctx.Done(); return warn("it was too slow", "wait") }},
			{"answers", func(context.Context) Result { return ok("at once") }},
		}, func(int, int) {})
		close(let)
		wants{Fail, "no answer within 15s", "file system"}.check(t, findings[0].Result)
		wants{Warn, "too slow", "wait"}.check(t, findings[1].Result)
		wants{OK, "at once", ""}.check(t, findings[2].Result)
		if worst(findings) != Fail || worst(findings[1:]) != Warn || worst(findings[2:]) != OK {
			t.Errorf("the worst of %+v is told wrongly", findings)
		}
	})
}

// That it was interrupted is nothing that it has found.
func TestInterruptedDoctorTellsNothing(t *testing.T) {
	ctx, interrupt := context.WithCancelCause(t.Context())
	why := errors.New("interrupted")
	interrupt(why)
	cmd := Command()
	var out strings.Builder
	cmd.SetOut(&out)
	cmd.SetErr(io.Discard)
	cmd.SetArgs([]string{"--http.addr", "127.0.0.1:0", "--webrtc.udp_addr", "127.0.0.1:0", "--webrtc.tcp_addr", "127.0.0.1:0"})
	if err := cmd.ExecuteContext(ctx); !errors.Is(err, why) || strings.Contains(out.String(), "FAIL") {
		t.Errorf("%v, and it prints\n%s", err, &out)
	}
}

// Nothing is made by looking, and what is missing before the first start is no fault.
func TestNothingIsMade(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, f := range examine(t.Context(), checks(defaults(func(*config.Config) {})), func(int, int) {}) {
		if f.Status == Fail && !strings.Contains(f.Seen, "address already in use") { // by another test's server
			t.Errorf("before the first start: %+v", f)
		}
	}
	left, err := os.ReadDir(".")
	if err != nil || len(left) > 0 {
		t.Errorf("there is %v (%v)", left, err)
	}
}

func TestReport(t *testing.T) {
	findings := []Finding{
		{"HTTP port", ok("%s is free", ":8080")},
		{"store", fail("there is no bucket\nin two lines", "create it")},
		{"clock", warn("it is not kept right", "timedatectl")},
	}
	var text, document strings.Builder
	if err := writeText(&text, findings); err != nil {
		t.Fatal(err)
	}
	if want := "" +
		"ok    HTTP port  :8080 is free\n" +
		"FAIL  store      there is no bucket\n" +
		"                 in two lines\n" +
		"                 Fix: create it\n" +
		"warn  clock      it is not kept right\n" +
		"                 Fix: timedatectl\n"; text.String() != want {
		t.Errorf("printed\n%s, want\n%s", &text, want)
	}
	if err := writeJSON(&document, findings[:1]); err != nil {
		t.Fatal(err)
	}
	if want := `{
  "status": "ok",
  "checks": [
    {
      "check": "HTTP port",
      "status": "ok",
      "seen": ":8080 is free"
    }
  ]
}
`; document.String() != want {
		t.Errorf("printed\n%s, want\n%s", &document, want)
	}
}
