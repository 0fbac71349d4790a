package porttest

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rostrum/domain"
	"rostrum/ports"
)

// spoolScene is a spool in a directory, and what it has told.
type spoolScene struct {
	open  func(t *testing.T, dir string, limit int64) ports.Spool
	dir   string
	spool ports.Spool
	heard *spoolHeard
}

func newSpoolScene(t *testing.T, open func(t *testing.T, dir string, limit int64) ports.Spool) *spoolScene {
	s := &spoolScene{open: open, dir: t.TempDir(), heard: &spoolHeard{at: map[domain.RecordingID]time.Time{}}}
	s.spool = open(t, s.dir, 0)
	return s
}

// reopen opens the spool in a copy of the directory, as another process would the
// directory itself.
func (s *spoolScene) reopen(t *testing.T, limit int64) {
	t.Helper()
	s.dir = s.copied(t)
	s.spool = s.open(t, s.dir, limit)
}

// copied returns a copy of the directory: what would be there after kill -9.
func (s *spoolScene) copied(t *testing.T) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(s.dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

func (s *spoolScene) recording(id domain.RecordingID) domain.Recording {
	return domain.Recording{
		ID: id, Room: "lobby", Session: "P", Subject: "ann <ann@example.org>", Key: domain.ObjectKey("lobby/2000-01-01/" + string(id)),
		State: domain.RecordingStarted, Started: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}

func (s *spoolScene) record(t *testing.T, id domain.RecordingID) ports.Take {
	t.Helper()
	take, err := s.spool.Record(s.recording(id), s.heard)
	if err != nil {
		t.Fatal(err)
	}
	return take
}

// recorded makes a recording that is closed.
func (s *spoolScene) recorded(t *testing.T, id domain.RecordingID, length time.Duration) *spoolFeed {
	t.Helper()
	take, feed := s.record(t, id), newSpoolFeed("P")
	feed.play(take, length)
	take.Close()
	return feed
}

// part finalizes a recording and returns its only part.
func (s *spoolScene) part(t *testing.T, id domain.RecordingID) domain.Part {
	t.Helper()
	r, err := s.spool.Finalize(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Parts) != 1 {
		t.Fatalf("recording %s has %d parts, want one: %+v", id, len(r.Parts), r.Parts)
	}
	return r.Parts[0]
}

// read returns what is in a file of recording A.
func (s *spoolScene) read(t *testing.T, file string) []byte {
	t.Helper()
	f, err := s.spool.Open("A", file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// expect checks what Search returns.
func (s *spoolScene) expect(t *testing.T, want []domain.RecordingID, foreign []string) {
	t.Helper()
	found, others, err := s.spool.Search(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var ids []domain.RecordingID
	for _, r := range found {
		ids = append(ids, r.ID)
	}
	anyOrder := cmpopts.SortSlices(func(a, b string) bool { return a < b })
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Errorf("recordings in the spool (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(foreign, others, anyOrder); diff != "" {
		t.Errorf("foreign things in the spool (-want +got):\n%s", diff)
	}
}

func ignoreTimes() cmp.Option { return cmpopts.IgnoreFields(domain.Recording{}, "Ended") }

func writeForeign(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// spoolHeard is ports.RecordingEvents.
type spoolHeard struct {
	mu   sync.Mutex
	said []string
	at   map[domain.RecordingID]time.Time
}

func (h *spoolHeard) Began(id domain.RecordingID, at time.Time) {
	h.say("began " + string(id))
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at[id] = at
}

func (h *spoolHeard) PictureLost(id domain.RecordingID) { h.say("picture lost " + string(id)) }

func (h *spoolHeard) say(what string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.said = append(h.said, what)
}

func (h *spoolHeard) calls() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.said...)
}

func (h *spoolHeard) began(id domain.RecordingID) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at[id]
}

// spoolFeed is a publisher of VP8 and Opus: a picture and two packets of sound with
// each step, a key frame at the beginning alone. Nothing in its pictures but their
// headers is VP8.
type spoolFeed struct {
	publisher        domain.SessionID
	pictures, sounds int // that have been sent
	buffer           []byte
}

const (
	spoolStep   = 40 * time.Millisecond
	spoolWidth  = 320
	spoolHeight = 180
)

func newSpoolFeed(publisher domain.SessionID) *spoolFeed { return &spoolFeed{publisher: publisher} }

// play sends for so long, in time.
func (f *spoolFeed) play(to ports.MediaSink, length time.Duration) {
	for end := time.Now().Add(length); time.Now().Before(end); time.Sleep(spoolStep) {
		f.step(to)
	}
}

// step sends what there is to be sent at one time.
func (f *spoolFeed) step(to ports.MediaSink) {
	f.video(to)
	f.audio(to)
	f.audio(to)
}

func (f *spoolFeed) video(to ports.MediaSink) {
	picture := spoolPicture(f.pictures)
	half := len(picture) / 2
	at := uint32(f.pictures) * uint32(spoolStep*90/time.Millisecond)
	first := ports.Packet{Sequence: uint64(2 * f.pictures), Timestamp: at, Keyframe: f.pictures == 0, Payload: append([]byte{0x10}, picture[:half]...)}
	second := ports.Packet{Sequence: first.Sequence + 1, Timestamp: at, Marker: true, Payload: append([]byte{0}, picture[half:]...)}
	f.send(to, ports.Stream{Publisher: f.publisher, Track: "video", Codec: domain.VP8}, first, second)
	f.pictures++
}

func (f *spoolFeed) audio(to ports.MediaSink) {
	const celt20 = 31 << 3 // one frame of 20 ms
	f.send(to, ports.Stream{Publisher: f.publisher, Track: "audio", Codec: domain.Opus}, ports.Packet{
		Sequence: uint64(f.sounds), Timestamp: uint32(f.sounds) * 960, Marker: true,
		Payload: fmt.Appendf([]byte{celt20}, "sound %d", f.sounds),
	})
	f.sounds++
}

// send gives packets out of one piece of memory, which it writes over afterwards.
func (f *spoolFeed) send(to ports.MediaSink, stream ports.Stream, packets ...ports.Packet) {
	f.buffer = f.buffer[:0]
	for _, p := range packets {
		f.buffer = append(f.buffer, p.Payload...)
	}
	rest := f.buffer
	for i := range packets {
		n := len(packets[i].Payload)
		packets[i].Payload, rest = rest[:n], rest[n:]
	}
	to.Receive(stream, packets)
	for i := range f.buffer {
		f.buffer[i] = 0xff
	}
	clear(packets)
}

// spoolPicture returns a frame whose header says that it is VP8 (RFC 6386 §9.1): the
// first is a key frame.
func spoolPicture(n int) []byte {
	body := fmt.Sprintf("this is picture %06d of a feed", n)
	const shown = 1 << 4
	tag := uint32(shown | len(body)<<5)
	if n > 0 {
		tag |= 1
	}
	frame := []byte{byte(tag), byte(tag >> 8), byte(tag >> 16)}
	if n == 0 {
		frame = append(frame, 0x9d, 0x01, 0x2a)
		frame = binary.LittleEndian.AppendUint16(frame, spoolWidth)
		frame = binary.LittleEndian.AppendUint16(frame, spoolHeight)
	}
	return append(frame, body...)
}
