package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// uploadOne brings a recording into the store, and lets go of the spool's files when
// the store has confirmed each object.
func (a *Archive) uploadOne(ctx context.Context, id domain.RecordingID) {
	r, err := a.keep(ctx, id, (*domain.Recording).Upload)
	if isOver(err) {
		a.letGoStored(ctx, id)
		return
	}
	if err == nil {
		err = a.store(ctx, r)
	}
	if ctx.Err() != nil {
		return // the next start goes on, or it has been deleted
	}
	keeping, cancel := toKeep(ctx)
	defer cancel()
	if err == nil {
		r, err = a.keep(keeping, id, func(r *domain.Recording) error { return r.Store(time.Now().UTC()) })
	}
	if err != nil {
		a.failed(keeping, id, a.upload, err)
		return
	}
	a.log.Info("recording stored", "room", r.Room, "recording", id, "key", r.Key, "bytes", r.Bytes())
	a.letGo(id)
}

// letGo removes what is stored from the spool, or has it tried again.
func (a *Archive) letGo(id domain.RecordingID) {
	if a.settings.KeepLocal {
		return
	}
	if err := a.spool.Remove(id); err != nil {
		pause := domain.Backoff(a.upload.failed(id))
		a.log.Warn("what is stored cannot be removed from the spool", "recording", id, "error", err, "again_in", pause)
		a.upload.add(id, time.Now().Add(pause))
	}
}

// letGoStored is letGo for a recording of which it is only known that it is not to be
// uploaded.
func (a *Archive) letGoStored(ctx context.Context, id domain.RecordingID) {
	if r, err := a.recordings.Get(ctx, id); err == nil && r.State == domain.RecordingStored {
		a.letGo(id)
	}
}

// store puts every part into the store, and last the manifest.
func (a *Archive) store(ctx context.Context, r domain.Recording) error {
	manifest, err := a.manifest(r.ID)
	if err != nil {
		return err
	}
	done := a.progress.begin(r.ID, r.Room, r.Bytes()+manifest.Size)
	defer a.progress.end(r.ID)
	before := int64(0)
	put := func(file string, c ports.Content) error {
		c.Open = func() (ports.SpoolFile, error) { return a.spool.Open(r.ID, file) }
		err := a.objects.Put(ctx, r.Key.Below(file), c, func(n int64) { done.Store(before + n) })
		if err != nil {
			return fmt.Errorf("store %s: %w", r.Key.Below(file), err)
		}
		before += c.Size
		done.Store(before)
		return nil
	}
	for _, p := range r.Parts {
		if err := put(p.File, ports.Content{Type: mediaType(p), Size: p.Bytes, SHA256: p.SHA256, CRC32C: p.CRC32C}); err != nil {
			return err
		}
	}
	return put(ports.ManifestFile, manifest)
}

// manifest returns the content of a recording's manifest.
func (a *Archive) manifest(id domain.RecordingID) (ports.Content, error) {
	f, err := a.spool.Open(id, ports.ManifestFile)
	if errors.Is(err, domain.ErrRecordingUnknown) {
		return ports.Content{}, errGone
	}
	if err != nil {
		return ports.Content{}, fmt.Errorf("open the manifest in the spool: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(f)
	if err != nil {
		return ports.Content{}, fmt.Errorf("read the manifest in the spool: %w", err)
	}
	sum := sha256.Sum256(text)
	return ports.Content{
		Type: "application/json", Size: int64(len(text)),
		SHA256: hex.EncodeToString(sum[:]), CRC32C: crc32.Checksum(text, crc32.MakeTable(crc32.Castagnoli)),
	}, nil
}

// mediaType is the type of a part's file.
func mediaType(p domain.Part) string {
	kind := "video/"
	if p.Video == "" {
		kind = "audio/"
	}
	if path.Ext(p.File) == ".webm" {
		return kind + "webm"
	}
	return kind + "mp4"
}
