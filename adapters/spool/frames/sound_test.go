package frames_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4/pkg/media/oggreader"

	"rostrum/adapters/spool/container"
	"rostrum/adapters/spool/frames"
	"rostrum/domain"
	"rostrum/ports"
)

// opusPackets makes a second of sound, each packet in a page of its own.
func opusPackets(t *testing.T, options string) (all []ports.Packet) {
	t.Helper()
	args := strings.Fields("-v error -f lavfi -i sine=duration=1 -ac 2 -c:a libopus " + options + " -page_duration 1 -f ogg -")
	reader, _, err := oggreader.NewWith(bytes.NewReader(run(t, nil, args...)))
	if err != nil {
		t.Fatal(err)
	}
	for page := 0; ; page++ {
		payload, _, err := reader.ParseNextPage()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if page > 0 { // the first holds tags
			n := uint64(len(all))
			all = append(all, ports.Packet{Sequence: n, Timestamp: uint32(n * 960), Payload: payload})
		}
	}
}

func TestSoundComesOutAsItWentIn(t *testing.T) {
	for name, options := range map[string]string{
		"20 ms":              "-frame_duration 20",
		"2.5 ms":             "-frame_duration 2.5",
		"60 ms, low rate":    "-frame_duration 60 -b:a 12k -application voip",
		"120 ms":             "-frame_duration 120",
		"constant rate":      "-vbr off -b:a 64k",
		"large, in one page": "-frame_duration 60 -b:a 510k -vbr off",
	} {
		t.Run(name, func(t *testing.T) {
			packets := opusPackets(t, options)
			got := feed(frames.New(domain.Opus), packets)
			if len(got) != len(packets) || len(got) < 8 {
				t.Fatalf("%d frames of %d packets", len(got), len(packets))
			}
			for i, f := range got {
				if p := packets[i]; !bytes.Equal(f.Data, p.Payload) || f.Timestamp != p.Timestamp || !f.Key || f.Lost || f.Format != nil {
					t.Fatalf("frame %d is %+v", i, f)
				}
			}
		})
	}
}

func TestLostSoundIsMarkedAndNothingElse(t *testing.T) {
	packets := opusPackets(t, "")
	lost := map[int]bool{3: true, 4: true, 20: true}
	var kept []ports.Packet
	for i, p := range packets {
		if !lost[i] {
			kept = append(kept, p)
		}
	}
	a := frames.New(domain.Opus)
	got := drain(a, feed(a, kept), start.Add(time.Minute))
	if len(got) != len(kept) || a.NeedsKeyframe() {
		t.Fatalf("%d frames of %d packets, a key frame is needed: %v", len(got), len(kept), a.NeedsKeyframe())
	}
	for i, f := range got {
		if want := lost[int(kept[i].Sequence)-1]; f.Lost != want {
			t.Fatalf("frame %d says lost %v", i, f.Lost)
		}
	}
}

// TestOpusFraming has packets that RFC 6716 §3.4 allows and forbids, R1 to R7.
func TestOpusFraming(t *testing.T) {
	frame := make([]byte, 1_276)
	packet := func(octets ...any) []byte {
		var p []byte
		for _, o := range octets {
			switch o := o.(type) {
			case int:
				p = append(p, byte(o))
			case []byte:
				p = append(p, o...)
			}
		}
		return p
	}
	for name, test := range map[string]struct {
		packet []byte
		valid  bool
	}{
		"R2: nothing sent":                     {packet(0xf8), true},
		"R2: a frame of 1,275 octets":          {packet(0xf8, frame[:1_275]), true},
		"R2: a frame of 1,276 octets":          {packet(0xf8, frame), false},
		"R3: two of one size":                  {packet(0xf9, 1, 2, 3, 4), true},
		"R3: an odd number":                    {packet(0xf9, 1, 2, 3), false},
		"R4: two of different size":            {packet(0xfa, 1, 9, 9, 9), true},
		"R4: the second one is empty":          {packet(0xfa, 3, 9, 9, 9), true},
		"R4: the first is longer than all":     {packet(0xfa, 4, 9, 9, 9), false},
		"R4: no length":                        {packet(0xfa), false},
		"R4: half a length":                    {packet(0xfa, 252), false},
		"R4: a length in two octets":           {packet(0xfa, 252, 0, frame[:260]), true},
		"R5: no number of frames":              {packet(0xfb), false},
		"R5: no frames":                        {packet(0xfb, 0), false},
		"R5: 120 ms":                           {packet(0xfb, 6, frame[:60]), true},
		"R5: 140 ms":                           {packet(0xfb, 7, frame[:70]), false},
		"R6: three of one size":                {packet(0xfb, 3, 1, 2, 3), true},
		"R6: not divisible":                    {packet(0xfb, 3, 1, 2, 3, 4), false},
		"R6: with padding":                     {packet(0xfb, 0x43, 2, 1, 2, 3, 0, 0), true},
		"R6: padding of 256 octets":            {packet(0xfb, 0x41, 255, 2, 7, frame[:256]), true},
		"R6: more padding than there is":       {packet(0xfb, 0x43, 9, 1, 2, 3), false},
		"R6: no length of padding":             {packet(0xfb, 0x43), false},
		"R7: three of different size":          {packet(0xfb, 0x83, 1, 2, 9, 9, 9, 9), true},
		"R7: longer than all":                  {packet(0xfb, 0x83, 1, 5, 9, 9, 9), false},
		"R7: a length is missing":              {packet(0xfb, 0x83, 1), false},
		"R7: a frame of 1,276 octets the last": {packet(0xfb, 0x82, 0, frame), false},
	} {
		t.Run(name, func(t *testing.T) {
			got := feed(frames.New(domain.Opus), []ports.Packet{
				{Sequence: 1, Payload: test.packet},
				{Sequence: 2, Payload: []byte{0xf8, 1}},
			})
			first := got[0]
			if valid := slices.Equal(first.Data, test.packet); valid != test.valid || got[len(got)-1].Lost == valid {
				t.Fatalf("it is taken: %v, want %v", valid, test.valid)
			}
		})
	}
}

// TestRandomSoundDecodes has a publisher send anything but sound: what is taken must
// not make a decoder complain.
func TestRandomSoundDecodes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var packets []ports.Packet
	for n := range uint64(1_000) {
		payload := make([]byte, 1+random.IntN(200))
		for i := range payload {
			payload[i] = byte(random.Uint32())
		}
		packets = append(packets, ports.Packet{Sequence: n, Timestamp: uint32(n * 960), Payload: payload})
	}
	path := filepath.Join(t.TempDir(), "sound.mp4")
	writer, err := container.Create(path, nil, &container.AudioFormat{Channels: 2})
	if err != nil {
		t.Fatal(err)
	}
	var f container.Fragment
	for _, g := range feed(frames.New(domain.Opus), packets) {
		at := int64(g.Timestamp)
		f.Audio = append(f.Audio, container.Sample{DTS: at, PTS: at, Duration: 960, Key: true, Data: g.Data})
	}
	if n := len(f.Audio); n < 100 || n > 900 {
		t.Fatalf("%d of %d packets are taken", n, len(packets))
	}
	if err := writer.Write(f); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	run(t, nil, "-v", "error", "-i", path, "-f", "null", "-")
}
