package recording

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// parallel is how many tests run at once, unless -parallel says otherwise: nearly all
// of them wait for the clock of a clip rather than for a core.
const parallel = 6

// executable is the program, as built.
var executable string

func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		_ = flag.Set("test.parallel", strconv.Itoa(parallel)) // it is a number
	}
	os.Exit(run(m))
}

// run builds the program and runs the tests.
func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "recording")
	if err != nil {
		return complain(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	executable = filepath.Join(dir, "rostrum")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	build := exec.CommandContext(ctx, "go", append(append([]string{"build"}, buildFlags...), "-o", executable, "rostrum/cmd/rostrum")...)
	if said, err := build.CombinedOutput(); err != nil {
		return complain(fmt.Errorf("build the program: %w\n%s", err, said))
	}
	return m.Run()
}

func complain(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}
