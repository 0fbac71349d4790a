//go:build soak

package soak

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
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
	dir, err := os.MkdirTemp("", "rostrum-soak-*")
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

// soakFor is how long to run.
func soakFor(t *testing.T) time.Duration {
	t.Helper()
	written := os.Getenv("SOAK")
	if written == "" {
		return time.Minute
	}
	d, err := time.ParseDuration(written)
	if err != nil || d < 10*time.Second {
		t.Fatalf("SOAK=%s: give a duration of ten seconds or more, as 10m", written)
	}
	return d
}
