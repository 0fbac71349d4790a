package spool

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

func manifested() domain.Recording {
	at := time.Date(2026, 5, 4, 3, 2, 1, 123_456_000, time.UTC)
	return domain.Recording{
		ID: "A1", Room: "lobby", Session: "s", Subject: "ann", Key: "lobby/2026-05-04/A1",
		State: domain.RecordingFinalized, Started: at, Ended: at.Add(80*time.Second + 33_333_333),
		Parts: []domain.Part{
			{
				File: "part-001.webm", Publisher: "s", Video: domain.VP8, Audio: domain.Opus, Width: 1280, Height: 720,
				Started: at, Duration: 60*time.Second + 33_333_333, Pictures: 1798, Sounds: 3000,
				Gaps: []domain.Gap{
					{Kind: domain.Video, At: 1_100_000_000, Length: 66_666_666, Reason: domain.GapLost},
					{Kind: domain.Audio, At: 2 * time.Second, Length: time.Second / 2, Reason: domain.GapDiskFull},
				},
				Bytes: 12_345_678, SHA256: strings.Repeat("0123456789abcdef", 4), CRC32C: 0x00c0ffee,
			},
			{
				File: "part-002.mp4", Publisher: "t", Audio: domain.Opus, Started: at.Add(60 * time.Second), Duration: 20 * time.Second,
				Sounds: 1000, Bytes: 100_000, SHA256: strings.Repeat("f", 64), CRC32C: 0xffffffff,
			},
		},
	}
}

// TestManifest compares with what others have learned to read. UPDATE=1 writes it
// anew.
func TestManifest(t *testing.T) {
	golden := filepath.Join("testdata", "manifest.json")
	got, err := writeManifest(manifested())
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
}

func TestManifestTellsBack(t *testing.T) {
	want := manifested()
	text, err := writeManifest(want)
	if err != nil {
		t.Fatal(err)
	}
	got, ok := readManifest(text, "A1")
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Errorf("manifest (-want +got), %v:\n%s", ok, diff)
	}
}

func TestManifestIsNotBelieved(t *testing.T) {
	text, err := writeManifest(manifested())
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"another recording's":   {`"A1"`, `"A2"`},
		"a room that is none":   {`"lobby"`, `"a/b"`},
		"a key that is none":    {`"lobby/2026-05-04/A1"`, `"/etc"`},
		"a file somewhere else": {`"part-001.webm"`, `"../part-001.webm"`},
		"another version":       {`"version": 1`, `"version": 2`},
		"a checksum of none":    {`"00c0ffee"`, `"coffee"`},
		"torn":                  {`"gaps"`, ``},
	} {
		t.Run(name, func(t *testing.T) {
			changed := strings.ReplaceAll(string(text), change[0], change[1])
			if got, ok := readManifest([]byte(changed), "A1"); ok {
				t.Errorf("it tells of %+v", got)
			}
		})
	}
}

// FuzzManifest reads what anybody may have written: what is believed is what it is
// called, and what is written of it again says the same.
func FuzzManifest(f *testing.F) {
	text, err := writeManifest(manifested())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		r, ok := readManifest(text, "A1")
		if !ok {
			return
		}
		if _, err := domain.ParseRoomName(string(r.Room)); err != nil || !r.Key.Valid() || len(r.Parts) == 0 {
			t.Errorf("it tells of %+v", r)
		}
		for _, p := range r.Parts {
			if !partName.MatchString(p.File) {
				t.Errorf("it tells of a file %q", p.File)
			}
		}
		if again, err := writeManifest(r); err == nil && !bytes.Contains(again, []byte(`"version": 1`)) {
			t.Errorf("it is written again as %s", again)
		}
	})
}
