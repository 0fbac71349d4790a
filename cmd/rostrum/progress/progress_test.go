package progress

import (
	"bytes"
	"strconv"
	"sync"
	"testing"
)

// Where there is no terminal, each phase is a line, what is to stay is one, and there is no
// control code.
func TestLines(t *testing.T) {
	var out bytes.Buffer
	line := New(&out)
	for i := range 100 {
		line.Count("joining", i, 100)
	}
	line.Say("careful")
	line.Tell("measuring", "now")
	line.End()
	if want := "joining: 0 of 100\ncareful\nmeasuring: now\n"; out.String() != want || line.Terminal() {
		t.Errorf("it says\n%q, want\n%q", &out, want)
	}
}

func TestNobodyIsTold(t *testing.T) {
	var line *Line
	line.Tell("nobody", "listens")
	line.Count("nobody", 1, 2)
	line.Say("a word")
	line.End()
	if line.Terminal() {
		t.Error("nobody is a terminal")
	}
}

// On a terminal a phase is one line, drawn anew, that leaves nothing behind, whoever tells.
func TestDrawing(t *testing.T) {
	var out bytes.Buffer
	line := New(&out)
	line.terminal = true
	var all sync.WaitGroup
	for i := range 10 {
		all.Go(func() { line.Count("joining", i, 100); line.Tell("measuring", strconv.Itoa(i)) })
	}
	all.Wait()
	line.Say("careful")
	line.End()
	drawn := out.Bytes()
	if !bytes.Contains(drawn, []byte("joining")) || !bytes.Contains(drawn, []byte("measuring")) || !bytes.HasSuffix(drawn, []byte("\x1b[2K\rcareful\n")) {
		t.Errorf("it draws %q", drawn)
	}
	if n := bytes.Count(drawn, []byte("\n")); n != 1 {
		t.Errorf("it leaves %d lines, want 1: %q", n, drawn)
	}
}
