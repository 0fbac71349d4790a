package porttest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash/crc32"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
	"rostrum/ports"
)

func finalizeTells(t *testing.T, s *spoolScene) {
	began := time.Now()
	want := s.recording("A")
	feed := s.recorded(t, "A", 3*time.Second)
	r, err := s.spool.Finalize(t.Context(), "A")
	if err != nil {
		t.Fatal(err)
	}
	want.State, want.Parts, want.Ended = domain.RecordingFinalized, r.Parts, r.Ended
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("what was recorded (-want +got):\n%s", diff)
	}
	if !r.Ended.Equal(r.Parts[0].Started.Add(r.Parts[0].Duration)) {
		t.Errorf("it ended at %v, and its only part began at %v and is %v long", r.Ended, r.Parts[0].Started, r.Parts[0].Duration)
	}
	for i, p := range r.Parts {
		media := s.read(t, p.File)
		sum := sha256.Sum256(media)
		crc := crc32.Checksum(media, crc32.MakeTable(crc32.Castagnoli))
		if int64(len(media)) != p.Bytes || hex.EncodeToString(sum[:]) != p.SHA256 || crc != p.CRC32C {
			t.Errorf("part %d has %d bytes, SHA-256 %x, CRC32C %08x, and is told to be %+v", i, len(media), sum, crc, p)
		}
	}
	p := r.Parts[0]
	p.File, p.Bytes, p.SHA256, p.CRC32C = "", 0, "", 0
	if diff := cmp.Diff(domain.Part{
		Publisher: "P", Video: domain.VP8, Audio: domain.Opus, Width: spoolWidth, Height: spoolHeight,
		Started: began, Duration: p.Duration, Pictures: feed.pictures, Sounds: feed.sounds,
	}, p); diff != "" {
		t.Errorf("part (-want +got):\n%s", diff)
	}
	if off := p.Duration - 3*time.Second; off.Abs() > 100*time.Millisecond {
		t.Errorf("it is %v long, want 3 s", p.Duration)
	}
	if text := s.read(t, ports.ManifestFile); !json.Valid(text) || !bytes.Contains(text, []byte(r.Parts[0].SHA256)) {
		t.Errorf("the manifest is no JSON that tells the checksum:\n%s", text)
	}
}

func finalizeTwice(t *testing.T, s *spoolScene) {
	s.recorded(t, "A", 2*time.Second)
	first, err := s.spool.Finalize(t.Context(), "A")
	if err != nil {
		t.Fatal(err)
	}
	media := s.read(t, first.Parts[0].File)
	s.reopen(t, 0)
	second, err := s.spool.Finalize(t.Context(), "A")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" || !bytes.Equal(media, s.read(t, first.Parts[0].File)) {
		t.Errorf("the second time differs (-first +second):\n%s", diff)
	}
}

func finalizeLive(t *testing.T, s *spoolScene) {
	take := s.record(t, "A")
	newSpoolFeed("P").play(take, 2*time.Second)
	if r, err := s.spool.Finalize(t.Context(), "A"); err == nil {
		t.Errorf("Finalize of a recording that is being written: %+v, want an error", r)
	}
	if err := s.spool.Remove("A"); err == nil {
		t.Error("Remove of a recording that is being written: no error")
	}
	take.Close()
	s.part(t, "A")
}

func finalizeUnknown(t *testing.T, s *spoolScene) {
	s.recorded(t, "A", time.Second)
	for _, id := range []domain.RecordingID{"B", "", ".", "..", "A/..", "a", "../A", "A\x00"} {
		if _, err := s.spool.Finalize(t.Context(), id); !errors.Is(err, domain.ErrRecordingUnknown) {
			t.Errorf("Finalize of %q: %v, want ErrRecordingUnknown", id, err)
		}
	}
	s.expect(t, []domain.RecordingID{"A"}, nil)
}

func finalizeEmpty(t *testing.T, s *spoolScene) {
	take := s.record(t, "A")
	feed := newSpoolFeed("P")
	feed.pictures = 1
	feed.video(take)
	take.Close()
	s.expect(t, []domain.RecordingID{"A"}, nil)
	for range 2 {
		if _, err := s.spool.Finalize(t.Context(), "A"); !errors.Is(err, domain.ErrRecordingEmpty) {
			t.Errorf("Finalize of a recording of half a picture: %v, want ErrRecordingEmpty", err)
		}
		s.expect(t, []domain.RecordingID{"A"}, nil)
	}
	if err := s.spool.Remove("A"); err != nil {
		t.Fatal(err)
	}
	s.expect(t, nil, nil)
	if _, err := s.spool.Finalize(t.Context(), "A"); !errors.Is(err, domain.ErrRecordingUnknown) {
		t.Errorf("Finalize again: %v, want ErrRecordingUnknown", err)
	}
}

func finalizeCrash(t *testing.T, s *spoolScene) {
	take := s.record(t, "A")
	feed := newSpoolFeed("P")
	feed.play(take, 5*time.Second)
	crashed := s.copied(t)
	feed.play(take, time.Second)
	take.Close()
	s.dir = crashed
	s.reopen(t, 0)
	s.expect(t, []domain.RecordingID{"A"}, nil)
	if part := s.part(t, "A"); part.Duration < 4*time.Second || part.Pictures < 4*25 {
		t.Errorf("what a crash after 5 s has left is %v long and has %d pictures, want the last second to be missing at most", part.Duration, part.Pictures)
	}
}

func finalizeCancelled(t *testing.T, s *spoolScene) {
	s.recorded(t, "A", time.Second)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.spool.Finalize(ctx, "A"); !errors.Is(err, context.Canceled) {
		t.Errorf("Finalize with a context that has ended: %v, want context.Canceled", err)
	}
	s.part(t, "A")
}
