package objectserver

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/gofrs/flock"
)

// binary returns the path of a server that is a tool of the module "tools". It is
// built when there is none of the versions that the module names, which takes
// minutes on a new machine, and kept in the user's cache. Processes wait for one
// another, so that it is built once.
func binary(t testing.TB, tool string) string {
	t.Helper()
	module, err := toolsModule()
	if err != nil {
		t.Fatal(err)
	}
	name, err := binaryPath(module, tool)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	held := flock.New(name + ".lock")
	if err := held.Lock(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = held.Unlock() }() // ends with the process as well
	if _, err := os.Stat(name); err == nil {
		return name
	}
	if err := build(t.Context(), module, tool, name); err != nil {
		t.Fatal(err)
	}
	return name
}

// build has the binary in its place whole or not at all.
func build(ctx context.Context, module, tool, name string) error {
	aside, err := os.MkdirTemp(filepath.Dir(name), "build-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(aside) }()
	built := filepath.Join(aside, path.Base(tool))
	cmd := exec.CommandContext(ctx, "go", "build", "-C", module, "-o", built, tool)
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s, which tests need: %w\n%s", tool, err, out)
	}
	return os.Rename(built, name)
}

// toolsModule finds the directory of the module above the one that tests run in.
func toolsModule() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		tools := filepath.Join(dir, "tools")
		if _, err := os.Stat(filepath.Join(tools, "go.mod")); err == nil {
			return tools, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no tools/go.mod above the working directory: run tests in the checkout")
		}
		dir = parent
	}
}

// binaryPath is another one for other versions of anything in it.
func binaryPath(module, tool string) (string, error) {
	sums, err := os.ReadFile(filepath.Join(module, "go.sum"))
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	versions := sha256.Sum256(append(sums, runtime.Version()...))
	return filepath.Join(cache, "rostrum-test", path.Base(tool)+"-"+hex.EncodeToString(versions[:8])), nil
}
