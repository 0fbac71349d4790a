package publish

import (
	"bytes"
	"strings"
	"testing"
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
