package rig_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"rostrum/cmd/rostrum/rig"
)

// shell returns a process that stands in for the program.
func shell(script string) *exec.Cmd { return exec.Command("sh", "-c", script) }

func TestServe(t *testing.T) {
	const serves = `echo "Rostrum is ready at http://localhost:1"; while :; do read -r line; done`
	for name, c := range map[string]struct{ script, want string }{
		"stops cleanly":               {`trap 'exit 0' INT; echo "It is ready at http://localhost:1"; while :; do sleep 0.01; done`, ""},
		"is gone before it is to be":  {`echo "It is ready at http://localhost:1"; echo why >&2; exec >&-; kill -9 $$`, "gone before"},
		"stops with another code":     {`trap 'exit 3' INT; echo "It is ready at http://localhost:1"; while :; do sleep 0.01; done`, "exit status 3"},
		"stops cleanly after a race":  {`trap 'exit 0' INT; echo "WARNING: DATA RACE" >&2; echo "It is ready at http://localhost:1"; while :; do sleep 0.01; done`, "race"},
		"stops by the signal instead": {serves, "signal: interrupt"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := rig.Serve(shell(c.script))
			if err != nil {
				t.Fatal(err)
			}
			if s.URL != "http://localhost:1" {
				t.Errorf("the server is at %q", s.URL)
			}
			if strings.HasPrefix(c.want, "gone") {
				<-s.Exited()
			}
			err = s.Stop()
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("Stop: %v, want %q", err, c.want)
			}
		})
	}
}

func TestServeOfOneThatDoesNotStart(t *testing.T) {
	_, err := rig.Serve(shell(`echo "the reason" >&2; exit 1`))
	if err == nil || !strings.Contains(err.Error(), "the reason") || !strings.Contains(err.Error(), "exit status 1") {
		t.Errorf("Serve: %v, want the exit code and the log", err)
	}
}

func TestKillTellsOfARace(t *testing.T) {
	p, err := rig.Start(shell(`echo "WARNING: DATA RACE"; while :; do sleep 0.01; done`))
	if err != nil {
		t.Fatal(err)
	}
	rig.Eventually(t, "it says so", func() bool { return p.Log.Count("RACE") > 0 })
	if err := p.Kill(); err == nil {
		t.Error("a race is no error")
	}
	if p.Err() == nil {
		t.Error("a process that was killed has ended well")
	}
}

func TestJournalKeepsTheEnd(t *testing.T) {
	var j rig.Journal
	for range 3 {
		_, _ = j.Write([]byte(strings.Repeat("x", 1<<19) + "\n")) // it never fails
	}
	_, _ = j.Write([]byte("the end"))
	if text := j.String(); len(text) != 1<<20 || !strings.HasSuffix(text, "x\nthe end") {
		t.Errorf("%d bytes are kept", len(text))
	}
	if n := j.Count("the end"); n != 1 {
		t.Errorf("the end is there %d times", n)
	}
}

func TestLines(t *testing.T) {
	const text = "level=WARN msg=first\nlevel=INFO msg=second\nlevel=ERROR level=WARN msg=third"
	got := rig.Lines(text, "level=WARN", "level=ERROR")
	if want := []string{"level=WARN msg=first", "level=ERROR level=WARN msg=third"}; !slices.Equal(got, want) {
		t.Errorf("Lines: %q, want %q", got, want)
	}
}
