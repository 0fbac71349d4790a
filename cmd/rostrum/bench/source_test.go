package bench

import (
	"math"
	"testing"
	"time"

	"github.com/pion/rtp/codecs"
)

// TestSourceKeepsItsBitrate looks at a minute of each stream.
func TestSourceKeepsItsBitrate(t *testing.T) {
	for _, stream := range []Stream{{"h264", 2500, 30}, {"vp8", 500, 15}, {"h264", 8000, 60}} {
		s := newSource(stream)
		var pictures, sounds, bytes, keys, keyBytes int
		var last time.Duration
		for s.due() < time.Minute {
			due := s.due()
			f := s.next(false)
			if f.at != due || f.at < last {
				t.Fatalf("%+v: a frame of %v comes after %v, due at %v", stream, f.at, last, due)
			}
			last = f.at
			switch {
			case f.kind == audio:
				sounds++
			case f.key:
				keys++
				keyBytes += f.size
				fallthrough
			default:
				pictures++
				bytes += f.size
			}
		}
		if pictures != 60*stream.FPS || sounds != 3000 || keys != 30 {
			t.Errorf("%+v: %d pictures, %d key frames, %d pieces of sound", stream, pictures, keys, sounds)
		}
		if kbps := float64(bytes) * 8 / 60_000; math.Abs(kbps/float64(stream.Bitrate)-1) > 0.02 {
			t.Errorf("%+v: %.0f kbit/s", stream, kbps)
		}
		delta := float64(bytes-keyBytes) / float64(pictures-keys)
		if weight := float64(keyBytes) / float64(keys) / delta; math.Abs(weight-keyWeight) > 0.1 {
			t.Errorf("%+v: a key frame is %.1f delta frames", stream, weight)
		}
	}
}

func TestSourceGivesTheKeyFramesThatAreAskedFor(t *testing.T) {
	s := newSource(Stream{"h264", 2500, 30})
	var keys []int
	for i := 0; i < 100; {
		f := s.next(i == 40)
		if f.kind == audio {
			continue
		}
		if f.key {
			keys = append(keys, i)
		}
		i++
	}
	if len(keys) != 2 || keys[0] != 0 || keys[1] != 40 {
		t.Errorf("key frames at %v, want 0, 40, and the next two seconds later", keys)
	}
}

// TestPacketsAreWhatReceiversTake puts frames of each size together again, as receivers do.
func TestPacketsAreWhatReceiversTake(t *testing.T) {
	for _, codec := range []string{"h264", "vp8"} {
		for _, f := range []frame{{size: 1}, {size: 500}, {size: maxPayload}, {size: 9920}, {size: 39_680, key: true}} {
			var unit []byte
			packets := 0
			for payload, last := range newPacketizer(codec).payloads(f) {
				packets++
				if len(payload) > maxPayload || len(payload) < stampSize {
					t.Errorf("%s, %d bytes: a payload of %d", codec, f.size, len(payload))
				}
				now := time.Unix(1700000000, 123456789)
				putStamp(payload, 7, now)
				if number, at, ok := readStamp(payload); !ok || number != 7 || !at.Equal(now) {
					t.Errorf("%s: the stamp reads %d, %v", codec, number, at)
				}
				whole := len(unit)
				unit = append(unit, assemble(t, codec, payload, packets == 1)...)
				if codec == "h264" && last && len(unit) == whole && f.size > maxPayload {
					t.Errorf("h264, %d bytes: the last fragment gives no unit", f.size)
				}
			}
			if expected := (f.size + maxPayload) / (maxPayload - 4); packets > expected+2 {
				t.Errorf("%s, %d bytes: %d packets", codec, f.size, packets)
			}
		}
	}
	if packets := countPackets("h264", frame{size: 39_680, key: true}); packets != 36 {
		t.Errorf("a key frame is %d packets, want its parameter sets and 35", packets)
	}
}

var depacketizer codecs.H264Packet

// assemble returns what a receiver's depacketizer makes of a payload.
func assemble(t *testing.T, codec string, payload []byte, first bool) []byte {
	t.Helper()
	if codec == "h264" {
		unit, err := depacketizer.Unmarshal(payload)
		if err != nil {
			t.Fatalf("H264: %v", err)
		}
		return unit
	}
	var p codecs.VP8Packet
	part, err := p.Unmarshal(payload)
	if err != nil || (p.S == 1) != first || p.I != 1 || p.PictureID == 0 {
		t.Fatalf("VP8: %v, %+v", err, p)
	}
	return part
}

func countPackets(codec string, f frame) (n int) {
	for range newPacketizer(codec).payloads(f) {
		n++
	}
	return n
}

func TestStampsOfOthersAreNotRead(t *testing.T) {
	for _, payload := range [][]byte{nil, make([]byte, stampSize-1), make([]byte, 100)} {
		if _, _, ok := readStamp(payload); ok {
			t.Errorf("a stamp is read from %d bytes of zeros", len(payload))
		}
	}
}
