// Package rig runs the real program for tests from outside: it builds the binary once for
// all tests of a package, starts what users start, reads what it says, and stops or
// kills it.
//
//	func TestMain(m *testing.M) { os.Exit(rig.Tests{M: m, Parallel: 6}.Run()) }
//
//	func TestIt(t *testing.T) {
//		server, err := rig.Serve(rig.Command("serve", "--http.addr", "127.0.0.1:0"))
//		...
//		err = server.Stop()
//	}
package rig

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// buildPatience is how long the build may take where nothing is in Go's cache.
const buildPatience = 5 * time.Minute

// lockPause is how often it is looked whether somebody else has built it.
const lockPause = 100 * time.Millisecond

// executable is the program; folder is the tests' own, while they run.
var executable, folder string

// Tests builds the program and runs the tests of a package, which may then use all of
// this package.
type Tests struct {
	M interface{ Run() int }
	// Parallel is how many tests run at once unless -parallel says otherwise: nearly all
	// of them wait for a clock or for a network rather than for a core.
	Parallel int
}

// Run returns the exit code.
func (t Tests) Run() int {
	if err := t.prepare(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }() // it is in the system's temporary directory
	if err := build(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return t.M.Run()
}

func (t Tests) prepare() (err error) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		if err := flag.Set("test.parallel", strconv.Itoa(t.Parallel)); err != nil {
			return err
		}
	}
	folder, err = os.MkdirTemp("", "rostrum-rig-")
	return err
}

// build makes the program where the tests of every package find it. The first that comes
// builds it, the others wait, and find that it is up to date.
func build() error {
	ctx, cancel := context.WithTimeout(context.Background(), buildPatience)
	defer cancel()
	module, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return fmt.Errorf("find the module: %w", err)
	}
	bin := filepath.Join(strings.TrimSpace(string(module)), "bin", "rig"+strings.Join(buildFlags, ""))
	if err := os.MkdirAll(bin, 0o700); err != nil {
		return err
	}
	executable = filepath.Join(bin, "rostrum")
	lock := flock.New(executable + ".lock")
	if _, err := lock.TryLockContext(ctx, lockPause); err != nil {
		return fmt.Errorf("wait for who else builds the program: %w", err)
	}
	defer func() { _ = lock.Close() }() // it ends with the process
	args := append(append([]string{"build"}, buildFlags...), "-o", executable, "rostrum/cmd/rostrum")
	said, err := exec.CommandContext(ctx, "go", args...).CombinedOutput() //nolint:gosec // the words are ours
	if err != nil {
		return fmt.Errorf("build the program: %w\n%s", err, said)
	}
	return nil
}

// Executable returns the path of the program.
func Executable() string { return executable }

// Folder returns a directory for what the tests of the package share. It goes with them.
func Folder() string { return folder }

// Command returns a run of the program that has not begun.
func Command(args ...string) *exec.Cmd {
	return exec.Command(Executable(), args...) //nolint:gosec,noctx // the program that was built; Stop and Kill end it
}
