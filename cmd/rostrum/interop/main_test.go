//go:build interop

package interop

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// rostrum is the program under test, built once for all tests.
var rostrum string

// TestMain builds the program that users start.
func TestMain(m *testing.M) {
	code, err := runWithProgram(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(code)
}

func runWithProgram(m *testing.M) (code int, err error) {
	if _, err := os.Stat("clients/node_modules"); err != nil {
		return 0, fmt.Errorf("the clients are not installed, run \"make interop\" or \"npm install\" in clients/: %w", err)
	}
	dir, err := os.MkdirTemp("", "rostrum-interop-*")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	rostrum = filepath.Join(dir, "rostrum")
	build := exec.Command("go", "build", "-o", rostrum, "rostrum/cmd/rostrum")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return 0, fmt.Errorf("build rostrum: %w", err)
	}
	return m.Run(), nil
}
