package frames_test

import (
	"encoding/hex"
	"io"
	"testing"
	"time"

	"github.com/Eyevinn/mp4ff/avc"
	"github.com/Eyevinn/mp4ff/hevc"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/av1"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/vp9"
	"github.com/pion/rtp/codecs/av1/obu"

	"rostrum/adapters/spool/frames"
	"rostrum/domain"
	"rostrum/ports"
)

// tiny has a key frame and the picture after it, of a few pixels and one colour, as a
// payloader wants them.
var tiny = map[domain.Codec][2]string{
	domain.VP8: {"1002009d012a100010000047088585889984880202000c0d6000feffab5080", "b101000510ac001800303ff40c000000fef6b900"},
	domain.VP9: {"824983420000f000f60038241c184a00003060000010bffffd488c00", "860040929c00500000036000004240"},
	domain.H264: {"000000016742c00ada7b0110000003001000000303c8f1226a0000000168ce0fc80000016588843a2628000902e0",
		"00000001419a202694"},
	domain.H265: {"0000000140010c01ffff01600000030090000003000003001e9594090000000142010101600000030090000003000003001ea08845965655bc2f016808000003000800000300f040000000014401c073c0890000012801ac2180077fff0f7c",
		"000000010201d00978810cf2c0"},
	domain.AV1: {"12000a0a00000002afff9b5f2008321210009000082082200000c1b4e5c0c3011ac6", "1200321230038080fdf806c000596596281042009530"},
}

func FuzzVP8(f *testing.F)  { fuzz(f, domain.VP8) }
func FuzzVP9(f *testing.F)  { fuzz(f, domain.VP9) }
func FuzzH264(f *testing.F) { fuzz(f, domain.H264) }
func FuzzH265(f *testing.F) { fuzz(f, domain.H265) }
func FuzzAV1(f *testing.F)  { fuzz(f, domain.AV1) }
func FuzzOpus(f *testing.F) { fuzz(f, domain.Opus) }

// fuzz takes an assembler through any sequence of packets, whole or mangled, out of
// order, lost and late. What it gives out must be what a decoder can parse.
func fuzz(f *testing.F, codec domain.Codec) {
	var good [][]byte
	for _, picture := range tiny[codec] {
		data, err := hex.DecodeString(picture)
		if err != nil {
			f.Fatal(err)
		}
		good = append(good, payloader(codec).Payload(40, data)...)
	}
	if codec == domain.Opus {
		good = [][]byte{{0xfc, 1, 2, 3}, {0xfb, 0x43, 2, 1, 2, 3, 0, 0}}
	}
	all := []byte{}
	for n := range good {
		all = append(all, 1, byte(n)) // with markers
	}
	f.Add(all)
	f.Add([]byte{0, 0, 0, 1, 1, 2, 0x11, 3, 4, 3, 0x11, 0, 9, 1, 0x23, 4, 1, 2, 3, 4, 12, 0, 1, 1})
	for _, payload := range good {
		f.Add(append([]byte{3, byte(len(payload))}, payload...))
	}
	f.Fuzz(func(t *testing.T, steps []byte) { play(t, codec, good, steps) })
}

// play feeds the packets that steps describe: an octet of flags, then the number of a
// good payload, or the length of another one and that.
func play(t *testing.T, codec domain.Codec, good [][]byte, steps []byte) {
	a, times, now := frames.New(codec), frames.NewDecodeTimes(codec), start
	p := ports.Packet{Sequence: 1_000}
	last := int64(-1)
	check := func() {
		for f, ok := a.Next(now); ok; f, ok = a.Next(now) {
			checkFrame(t, codec, f)
			dts, ok := times.Of(f, int64(f.Timestamp))
			if dts <= last || ok != (dts <= int64(f.Timestamp)) {
				t.Fatalf("a frame of %d is decoded at %d, %v after %d", f.Timestamp, dts, ok, last)
			}
			last = dts
		}
	}
	for len(steps) > 1 {
		flags, n := steps[0], steps[1]
		steps = steps[2:]
		p.Marker = flags&1 != 0
		if flags&2 == 0 {
			p.Payload = good[int(n)%len(good)]
		} else {
			p.Payload = steps[:min(int(n), len(steps))]
			steps = steps[len(p.Payload):]
		}
		p.Sequence += []uint64{1, 2, ^uint64(1), 1 << 30}[flags>>2&3]
		p.Timestamp += []uint32{0, 3_000, ^uint32(0), 1 << 31}[flags>>4&3]
		now = now.Add([]time.Duration{0, time.Millisecond, time.Second / 3, 2 * time.Second}[flags>>6])
		a.Add(p, now)
		check()
	}
	a.Flush()
	check()
}

func checkFrame(t *testing.T, codec domain.Codec, f frames.Frame) {
	t.Helper()
	if len(f.Data) == 0 || f.Arrived.IsZero() {
		t.Fatalf("an empty frame: %+v", f)
	}
	if video := codec != domain.Opus; (f.Format != nil) != (video && f.Key) || !video && !f.Key {
		t.Fatalf("key %v with the format %+v", f.Key, f.Format)
	}
	var err error
	switch codec {
	case domain.VP9:
		var header vp9.Header
		err = header.Unmarshal(f.Data)
	case domain.H264, domain.H265:
		err = checkUnits(codec, f)
	case domain.AV1:
		for rest := f.Data; len(rest) > 0 && err == nil; {
			rest, err = skipOBU(rest)
		}
		if f.Key && err == nil {
			var h av1.SequenceHeader
			err = h.Unmarshal(f.Format.ParameterSets[0])
		}
	}
	if err != nil {
		t.Fatalf("%x: %v", f.Data, err)
	}
	if f.Key && f.Format != nil && (f.Format.Width < 1 || f.Format.Height < 1) {
		t.Fatalf("the format %+v", f.Format)
	}
}

// checkUnits reads NAL units, and the parameter sets as the container will.
func checkUnits(codec domain.Codec, f frames.Frame) error {
	if _, err := avc.GetNalusFromSample(f.Data); err != nil {
		return err
	}
	if !f.Key {
		return nil
	}
	if codec == domain.H264 {
		_, err := avc.CreateAVCDecConfRec(f.Format.ParameterSets[:1], f.Format.ParameterSets[1:], true)
		return err
	}
	sets := map[hevc.NaluType][][]byte{}
	for _, set := range f.Format.ParameterSets {
		t := hevc.GetNaluType(set[0])
		sets[t] = append(sets[t], set)
	}
	_, err := hevc.CreateHEVCDecConfRec(sets[hevc.NALU_VPS], sets[hevc.NALU_SPS], sets[hevc.NALU_PPS], true, true, true, true)
	return err
}

func skipOBU(data []byte) ([]byte, error) {
	h, err := obu.ParseOBUHeader(data)
	if err != nil {
		return nil, err
	}
	size, n, err := obu.ReadLeb128(data[h.Size():])
	if err != nil {
		return nil, err
	}
	if end := h.Size() + int(n) + int(size); h.HasSizeField && end <= len(data) {
		return data[end:], nil
	}
	return nil, io.ErrUnexpectedEOF
}
