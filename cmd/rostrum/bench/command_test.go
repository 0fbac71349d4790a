package bench

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCommandErrorsAreShort(t *testing.T) {
	for _, c := range []struct {
		args string
		says string
	}{
		{"--subscribers 0", "--subscribers 0: use a number from 1"},
		{"--codec av1", "use h264 or vp8"},
		{"--duration 1ms", "use 100ms"},
		{"--bitrate 5", "--bitrate 5"},
		{"--max --idle", "leave --idle out"},
		{"--json --markdown", "json markdown"},
		{"--url https://live.example.com", "--yes-this-is-my-server"},
		{"--url http://10.0.0.1:8080", "--yes-this-is-my-server"},
		{"--url http://user:hunter2@localhost", "ROSTRUM_TOKEN"},
		{"--url localhost:8080", "must be like http://"},
		{"--url http://localhost --room no/room", "not a room name"},
		{"--url http://127.0.0.1:1 --token t", "can't be reached"},
		{"extra", "extra"},
	} {
		cmd := Command()
		var out bytes.Buffer
		cmd.SetErr(&out)
		cmd.SetOut(&out)
		cmd.SetArgs(strings.Fields(c.args))
		err := cmd.Execute()
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", c.args, err)
		}
		if strings.Contains(out.String(), "Flags:") {
			t.Errorf("%s: the usage is printed:\n%s", c.args, &out)
		}
	}
}

func TestTokenIsFoundWhereItIsMeantToBe(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("ROSTRUM_TOKEN", "")
	if err := os.Mkdir("data", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("data", "token"), []byte("minted\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ said, environment, url, want string }{
		{"", "", "http://localhost:8080", "minted"},
		{"", "", "https://live.example.com", ""},
		{"", "environment", "https://live.example.com", "environment"},
		{"flag", "environment", "http://localhost:8080", "flag"},
	} {
		t.Setenv("ROSTRUM_TOKEN", c.environment)
		if got, err := findToken(Target{URL: c.url, Token: c.said}); err != nil || got != c.want {
			t.Errorf("%+v: %q, %v", c, got, err)
		}
	}
}

func TestProgressIsLinesWhereThereIsNoTerminal(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out)
	for i := range 100 {
		p.tell("joining", "%d of 100", i)
	}
	p.warn("careful")
	p.tell("measuring", "now")
	p.end()
	if want := "joining: 0 of 100\ncareful\nmeasuring: now\n"; out.String() != want {
		t.Errorf("progress is\n%q, want\n%q", &out, want)
	}
	new(Progress).tell("nobody", "listens")
}
