package play_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rostrum/api/client"
	"rostrum/cmd/rostrum/play"
	"rostrum/cmd/rostrum/rig"
)

// execute runs the command with a log that may be read meanwhile.
func execute(t *testing.T, args ...string) (out string, log *rig.Journal, err error) {
	t.Helper()
	var result bytes.Buffer
	log = &rig.Journal{}
	cmd := play.Command()
	cmd.SetOut(&result)
	cmd.SetErr(log)
	cmd.SetArgs(append([]string{"--server", live.URL, "--token", token}, args...))
	err = cmd.ExecuteContext(t.Context())
	return result.String(), log, err
}

func TestNothingComes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out, log, err := execute(t, "nobody", "--timeout", "10s", // time enough to be connected
		"--out", filepath.Join(dir, "talk"))
	if !errors.Is(err, play.ErrNothing) || !strings.Contains(err.Error(), "nobody") || !strings.Contains(err.Error(), "--timeout") {
		t.Error(err)
	}
	if out != "" || strings.Contains(log.String(), "\x1b") {
		t.Errorf("standard output %q, log %q", out, log)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// Where there is no connection, nobody is told to look for a publisher.
func TestServerThatIsAway(t *testing.T) {
	t.Parallel()
	const away = "http://127.0.0.1:1"                                     // nobody ever listens there
	_, _, err := execute(t, "lobby", "--timeout", "3s", "--server", away) // time enough to be refused
	if !errors.Is(err, client.ErrUnreachable) || !strings.Contains(err.Error(), "3s") || strings.Contains(err.Error(), "publishing") {
		t.Error(err)
	}
}

// A server that takes the request and says nothing is away: it is not that nobody publishes.
func TestServerThatSaysNothing(t *testing.T) {
	t.Parallel()
	over := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-over }))
	defer silent.Close()
	defer close(over)
	_, _, err := execute(t, "lobby", "--timeout", "300ms", "--server", silent.URL)
	if !errors.Is(err, play.ErrNothing) || !errors.Is(err, client.ErrUnreachable) || strings.Contains(err.Error(), "publishing") {
		t.Error(err)
	}
}

func TestCommandTellsWhatCame(t *testing.T) {
	t.Parallel()
	r := receive(t, play.Options{Room: "told", Once: true}) // so that the room is there, and nothing else is known of it
	done := make(chan struct{})
	var (
		out string
		err error
	)
	go func() {
		defer close(done)
		out, _, err = execute(t, "told", "--json", "--duration", "1500ms")
	}()
	t.Cleanup(func() { <-done })
	send(t, "told", "../clip/testdata/vp8.webm")
	send(t, "told", "../clip/testdata/vp8.webm")
	rig.Wait(t, "the end of the command", done)
	var result play.Result
	if err := errors.Join(err, json.Unmarshal([]byte(out), &result)); err != nil {
		t.Fatal(err, out)
	}
	if result.Room != "told" || result.Session == "" || result.Bytes == 0 || result.Seconds <= 0 || len(result.Files) != 0 {
		t.Errorf("%+v", result)
	}
	if _, err := r.ends(); err != nil {
		t.Error(err)
	}
}

func TestCommandThatIsUsedWrongly(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
	}{
		{nil, "name a room"},
		{[]string{"a", "b"}, "name a room"},
		{[]string{"no room"}, "not a room name"},
		{[]string{"lobby", "--timeout", "-1s"}, "--timeout"},
		{[]string{"lobby", "--server", "http://host?token=hunter2"}, "logged"},
		{[]string{"lobby", "--json", "--out", t.TempDir()}, "directory"},
	} {
		out, _, err := execute(t, c.args...)
		if out != "" {
			t.Errorf("%q prints %q", c.args, out)
		}
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", c.args, err)
		}
	}
}
