package disk_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rostrum/adapters/disk"
	"rostrum/domain"
	"rostrum/ports"
	"rostrum/ports/porttest"
)

func TestObjects(t *testing.T) {
	porttest.Objects(t, func(t *testing.T) ports.Objects {
		dir := t.TempDir()
		t.Cleanup(func() { noPartials(t, dir) })
		return open(t, dir)
	})
}

func open(t *testing.T, dir string) *disk.Objects {
	t.Helper()
	o, err := disk.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// text is content of a few letters, or many.
func text(s string) ports.Content {
	sum := sha256.Sum256([]byte(s))
	return ports.Content{
		Type: "text/plain", Size: int64(len(s)), SHA256: hex.EncodeToString(sum[:]),
		CRC32C: crc32.Checksum([]byte(s), crc32.MakeTable(crc32.Castagnoli)),
		Open:   func() (ports.SpoolFile, error) { return spoolFile{bytes.NewReader([]byte(s))}, nil },
	}
}

type spoolFile struct{ *bytes.Reader }

func (spoolFile) Close() error { return nil }

func put(t *testing.T, o *disk.Objects, key domain.ObjectKey, s string) error {
	t.Helper()
	return o.Put(t.Context(), key, text(s), func(int64) {})
}

func mustPut(t *testing.T, o *disk.Objects, key domain.ObjectKey, s string) {
	t.Helper()
	if err := put(t, o, key, s); err != nil {
		t.Fatal(err)
	}
}

// says fails unless an error has each of the words.
func says(t *testing.T, what string, err error, words ...string) {
	t.Helper()
	for _, word := range words {
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%s: %v, want an error that says %q", what, err, word)
		}
	}
}

// files returns what there is below a directory, but for directories.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var found []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			found = append(found, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func noPartials(t *testing.T, dir string) {
	t.Helper()
	if found := slices.DeleteFunc(files(t, dir), func(f string) bool { return !strings.HasPrefix(f, ".partial~") }); len(found) > 0 {
		t.Errorf("%q are left", found)
	}
}

func TestOpenRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for dir, advice := range map[string]string{"": "file:data/recordings", file: "move it away", filepath.Join(file, "below"): "move it away"} {
		_, err := disk.Open(dir)
		says(t, "Open of "+dir, err, dir, advice)
	}
}

func TestNobodyElseMayRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "recordings")
	mustPut(t, open(t, dir), "room/recording/part-1.mp4", "x")
	for name, want := range map[string]fs.FileMode{"": 0o700, "room": 0o700, "room/recording": 0o700, "room/recording/part-1.mp4": 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v (%v), want %v", name, info.Mode(), err, want)
		}
	}
}

func TestKeyThatIsNone(t *testing.T) {
	parent := t.TempDir()
	o := open(t, filepath.Join(parent, "store"))
	for _, key := range []domain.ObjectKey{"", ".", "..", "../x", "/x", "x/../../y", "x//y", "x/", ".partial~x", `..\x`} {
		_, stat := o.Stat(t.Context(), key)
		_, opened := o.Open(t.Context(), key, 0, -1)
		for call, err := range map[string]error{"Put": put(t, o, key, "x"), "Stat": stat, "Open": opened, "Delete": o.Delete(t.Context(), key)} {
			says(t, call, err, "is no key")
		}
	}
	if found := files(t, parent); len(found) > 0 {
		t.Errorf("%q were written", found)
	}
}

func TestDirectoryHasTheKey(t *testing.T) {
	o := open(t, t.TempDir())
	mustPut(t, o, "room/recording", "x")
	says(t, "Put under the name of a directory", put(t, o, "room", "x"), "directory")
	says(t, "Put below an object", put(t, o, "room/recording/part-1", "x"), "move it away")
}

// TestDamagedObject has other bytes of the same size, as a disk that fails has.
func TestDamagedObject(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir)
	mustPut(t, o, "key", "good")
	if err := os.WriteFile(filepath.Join(dir, "key"), []byte("evil"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := put(t, o, "key", "good"); !errors.Is(err, ports.ErrObjectDiffers) {
		t.Errorf("Put over a damaged object: %v, want ErrObjectDiffers", err)
	}
}

// TestChecksumsAreBothCompared has one of the two right.
func TestChecksumsAreBothCompared(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir)
	for name, lie := range map[string]func(c *ports.Content){
		"CRC-32C": func(c *ports.Content) { c.CRC32C++ }, "SHA-256": func(c *ports.Content) { c.SHA256 = text("y").SHA256 },
	} {
		content := text("x")
		lie(&content)
		if err := o.Put(t.Context(), "key", content, func(int64) {}); !errors.Is(err, ports.ErrChecksum) {
			t.Errorf("Put with another %s: %v, want ErrChecksum", name, err)
		}
	}
	if found := files(t, dir); len(found) > 0 {
		t.Errorf("%q are left", found)
	}
}

func TestReadingGoesOnAfterDelete(t *testing.T) {
	o := open(t, t.TempDir())
	mustPut(t, o, "key", "the whole of it")
	r, err := o.Open(t.Context(), "key", 4, 5)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := o.Delete(t.Context(), "key"); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != "whole" {
		t.Errorf("read %q, %v", got, err)
	}
}

// TestDirectoriesComeAndGo has objects stored in directories that others remove
// because they are empty.
func TestDirectoriesComeAndGo(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir)
	var all sync.WaitGroup
	for _, key := range []domain.ObjectKey{"room/date/a", "room/date/b", "room/other/c"} {
		all.Go(func() {
			for range 30 {
				if err := errors.Join(put(t, o, key, "x"), o.Delete(t.Context(), key)); err != nil {
					t.Errorf("%s: %v", key, err)
				}
			}
		})
	}
	all.Wait()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v (%v) are left", left, err)
	}
}

// TestStalePartials has files of processes that were killed, of one that is at work,
// and of others.
func TestStalePartials(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir)
	foreign := []string{".partial-1", "notes.txt", "room/.partial~1"}
	for _, name := range append([]string{".partial~KILLED"}, foreign...) {
		if err := errors.Join(os.MkdirAll(filepath.Join(dir, "room"), 0o700), os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600)); err != nil {
			t.Fatal(err)
		}
		aYearAgo := time.Now().AddDate(-1, 0, 0)
		if err := os.Chtimes(filepath.Join(dir, name), aYearAgo, aYearAgo); err != nil {
			t.Fatal(err)
		}
	}
	content := text("long")
	content.Open = func() (ports.SpoolFile, error) {
		open(t, dir)
		if found := files(t, dir); len(found) != len(foreign)+1 {
			t.Errorf("there are %q, want the foreign files %q and the one that is being written", found, foreign)
		}
		return text("long").Open()
	}
	if err := o.Put(t.Context(), "key", content, func(int64) {}); err != nil {
		t.Error(err)
	}
}
