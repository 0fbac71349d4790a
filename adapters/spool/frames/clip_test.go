package frames_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/Eyevinn/mp4ff/avc"
	"github.com/Eyevinn/mp4ff/mp4"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"

	"rostrum/adapters/spool/container"
	"rostrum/adapters/spool/frames"
	"rostrum/domain"
	"rostrum/ports"
)

// clip is what an encoder has made, as a publisher has it and as the assembler shall
// give it out again.
type clip struct {
	codec         domain.Codec
	width, height int
	pictures      []source
}

// source is one picture, in the order of decoding.
type source struct {
	data     []byte // as frames.Frame has it
	wire     []byte // as the payloader wants it
	key      bool
	leading  bool // hangs on the key frame before it and on what was before that (RASL)
	dts, pts int64
}

const (
	size  = "320x180"
	frame = 3_000 // ticks of a picture
)

// encodings are clips by name: encoder and options.
var encodings = map[string]struct {
	codec   domain.Codec
	options string
}{
	"VP8":                    {domain.VP8, "libvpx -deadline realtime -cpu-used 8"},
	"VP9":                    {domain.VP9, "libvpx-vp9 -deadline realtime -cpu-used 8"},
	"VP9 with superframes":   {domain.VP9, "libvpx-vp9 -auto-alt-ref 1 -lag-in-frames 25 -deadline good -cpu-used 5"},
	"H264":                   {domain.H264, "libx264 -preset ultrafast -tune zerolatency"},
	"H264 with B pictures":   {domain.H264, "libx264 -preset fast -bf 2"},
	"H264 in slices":         {domain.H264, "libx264 -preset ultrafast -tune zerolatency -slices 4"},
	"H265":                   {domain.H265, "libx265 -preset ultrafast -tune zerolatency -x265-params log-level=error:open-gop=0"},
	"H265 with B pictures":   {domain.H265, "libx265 -preset ultrafast -x265-params log-level=error:open-gop=0:bframes=3"},
	"H265 with open GOP":     {domain.H265, "libx265 -preset ultrafast -x265-params log-level=error:open-gop=1:bframes=3"},
	"AV1":                    {domain.AV1, "libaom-av1 -usage realtime -cpu-used 8"},
	"AV1 with hidden frames": {domain.AV1, "libsvtav1 -preset 12"},
}

// encode makes a clip of two seconds with a key frame each half second.
func encode(t *testing.T, name, size string) clip {
	t.Helper()
	e := encodings[name]
	c := clip{codec: e.codec}
	fmt.Sscanf(size, "%dx%d", &c.width, &c.height)
	path, statistics := filepath.Join(t.TempDir(), "clip.mp4"), filepath.Join(t.TempDir(), "pass")
	args := append(strings.Fields("-v error -f lavfi -i testsrc2=rate=30:duration=2:size="+size+
		" -pix_fmt yuv420p -g 15 -keyint_min 15 -c:v"), strings.Fields(e.options)...)
	if strings.Contains(e.options, "-auto-alt-ref") { // takes two passes
		run(t, nil, append(args, "-pass", "1", "-passlogfile", statistics, "-f", "null", "-")...)
		args = append(args, "-pass", "2", "-passlogfile", statistics)
	}
	switch e.codec {
	case domain.H264, domain.H265:
		run(t, nil, append(args, "-movflags", "frag_keyframe+empty_moov+default_base_moof", path)...)
		c.readMP4(t, path)
	default:
		c.readIVF(t, run(t, nil, append(args, "-f", "ivf", "-")...))
	}
	return c
}

// run runs ffmpeg, which must say nothing.
func run(t *testing.T, stdin []byte, args ...string) []byte {
	t.Helper()
	command := exec.Command("ffmpeg", args...)
	command.Env = append(os.Environ(), "SVT_LOG=0")
	command.Stdin = bytes.NewReader(stdin)
	var out, complaints bytes.Buffer
	command.Stdout, command.Stderr = &out, &complaints
	if err := command.Run(); err != nil || complaints.Len() > 0 {
		t.Fatalf("ffmpeg %s: %v\n%s", strings.Join(args, " "), err, complaints.String())
	}
	return out.Bytes()
}

func (c *clip) readIVF(t *testing.T, file []byte) {
	t.Helper()
	for rest := file[32:]; len(rest) > 0; {
		n := int(binary.LittleEndian.Uint32(rest))
		pts := int64(binary.LittleEndian.Uint64(rest[4:])) * frame
		picture := rest[12 : 12+n]
		rest = rest[12+n:]
		s := source{data: picture, wire: picture, dts: pts, pts: pts}
		if c.codec == domain.AV1 {
			s.data = bytes.TrimPrefix(picture, []byte{0x12, 0x00}) // temporal delimiter
		}
		c.pictures = append(c.pictures, s)
	}
	for i := range c.pictures {
		c.pictures[i].key = i%15 == 0
	}
}

