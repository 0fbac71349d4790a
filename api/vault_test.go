package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rostrum/adapters/disk"
	"rostrum/adapters/memory"
	"rostrum/adapters/spool"
	"rostrum/app/archive"
	"rostrum/domain"
	"rostrum/ports"
)

// vault is an archive over real files: its spool and its store are directories. It does
// not work before start.
type vault struct {
	archive *archive.Archive
	rows    *rows
	store   *store
}

func newVault(t *testing.T, log *slog.Logger, limit int64, stores stores) vault {
	t.Helper()
	objects, err := disk.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	files, err := spool.Open(spool.Config{Dir: t.TempDir(), Limit: limit, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	outbox := memory.NewOutbox()
	v := vault{rows: &rows{Recordings: memory.NewRecordings(outbox)}, store: &store{Objects: objects}}
	v.archive = archive.New(archive.Needs{
		Spool: files, Objects: v.store, Recordings: v.rows, Outbox: outbox, Audit: stores.trail, Database: stores.database, Log: log,
	}, archive.Settings{Key: "{room}/{date}/{recording}"})
	t.Cleanup(func() {
		v.archive.Close()
		if err := files.Close(); err != nil {
			t.Error(err)
		}
	})
	return v
}

// rows are recordings in memory that can be away.
type rows struct {
	*memory.Recordings
	away atomic.Bool
}

func (r *rows) Count(ctx context.Context) (map[domain.RecordingState]int, error) {
	if r.away.Load() {
		return nil, fmt.Errorf("count recordings: %w", context.DeadlineExceeded)
	}
	return r.Recordings.Count(ctx)
}

// store is a store in a directory that does as clouds do: it signs addresses, holds
// uploads up, refuses them, and goes away. What is to happen is said before it does.
type store struct {
	ports.Objects
	signs   string        // what the addresses begin with; "": it signs none
	held    chan struct{} // while it is open uploads stand at half; nil: none does
	refuses atomic.Bool   // uploads
	away    error         // instead of objects
	breaks  bool          // objects, behind their first bytes
	open    atomic.Int32  // objects that are being read
}

func (s *store) Put(ctx context.Context, key domain.ObjectKey, c ports.Content, progress func(int64)) error {
	if s.refuses.Load() {
		return errors.New("the bucket \"films\" answered 403 Forbidden. Give the account the permission to write there")
	}
	if s.held != nil {
		progress(c.Size / 2)
		select {
		case <-s.held:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return s.Objects.Put(ctx, key, c, progress)
}

func (s *store) Open(ctx context.Context, key domain.ObjectKey, offset, length int64) (io.ReadCloser, error) {
	if s.away != nil {
		return nil, s.away
	}
	reader, err := s.Objects.Open(ctx, key, offset, length)
	if err == nil {
		s.open.Add(1)
		reader = &object{reader, s}
	}
	return reader, err
}

type object struct {
	io.ReadCloser
	store *store
}

func (o *object) Read(b []byte) (int, error) {
	if !o.store.breaks {
		return o.ReadCloser.Read(b)
	}
	n, _ := o.ReadCloser.Read(b[:min(len(b), 100)])
	return n, errors.New("connection reset")
}

func (o *object) Close() error {
	o.store.open.Add(-1)
	return o.ReadCloser.Close()
}

func (s *store) URL(_ context.Context, key domain.ObjectKey, expires time.Duration, download string) (string, error) {
	if s.signs == "" {
		return "", nil
	}
	return fmt.Sprintf("%s/%s?expires=%v&download=%s", s.signs, key, expires, download), nil
}

// keep keeps a recording's row.
func (v vault) keep(t *testing.T, r domain.Recording) {
	t.Helper()
	err := v.rows.Update(t.Context(), r.ID, func(*domain.Recording) (*domain.Recording, []ports.Delivery, error) { return &r, nil, nil })
	if err != nil {
		t.Fatal(err)
	}
}

// may is when recordings of the tests began: so many hours into a day in May.
func may(hour int) time.Time { return time.Date(2026, 5, 1, hour, 0, 0, 0, time.UTC) }

// stored keeps a recording that is in the store, with parts of these contents.
func (v vault) stored(t *testing.T, room domain.RoomName, id domain.RecordingID, at time.Time, contents ...string) domain.Recording {
	t.Helper()
	r := domain.Recording{
		ID: id, Room: room, Session: "SESSION", Subject: "alice", State: domain.RecordingStored,
		Started: at, Ended: at.Add(time.Minute), Stored: at.Add(2 * time.Minute),
	}
	r.Key = domain.KeyTemplate("{room}/{date}/{recording}").Key(r)
	for i, content := range contents {
		p := part(fmt.Sprintf("part-%03d.mp4", i+1), at, content)
		r.Parts = append(r.Parts, p)
		err := v.store.Objects.Put(t.Context(), r.Key.Below(p.File), ports.Content{
			Type: "video/mp4", Size: p.Bytes, SHA256: p.SHA256, CRC32C: p.CRC32C,
			Open: func() (ports.SpoolFile, error) { return text{strings.NewReader(content)}, nil },
		}, func(int64) {})
		if err != nil {
			t.Fatal(err)
		}
	}
	v.keep(t, r)
	return r
}

func part(file string, at time.Time, content string) domain.Part {
	sum := sha256.Sum256([]byte(content))
	return domain.Part{
		File: file, Publisher: "SESSION", Video: domain.H264, Audio: domain.Opus, Width: 1280, Height: 720,
		Started: at, Duration: 1500 * time.Millisecond, Pictures: 45, Sounds: 75,
		Bytes: int64(len(content)), SHA256: hex.EncodeToString(sum[:]), CRC32C: crc32.Checksum([]byte(content), crc32.MakeTable(crc32.Castagnoli)),
	}
}

// text is a ports.SpoolFile of a string.
type text struct{ *strings.Reader }

func (text) Close() error { return nil }

// film is what the tests' files hold.
var film = strings.Repeat("0123456789abcdef", 4096)

// record publishes into a room, has it recorded, and returns the recording once there
// is something of it.
func (e edge) record(t *testing.T, room string) RoomRecording {
	t.Helper()
	e.begin(t, "/api/whip/publish/"+room)
	wantStatus(t, e.do(http.MethodPut, "/api/rooms/"+room+"/recording", "", bearerOf(carol)), http.StatusOK)
	e.media.play(25)
	var now RoomRecording
	eventually(t, "something is recorded", func() bool {
		now = read[RoomRecording](t, e.do(http.MethodGet, "/api/rooms/"+room+"/recording", "", bearerOf(carol)))
		return now.Started != nil && now.Bytes > 0
	})
	return now
}

// play sends a second of sound and of pictures, of which the first is a key frame, to
// who was attached last. Nothing in them but their headers is VP8 and Opus.
func (m *media) play(pictures int) {
	m.mu.Lock()
	sink := m.sink
	m.mu.Unlock()
	for n := range pictures {
		sink.Receive(ports.Stream{Publisher: "P", Track: "video", Codec: domain.VP8}, []ports.Packet{{
			Sequence: uint64(n), Timestamp: uint32(n) * 3600, Marker: true, Keyframe: n == 0, Payload: append([]byte{0x10}, picture(n)...),
		}})
		for i := range 2 {
			sound := uint32(2*n + i)
			sink.Receive(ports.Stream{Publisher: "P", Track: "audio", Codec: domain.Opus}, []ports.Packet{{
				Sequence: uint64(sound), Timestamp: sound * 960, Marker: true, Payload: []byte{31 << 3, byte(sound)},
			}})
		}
	}
}

// picture returns a frame whose header says that it is VP8 (RFC 6386 §9.1).
func picture(n int) []byte {
	body := bytes.Repeat([]byte{byte(n)}, 400)
	tag := uint32(1<<4 | len(body)<<5)
	if n > 0 {
		tag |= 1
	}
	frame := []byte{byte(tag), byte(tag >> 8), byte(tag >> 16)}
	if n == 0 {
		frame = append(frame, 0x9d, 0x01, 0x2a)
		frame = binary.LittleEndian.AppendUint16(frame, 320)
		frame = binary.LittleEndian.AppendUint16(frame, 180)
	}
	return append(frame, body...)
}

// patience is how long a test waits for what must happen, on however busy a machine.
const patience = 90 * time.Second

// eventually waits until something holds, which it does in milliseconds if at all.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not in %v: %s", patience, what)
		}
	}
}

func wantStatus(t *testing.T, w *httptest.ResponseRecorder, status int) {
	t.Helper()
	if w.Code != status {
		t.Fatalf("%d %s, want %d", w.Code, w.Body, status)
	}
}

// read returns what an answer says, which must be a 200 and known to the contract.
func read[T any](t *testing.T, w *httptest.ResponseRecorder) (v T) {
	t.Helper()
	wantStatus(t, w, http.StatusOK)
	decoder := json.NewDecoder(w.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}
