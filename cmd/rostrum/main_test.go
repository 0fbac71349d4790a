package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// asProgram has the binary of the tests be the program, for tests from outside: a process
// with arguments, signals and an exit code of its own.
const asProgram = "ROSTRUM_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(execute(os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// commandOf returns a run of the program in a directory of its own.
func commandOf(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), executable, args...)
	cmd.Dir, cmd.Env = t.TempDir(), append(os.Environ(), asProgram+"=1")
	return cmd
}

// onPath makes a directory in which the program is called rostrum, as where it is installed.
func onPath(t *testing.T) (dir string) {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	if err := os.Symlink(executable, filepath.Join(dir, "rostrum")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// said is what a command line has come to.
type said struct {
	exit     int
	out, err string
}

// line runs a command line in this process.
func line(t *testing.T, args ...string) said {
	t.Helper()
	var out, errOut bytes.Buffer
	exit := execute(args, &out, &errOut)
	return said{exit, out.String(), errOut.String()}
}