func (c *clip) readMP4(t *testing.T, path string) {
	t.Helper()
	file, err := mp4.ReadMP4File(path)
	if err != nil {
		t.Fatal(err)
	}
	var sets [][]byte
	trak := file.Init.Moov.Trak
	scale := int64(trak.Mdia.Mdhd.Timescale)
	if entry := trak.Mdia.Minf.Stbl.Stsd.AvcX; entry != nil {
		sets = append(slices.Clone(entry.AvcC.SPSnalus), entry.AvcC.PPSnalus...)
	} else {
		for _, array := range trak.Mdia.Minf.Stbl.Stsd.HvcX.HvcC.NaluArrays {
			sets = append(sets, array.Nalus...)
		}
		sets = sets[:3] // VPS, SPS, PPS, without the SEI
	}
	for _, segment := range file.Segments {
		for _, fragment := range segment.Fragments {
			samples, err := fragment.GetFullSamples(file.Init.Moov.Mvex.Trex)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range samples {
				p := source{
					data: s.Data, key: s.IsSync(),
					dts: int64(s.DecodeTime) * 90_000 / scale, pts: s.PresentationTime() * 90_000 / scale,
				}
				const rasl = 8
				p.leading = c.codec == domain.H265 && s.Data[4]>>1&0x3e == rasl
				p.wire = annexB(p, sets)
				c.pictures = append(c.pictures, p)
			}
		}
	}
}

// annexB returns a picture with start codes and the parameter sets before key frames.
func annexB(p source, sets [][]byte) (stream []byte) {
	units, _ := avc.GetNalusFromSample(p.data)
	if p.key {
		units = append(slices.Clone(sets), units...)
	}
	for _, unit := range units {
		stream = append(append(stream, 0, 0, 0, 1), unit...)
	}
	return stream
}

// mtu is small, so that small pictures come in many packets.
const mtu = 200

// payloader packs pictures as publishers do.
func payloader(codec domain.Codec) rtp.Payloader {
	switch codec {
	case domain.VP8:
		return &codecs.VP8Payloader{EnablePictureID: true}
	case domain.VP9:
		return &codecs.VP9Payloader{FlexibleMode: true}
	case domain.H264:
		return &codecs.H264Payloader{}
	case domain.H265:
		return &codecs.H265Payloader{}
	default:
		return &codecs.AV1Payloader{}
	}
}

const (
	firstSequence  = 65_000
	firstTimestamp = 0xffff_fff0
)

// packets returns the clip on the wire, and of which picture each packet is.
func (c clip) packets() (all []ports.Packet, of []int) {
	p := payloader(c.codec)
	for i, picture := range c.pictures {
		payloads := p.Payload(mtu, picture.wire)
		for n, payload := range payloads {
			all = append(all, ports.Packet{
				Sequence:  firstSequence + uint64(len(all)),
				Timestamp: c.timestamp(i),
				Marker:    n == len(payloads)-1,
				Keyframe:  n == 0 && picture.key,
				Payload:   payload,
			})
			of = append(of, i)
		}
	}
	return all, of
}

func (c clip) timestamp(picture int) uint32 {
	return firstTimestamp + uint32(c.pictures[picture].pts)
}

// keyFrom returns the next key frame at a picture or behind it.
func (c clip) keyFrom(picture int) int {
	for !c.pictures[picture].key {
		picture++
	}
	return picture
}

// check compares frames with the pictures of the clip that they should be.
func (c clip) check(t *testing.T, got []frames.Frame, want []int) {
	t.Helper()
	for i, f := range got {
		if i == len(want) {
			t.Fatalf("%d frames, want %d", len(got), len(want))
		}
		p := c.pictures[want[i]]
		switch {
		case f.Timestamp != c.timestamp(want[i]):
			t.Fatalf("frame %d is of %d, want picture %d of %d", i, f.Timestamp, want[i], c.timestamp(want[i]))
		case f.Key != p.key:
			t.Fatalf("frame %d: key %v, want %v", i, f.Key, p.key)
		case !bytes.Equal(f.Data, p.data):
			t.Fatalf("frame %d: %d bytes differ from the %d that went in\n%.60x\n%.60x", i, len(f.Data), len(p.data), f.Data, p.data)
		case f.Key && (f.Format == nil || f.Format.Codec != c.codec || f.Format.Width != c.width || f.Format.Height != c.height):
			t.Fatalf("frame %d has the format %+v", i, f.Format)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d frames, want %d", len(got), len(want))
	}
}

// decodes has ffmpeg decode the frames, which must do without a complaint.
func decodes(t *testing.T, codec domain.Codec, got []frames.Frame) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "got"+container.Extension(codec))
	writer, err := container.Create(path, got[0].Format, nil)
	if err != nil {
		t.Fatal(err)
	}
	times := frames.NewDecodeTimes(codec)
	var f container.Fragment
	for i, g := range got {
		pts := int64(g.Timestamp - firstTimestamp)
		dts, ok := times.Of(g, pts)
		if !ok {
			t.Fatalf("frame %d is shown at %d and decoded at %d", i, pts, dts)
		}
		f.Video = append(f.Video, container.Sample{DTS: dts, PTS: pts, Duration: 1, Key: g.Key, Data: g.Data})
		if i > 0 {
			f.Video[i-1].Duration = dts - f.Video[i-1].DTS
		}
	}
	if err := writer.Write(f); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	run(t, nil, "-v", "error", "-i", path, "-enc_time_base", "1:90000", "-f", "null", "-")
}
