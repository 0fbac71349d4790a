package app_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash/crc32"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"rostrum/adapters/disk"
	"rostrum/adapters/memory"
	"rostrum/adapters/spool"
	"rostrum/app/archive"
	"rostrum/app/database"
	"rostrum/app/privacy"
	"rostrum/domain"
	"rostrum/ports"
)

// vault is an Archive over a spool and a store in directories and rows in memory, the
// ways to which can be broken, and what it has logged.
type vault struct {
	*archive.Archive
	settings archive.Settings
	needs    archive.Needs
	faults   *faults
	kept     keeping
	log      *journal
	hook     *receivers

	// what is behind the ways
	spoolDir, storeDir string
	spool              *spool.Spool
	rows               *memory.Recordings
	audit              *memory.Audit
}

// local is what most archives of the tests are told.
var local = archive.Settings{Key: "{room}/{date}/{recording}", Webhooks: []string{"https://a.example", "https://b.example"}}

// newVault returns a vault that is not started yet.
func newVault(t *testing.T, settings archive.Settings) *vault {
	t.Helper()
	v := &vault{settings: settings, faults: &faults{}, log: &journal{}, spoolDir: t.TempDir(), storeDir: t.TempDir()}
	v.hook = &receivers{faults: v.faults}
	log := slog.New(slog.NewJSONHandler(v.log, nil))
	files, err := spool.Open(spool.Config{Dir: v.spoolDir, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	objects, err := disk.Open(v.storeDir)
	if err != nil {
		t.Fatal(err)
	}
	outbox := memory.NewOutbox()
	v.kept = newKeeping(log, database.Settings{Addresses: privacy.WholeAddresses})
	v.spool, v.rows, v.audit = files, memory.NewRecordings(outbox), v.kept.audit
	v.needs = archive.Needs{
		Spool: brokenSpool{files, v.faults}, Objects: brokenObjects{objects, v.faults},
		Recordings: brokenRecordings{v.rows, v.faults}, Outbox: brokenOutbox{outbox, v.faults},
		Audit: brokenAudit{v.audit, v.faults}, Database: v.kept.database, Webhook: v.hook, Log: log,
	}
	v.Archive = archive.New(v.needs, v.settings)
	return v
}

// started returns a vault that works until the test ends.
func started(t *testing.T, settings archive.Settings) *vault {
	t.Helper()
	v := newVault(t, settings)
	must(t, v.kept.database.Start(context.Background()))
	v.Start()
	t.Cleanup(func() {
		v.Close()
		v.kept.database.Close()
	})
	return v
}

// restart ends the archive and starts another one over the same spool, store and rows.
func (v *vault) restart() {
	v.Close()
	v.Archive = archive.New(v.needs, v.settings)
	v.Start()
}

// all returns every row, those that began last first.
func (v *vault) all(t *testing.T) []domain.Recording {
	t.Helper()
	all, err := v.rows.List(t.Context(), ports.RecordingQuery{}, ports.RecordingPlace{}, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// only returns the only row.
func (v *vault) only(t *testing.T) domain.Recording {
	t.Helper()
	all := v.all(t)
	if len(all) != 1 {
		t.Fatalf("%d recordings are known, want one: %+v", len(all), all)
	}
	return all[0]
}

// putRow changes a row behind the archive's back.
func (v *vault) putRow(t *testing.T, r domain.Recording) {
	t.Helper()
	err := v.rows.Update(t.Context(), r.ID, func(*domain.Recording) (*domain.Recording, []ports.Delivery, error) { return &r, nil, nil })
	if err != nil {
		t.Fatal(err)
	}
}

// spooled returns what is in the spool: recordings, and their files below them.
func (v *vault) spooled(t *testing.T) []string {
	t.Helper()
	return slices.DeleteFunc(tree(t, v.spoolDir), func(name string) bool { return name == ".lock" })
}

// stored returns the keys of all objects.
func (v *vault) stored(t *testing.T) []string {
	t.Helper()
	return tree(t, v.storeDir)
}

// tree returns the files below a directory.
func tree(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			name, _ := filepath.Rel(dir, path)
			files = append(files, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// isStored checks that a recording is whole in the store, and nothing of it in the
// spool.
func (v *vault) isStored(t *testing.T, r domain.Recording) {
	t.Helper()
	if r.State != domain.RecordingStored || r.Stored.IsZero() || r.Failure != (domain.Failure{}) || len(r.Parts) == 0 {
		t.Errorf("%+v, want it stored", r)
	}
	for _, p := range r.Parts {
		if sum := digest(t, v.object(r.Key.Below(p.File))); sum != p.SHA256 {
			t.Errorf("%s in the store has SHA-256 %s, want %s", p.File, sum, p.SHA256)
		}
	}
	if _, err := os.Stat(v.object(r.Key.Below(ports.ManifestFile))); err != nil {
		t.Error(err)
	}
	if left := v.spooled(t); !v.settings.KeepLocal && len(left) > 0 {
		t.Errorf("the spool still holds %q", left)
	}
}

// object returns the file that an object is.
func (v *vault) object(key domain.ObjectKey) string { return filepath.Join(v.storeDir, string(key)) }

// storeFile puts a file into the store behind the archive's back.
func (v *vault) storeFile(t *testing.T, key domain.ObjectKey, open func() (ports.SpoolFile, error)) error {
	t.Helper()
	f, err := open()
	if err != nil {
		return err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	content := ports.Content{
		Size: int64(len(data)), SHA256: hex.EncodeToString(sum[:]), Open: open,
		CRC32C: crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)),
	}
	return v.needs.Objects.(brokenObjects).Objects.Put(t.Context(), key, content, func(int64) {})
}
