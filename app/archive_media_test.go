package app_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/app/archive"
	"rostrum/domain"
	"rostrum/ports"
)

// Media can be had in each state from where it is.
func TestOpenMedia(t *testing.T) {
	for name, c := range map[string]struct {
		state  domain.RecordingState
		file   string // "": that of the part
		signed bool
		want   error
	}{
		"before it is finalized":                   {domain.RecordingStarted, "", false, domain.ErrRecordingPending},
		"out of the spool":                         {domain.RecordingFinalized, "", false, nil},
		"out of the spool while it is uploaded":    {domain.RecordingUploading, "", false, nil},
		"out of the spool, though the store signs": {domain.RecordingUploading, "", true, nil},
		"out of the store":                         {domain.RecordingStored, "", false, nil},
		"by a URL of the store":                    {domain.RecordingStored, "", true, nil},
		"of another file":                          {domain.RecordingStored, "part-002.webm", false, domain.ErrRecordingUnknown},
		"of the manifest":                          {domain.RecordingStored, ports.ManifestFile, false, domain.ErrRecordingUnknown},
		"of a file outside":                        {domain.RecordingFinalized, "../x", false, domain.ErrRecordingUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVault(t, local)
				r := v.leave(t, c.state)
				if c.signed {
					v.faults.add(fault{call: "url", left: -1, err: errSigned})
				}
				file := c.file
				if file == "" && len(r.Parts) > 0 {
					file = r.Parts[0].File
				}
				m, err := v.OpenMedia(t.Context(), r.ID, file, time.Hour, "save.webm")
				if !errors.Is(err, c.want) {
					t.Fatalf("%v, want %v", err, c.want)
				}
				if err == nil {
					v.isMedia(t, r, m, c.signed && c.state == domain.RecordingStored)
				}
			})
		})
	}
}

// isMedia checks that media is a recording's part.
func (v *vault) isMedia(t *testing.T, r domain.Recording, m archive.Media, signed bool) {
	t.Helper()
	p := r.Parts[0]
	if m.Size != p.Bytes || m.Type != "video/webm" || !m.Changed.Equal(r.Ended) {
		t.Errorf("%+v", m)
	}
	if signed {
		if want := "https://store.example/" + string(r.Key) + "/" + p.File + "?expires=1h0m0s&name=save.webm"; m.URL != want || m.Content != nil {
			t.Errorf("%+v, want %s", m, want)
		}
		return
	}
	defer m.Content.Close()
	got, err := io.ReadAll(m.Content)
	if err != nil || int64(len(got)) != p.Bytes || m.URL != "" {
		t.Errorf("%d bytes (%v), URL %q, want %d", len(got), err, m.URL, p.Bytes)
	}
}

// What is stored and let go of between two looks of a player plays on.
func TestOpenMediaWhileItIsStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault(t, local)
		r := v.leave(t, domain.RecordingFinalized)
		v.faults.before("read part", func() { // between the look at the row and that at the spool
			v.Start()
			time.Sleep(time.Second)
		})
		m, err := v.OpenMedia(t.Context(), r.ID, r.Parts[0].File, time.Hour, "")
		t.Cleanup(func() { v.Close() })
		if err != nil {
			t.Fatal(err)
		}
		v.isStored(t, v.only(t))
		v.isMedia(t, r, m, false)
	})
}

// What is being read out of the spool can be read to its end when it has been removed.
func TestMediaIsReadWhileItIsRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault(t, local)
		r := v.leave(t, domain.RecordingFinalized)
		m, err := v.OpenMedia(t.Context(), r.ID, r.Parts[0].File, time.Hour, "")
		if err != nil {
			t.Fatal(err)
		}
		v.Start()
		t.Cleanup(func() { v.Close() })
		time.Sleep(time.Second)
		v.isStored(t, v.only(t))
		v.isMedia(t, r, m, false)
	})
}

// FuzzMediaOutOfTheStore reads an object by chance, and a file with the same content:
// every answer is the same.
func FuzzMediaOutOfTheStore(f *testing.F) {
	for _, seed := range []string{"", "r\x05", "s\x00\x64r\x10", "e\x10r\x20r\x20", "a\x07\x30r\x01", "c\x10c\x90r\x03", "e\xf0r\x01s\xff\xffr\x09a\xff\xff", "xr"} {
		f.Add([]byte(seed), uint16(300))
	}
	f.Fuzz(func(t *testing.T, script []byte, size uint16) {
		content := make([]byte, size)
		for i := range content {
			content[i] = byte(i * i)
		}
		v := newVault(t, local)
		path := filepath.Join(t.TempDir(), "same")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := v.storeFile(t, "k/part-001.webm", func() (ports.SpoolFile, error) { return os.Open(path) }); err != nil {
			t.Fatal(err)
		}
		v.putRow(t, domain.Recording{ID: "R", Room: "lobby", Key: "k", State: domain.RecordingStored, Parts: []domain.Part{{File: "part-001.webm", Bytes: int64(size)}}})
		m, err := v.OpenMedia(t.Context(), "R", "part-001.webm", 0, "")
		if err != nil {
			t.Fatal(err)
		}
		defer m.Content.Close()
		same(t, script, m.Content, bytes.NewReader(content))
	})
}

// same plays a script on two readers of the same content.
func same(t *testing.T, script []byte, got ports.SpoolFile, want *bytes.Reader) {
	next := func() byte {
		if len(script) == 0 {
			return 0
		}
		b := script[0]
		script = script[1:]
		return b
	}
	for len(script) > 0 {
		var g, w int64
		var gotErr, wantErr error
		gotBytes, wantBytes := make([]byte, 0), make([]byte, 0)
		switch op := next(); op {
		case 's', 'c', 'e', 'x': // whence: the beginning, here, the end, nowhere
			offset := int64(next())
			whence := map[byte]int{'s': io.SeekStart, 'c': io.SeekCurrent, 'e': io.SeekEnd, 'x': 9}[op]
			if op != 's' {
				offset = int64(int8(offset))
			} else {
				offset = offset<<8 | int64(next())
			}
			g, gotErr = got.Seek(offset, whence)
			w, wantErr = want.Seek(offset, whence)
			if gotErr != nil {
				g, w = 0, 0
			}
		case 'a':
			gotBytes = make([]byte, next())
			wantBytes = make([]byte, len(gotBytes))
			offset := int64(int16(uint16(next())<<8 | uint16(next())))
			n, err := got.ReadAt(gotBytes, offset)
			g, gotErr = int64(n), err
			n, err = want.ReadAt(wantBytes, offset)
			w, wantErr = int64(n), err
		default:
			gotBytes = make([]byte, next())
			wantBytes = make([]byte, len(gotBytes))
			n, err := io.ReadFull(got, gotBytes)
			g, gotErr = int64(n), err
			n, err = io.ReadFull(want, wantBytes)
			w, wantErr = int64(n), err
		}
		if g != w || (gotErr == nil) != (wantErr == nil) || errors.Is(gotErr, io.EOF) != errors.Is(wantErr, io.EOF) || !bytes.Equal(gotBytes, wantBytes) {
			t.Fatalf("%d, %v, %x; a file says %d, %v, %x; left of the script: %q", g, gotErr, gotBytes, w, wantErr, wantBytes, script)
		}
	}
}
