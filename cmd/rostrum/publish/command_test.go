package publish

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"rostrum/api/client"
)

func TestCommandPublishesAFile(t *testing.T) {
	s := newServer(t)
	t.Setenv("ROSTRUM_SERVER", s.url())
	t.Setenv("ROSTRUM_TOKEN", token)
	cmd := Command()
	var log bytes.Buffer
	cmd.SetErr(&log)
	cmd.SetOut(&log)
	cmd.SetArgs([]string{"../clip/testdata/vp8.webm", "lobby"})
	if err := cmd.Execute(); err != nil {
		t.Fatal(err)
	}
	if room := wait(t, s.offers, "an offer"); room != "lobby" {
		t.Errorf("published into %q", room)
	}
	wait(t, s.deleted, "DELETE")
	for _, want := range []string{"publishing", "VP8+opus", "the clip is over"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log doesn't tell %q:\n%s", want, &log)
		}
	}
}

func TestCommandErrorsAreShort(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
	}{
		{nil, "name a file and a room"},
		{[]string{"lobby"}, "name a file and a room"},
		{[]string{"--demo"}, "the room"},
		{[]string{"--demo", "file", "lobby"}, "one argument"},
		{[]string{"--demo", "no spaces"}, "not a room name"},
		{[]string{"none.webm", "lobby"}, "none.webm"},
		{[]string{"--loop", "--once", "--demo", "lobby"}, "loop once"},
		{[]string{"--fps", "-1", "none.webm", "lobby"}, "1 to 240"},
	} {
		cmd := Command()
		var out bytes.Buffer
		cmd.SetErr(&out)
		cmd.SetOut(&out)
		cmd.SetArgs(c.args)
		err := cmd.Execute()
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v", c.args, err)
		}
		if strings.Contains(out.String(), "Flags:") {
			t.Errorf("%q: the usage is printed:\n%s", c.args, &out)
		}
	}
}

// What was sent is told at the end as one line of JSON, also where sessions had to follow each other.
func TestCommandTellsWhatWasSent(t *testing.T) {
	s := newServer(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	cmd := Command()
	var out bytes.Buffer
	cmd.SetOut(&out)
	cmd.SetErr(io.Discard)
	cmd.SetArgs([]string{"--json", "--loop", "--server", s.url(), "--token", token, "../clip/testdata/vp8.webm", "lobby"})
	done := make(chan error, 1)
	var running sync.WaitGroup
	defer running.Wait()
	running.Go(func() { done <- cmd.ExecuteContext(ctx) })
	for range 2 {
		wait(t, s.offers, "a session")
		wait(t, s.packets, "media")
		s.hangUp()
	}
	wait(t, s.offers, "the last session")
	for len(s.packets) > 0 {
		<-s.packets // of the sessions before
	}
	wait(t, s.packets, "media")
	stop()
	if err := wait(t, done, "the end"); err != nil {
		t.Error(err)
	}
	var told struct {
		Room, Session string
		Reconnections int
		Seconds       float64
		Bytes         int64
	}
	if err := json.Unmarshal(out.Bytes(), &told); err != nil || strings.Count(out.String(), "\n") != 1 {
		t.Fatalf("%q: %v", &out, err)
	}
	if told.Room != "lobby" || told.Session != "3" || told.Reconnections != 2 || told.Seconds <= 0 || told.Bytes <= 0 {
		t.Errorf("%+v", told)
	}
}

// What was refused is told as well: nothing was sent.
func TestCommandTellsThatNothingWasSent(t *testing.T) {
	s := newServer(t)
	s.refuse = func(int) int { return http.StatusConflict }
	cmd := Command()
	var out bytes.Buffer
	cmd.SetOut(&out)
	cmd.SetErr(io.Discard)
	cmd.SetArgs([]string{"--json", "--retry=false", "--demo", "--server", s.url(), "--token", token, "lobby"})
	if err := cmd.Execute(); !errors.Is(err, &client.Problem{Code: "room_busy"}) {
		t.Error(err)
	}
	if want := `{"room":"lobby","reconnections":0,"seconds":0,"bytes":0}` + "\n"; out.String() != want {
		t.Errorf("it prints %q, want %q", &out, want)
	}
}
