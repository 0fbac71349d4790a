package disk_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"rostrum/domain"
	"rostrum/ports"
)

// TestDirectoryGone has the store's directory removed, as when its disk is not
// mounted, and made again.
func TestDirectoryGone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	o := open(t, dir)
	mustPut(t, o, "before", "x")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	_, stat := o.Stat(t.Context(), "before")
	_, opened := o.Open(t.Context(), "before", 0, -1)
	for call, err := range map[string]error{
		"Put": put(t, o, "key", "x"), "Stat": stat, "Open": opened, "Delete": o.Delete(t.Context(), "before"), "Check": o.Check(t.Context()),
	} {
		says(t, call, err, dir, "is gone", "mount its disk")
		if errors.Is(err, ports.ErrNoObject) {
			t.Errorf("%s says that there is no object", call)
		}
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(o.Check(t.Context()), put(t, o, "key", "x")); err != nil {
		t.Errorf("when the directory is back: %v", err)
	}
	if found := files(t, dir); len(found) != 1 {
		t.Errorf("there are %q, want the object alone", found)
	}
}

// TestSymbolicLinks has links in the store to a directory, a file and nothing outside
// of it, and to an object in it.
func TestSymbolicLinks(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	secret := filepath.Join(outside, "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := open(t, dir)
	mustPut(t, o, "own", "x")
	for name, target := range map[string]string{"room": outside, "leak": secret, "nowhere": filepath.Join(outside, "new"), "alias": "own"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []domain.ObjectKey{"room/secret", "room/new", "room/new/new", "leak", "nowhere", "alias"} {
		_, stat := o.Stat(t.Context(), key)
		r, opened := o.Open(t.Context(), key, 0, -1)
		if opened == nil {
			got, _ := io.ReadAll(r)
			t.Errorf("Open of %s reads %q", key, got)
		}
		for call, err := range map[string]error{
			"Stat": stat, "Open": opened, "Put": put(t, o, key, "x"), "Delete": o.Delete(t.Context(), key),
		} {
			says(t, call+" of "+string(key), err, string(key), "symbolic link")
		}
	}
	if found := files(t, outside); len(found) != 1 {
		t.Errorf("outside are %q, want the secret alone", found)
	}
	if got, err := os.ReadFile(secret); err != nil || string(got) != "secret" {
		t.Errorf("the secret is %q (%v)", got, err)
	}
}
