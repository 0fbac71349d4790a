package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

const (
	helpFolder = "testdata/help"
	reference  = "../../docs/cli.md"
)

// TestHelp holds the help of every command: a change of the command line shows in review.
// docs/cli.md is made of the same texts. UPDATE=1 writes both.
func TestHelp(t *testing.T) {
	for _, name := range []string{"ROSTRUM_SERVER", "ROSTRUM_TOKEN", "ROSTRUM_CONFIG"} {
		t.Setenv(name, "")
	}
	update := os.Getenv("UPDATE") != ""
	if update {
		if err := os.RemoveAll(helpFolder); err != nil {
			t.Fatal(err)
		}
	}
	known := map[string]bool{}
	var document strings.Builder
	document.WriteString("# Command line\n\nMade from the program's own help by `UPDATE=1 go test -run TestHelp ./cmd/rostrum`; a test holds that it is so.\n")
	everywhere(rootCommand(io.Discard, io.Discard), func(cmd *cobra.Command) {
		if cmd.Hidden {
			return
		}
		path := cmd.CommandPath()
		got := line(t, append(strings.Fields(path)[1:], "--help")...)
		if got.exit != exitDone || got.err != "" || got.out == "" {
			t.Fatalf("%s --help: %+v", path, got)
		}
		name := strings.ReplaceAll(path, " ", "-") + ".txt"
		known[name] = true
		fmt.Fprintf(&document, "\n## %s\n\n```text\n%s\n```\n", path, strings.TrimSpace(got.out))
		hold(t, filepath.Join(helpFolder, name), got.out, update)
		if cmd.HasParent() && cmd.Runnable() && !generated(cmd) && !strings.Contains(got.out, "\nExamples:\n") {
			t.Errorf("%s has no examples", path)
		}
	})
	hold(t, reference, document.String(), update)
	files, err := filepath.Glob(helpFolder + "/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !known[filepath.Base(file)] {
			t.Errorf("%s is of a command that is gone", file)
		}
	}
}

// generated reports whether a command is cobra's own, which has its examples in its text.
func generated(cmd *cobra.Command) bool {
	return cmd.Name() == "completion" || cmd.Parent().Name() == "completion"
}

// hold compares a file with what it should be.
func hold(t *testing.T, path, want string, update bool) {
	t.Helper()
	if update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	held, err := os.ReadFile(path)
	if err != nil || string(held) != want {
		t.Errorf("%s is stale (%v): UPDATE=1 go test -run TestHelp ./cmd/rostrum", path, err)
	}
}

// The topic is no command, and help finds it.
func TestHelpTopics(t *testing.T) {
	if got := line(t, "help", "exit-codes"); got.exit != exitDone || !strings.Contains(got.out, "130  interrupted") {
		t.Errorf("%+v", got)
	}
	if got := line(t, "help", "migrate", "up"); got.exit != exitDone || !strings.Contains(got.out, "rostrum migrate up") {
		t.Errorf("%+v", got)
	}
}
