package container

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/Eyevinn/mp4ff/avc"
	"github.com/Eyevinn/mp4ff/hevc"
	"github.com/Eyevinn/mp4ff/mp4"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/av1"

	"rostrum/domain"
)

// A file is ftyp, a placeholder, moov (with mvex), and moof and mdat for each
// fragment. When it is finalized a moov with sample tables is appended, and the
// placeholder becomes the head of an mdat that reaches up to it: the fragments' own
// boxes are then media that nobody refers to. (OBS Studio's "hybrid MP4" is this.)
const placeholderSize = 16

// brands are the fourth brand of the files that we write: of the sample entry.
var brands = map[domain.Codec]string{domain.H264: "avc1", domain.H265: "hvc1", domain.AV1: "av01", domain.VP9: "vp09"}

// entries are the codecs by the names of their sample entries.
var entries = map[string]domain.Codec{
	"avc1": domain.H264, "hvc1": domain.H265, "av01": domain.AV1, "vp09": domain.VP9, "Opus": domain.Opus,
}

// mp4Format writes fragmented MP4.
type mp4Format struct {
	video *VideoFormat
	audio *AudioFormat

	fragments uint32
	runs      [2]mp4.TrunBox // of a fragment's pictures and sounds; kept for their memory
}

func (m *mp4Format) head() ([]byte, error) {
	moov := mp4.NewMoovBox()
	moov.AddChild(mp4.CreateMvhd())
	moov.Mvhd.Timescale, moov.Mvhd.NextTrackID = VideoRate, audioTrack+1
	mvex := mp4.NewMvexBox()
	if m.video != nil {
		entry, err := visualEntry(m.video)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.video.Codec, err)
		}
		trak := emptyTrak(videoTrack, VideoRate, "video", entry)
		trak.Tkhd.Width, trak.Tkhd.Height = mp4.Fixed32(entry.Width)<<16, mp4.Fixed32(entry.Height)<<16
		moov.AddChild(trak)
		mvex.AddChild(mp4.CreateTrex(videoTrack))
	}
	if m.audio != nil {
		moov.AddChild(emptyTrak(audioTrack, AudioRate, "audio", opusEntry(m.audio)))
		mvex.AddChild(mp4.CreateTrex(audioTrack))
	}
	moov.AddChild(mvex)
	codec := domain.Codec("")
	if m.video != nil {
		codec = m.video.Codec
	}
	head, err := encode(fileType(codec), placeholder(), moov)
	if len(head) > maxMP4Head {
		return nil, fmt.Errorf("%s: %d bytes describe the pictures, which are too many", codec, len(head))
	}
	return head, err
}

// fileType is of a file with pictures in a codec; "" is for sound alone.
func fileType(codec domain.Codec) *mp4.FtypBox {
	compatible := []string{"isom", "iso6", "mp41"}
	if brand := brands[codec]; brand != "" {
		compatible = append(compatible, brand)
	}
	return mp4.NewFtyp("isom", 0x200, compatible)
}

// placeholder is as long as the head of an mdat of more than 4 GiB.
func placeholder() *mp4.FreeBox { return mp4.NewFreeBox(make([]byte, placeholderSize-8)) }

func emptyTrak(id, rate uint32, kind string, entry mp4.Box) *mp4.TrakBox {
	trak := mp4.CreateEmptyTrak(id, rate, kind, "und")
	trak.Mdia.Hdlr.Name = kind
	trak.Mdia.Minf.Stbl.Stsd.AddChild(entry)
	return trak
}

// visualEntry returns the sample entry of pictures.
func visualEntry(f *VideoFormat) (*mp4.VisualSampleEntryBox, error) {
	if f.Width < 1 || f.Height < 1 || f.Width > 0xffff || f.Height > 0xffff {
		return nil, fmt.Errorf("pictures of %dx%d cannot be described in MP4", f.Width, f.Height)
	}
	configuration, err := decoderConfiguration(f)
	if err != nil {
		return nil, err
	}
	entry := mp4.CreateVisualSampleEntryBox(brands[f.Codec], uint16(f.Width), uint16(f.Height), configuration)
	entry.CompressorName = ""
	return entry, nil
}

func decoderConfiguration(f *VideoFormat) (mp4.Box, error) {
	switch f.Codec {
	case domain.H264:
		return avcC(f.ParameterSets)
	case domain.H265:
		return hvcC(f.ParameterSets)
	case domain.AV1:
		return av1C(f.ParameterSets)
	case domain.VP9:
		return vpcC(f), nil
	default:
		return nil, errors.New("it cannot be kept in MP4")
	}
}

// avcC is ISO/IEC 14496-15 §5.3.3.
func avcC(sets [][]byte) (mp4.Box, error) {
	var sps, pps [][]byte
	for _, set := range sets {
		switch {
		case len(set) > 0 && avc.GetNaluType(set[0]) == avc.NALU_SPS:
			sps = append(sps, set)
		case len(set) > 0 && avc.GetNaluType(set[0]) == avc.NALU_PPS:
			pps = append(pps, set)
		}
	}
	if len(sps) == 0 || len(pps) == 0 {
		return nil, errors.New("a sequence or a picture parameter set is missing")
	}
	box, err := mp4.CreateAvcC(sps, pps, true)
	if err != nil {
		return nil, err
	}
	first, err := avc.ParseSPSNALUnit(sps[0], false)
	if err != nil {
		return nil, err
	}
	// The library takes each for 8 bits of 4:2:0, and means what the standard calls
	// bit_depth_minus8.
	box.ChromaFormat = first.ChromaFormatIDC
	box.BitDepthLumaMinus1 = byte(first.BitDepthLumaMinus8)     //nolint:gosec // 6 at most
	box.BitDepthChromaMinus1 = byte(first.BitDepthChromaMinus8) //nolint:gosec // as above
	return box, nil
}

// hvcC is ISO/IEC 14496-15 §8.3.3.
func hvcC(sets [][]byte) (mp4.Box, error) {
	var vps, sps, pps [][]byte
	for _, set := range sets {
		if len(set) == 0 {
			continue
		}
		switch hevc.GetNaluType(set[0]) {
		case hevc.NALU_VPS:
			vps = append(vps, set)
		case hevc.NALU_SPS:
			sps = append(sps, set)
		case hevc.NALU_PPS:
			pps = append(pps, set)
		}
	}
	if len(vps) == 0 || len(sps) == 0 || len(pps) == 0 {
		return nil, errors.New("a video, a sequence or a picture parameter set is missing")
	}
	return mp4.CreateHvcC(vps, sps, pps, true, true, true, true)
}

// av1C is the AV1 Codec ISO Media File Format Binding, §2.3.
func av1C(sets [][]byte) (mp4.Box, error) {
	if len(sets) != 1 {
		return nil, errors.New("the sequence header is missing")
	}
	var header av1.SequenceHeader
	if err := header.Unmarshal(sets[0]); err != nil {
		return nil, fmt.Errorf("sequence header: %w", err)
	}
	color := header.ColorConfig
	box := &mp4.Av1CBox{}
	box.Version = 1
	box.SeqProfile = header.SeqProfile
	box.SeqLevelIdx0 = header.SeqLevelIdx[0]
	box.SeqTier0 = bit(header.SeqTier[0])
	box.HighBitdepth, box.TwelveBit, box.MonoChrome = bit(color.HighBitDepth), bit(color.TwelveBit), bit(color.MonoChrome)
	box.ChromaSubsamplingX, box.ChromaSubsamplingY = bit(color.SubsamplingX), bit(color.SubsamplingY)
	box.ChromaSamplePosition = byte(color.ChromaSamplePosition)
	box.ConfigOBUs = sets[0]
	return box, nil
}

// vpcC is the VP Codec ISO Media File Format Binding. The colours are not specified:
// decoders take them from the stream.
func vpcC(f *VideoFormat) mp4.Box {
	const unspecified = 2
	return &mp4.VppCBox{
		Version: 1, Profile: f.Profile, Level: vp9Level(f.Width, f.Height), BitDepth: f.BitDepth,
		ChromaSubsampling: f.Subsampling, VideoFullRangeFlag: bit(f.FullRange),
		ColourPrimaries: unspecified, TransferCharacteristics: unspecified, MatrixCoefficients: unspecified,
	}
}

// vp9Level returns ten times the lowest level (VP9 Levels, Annex A of its
// specification) that has pictures of that size, sixty of them a second.
func vp9Level(width, height int) byte {
	levels := []struct {
		level      byte
		rate, size int // in pixels a second, and pixels
	}{
		{10, 829440, 36864}, {11, 2764800, 73728}, {20, 4608000, 122880}, {21, 9216000, 245760},
		{30, 20736000, 552960}, {31, 36864000, 983040}, {40, 83558400, 2228224}, {41, 160432128, 2228224},
		{50, 311951360, 8912896}, {51, 588251136, 8912896}, {52, 1176502272, 8912896}, {60, 1176502272, 35651584},
		{61, 2353004544, 35651584},
	}
	for _, l := range levels {
		if size := width * height; size <= l.size && size*60 <= l.rate {
			return l.level
		}
	}
	return 62
}

// opusEntry is the Encapsulation of Opus in ISO Base Media File Format, §4.3.2.
// Nothing is skipped at the beginning: what is received live was not padded.
func opusEntry(f *AudioFormat) *mp4.AudioSampleEntryBox {
	channels := byte(max(1, min(f.Channels, 2)))
	configuration := &mp4.DopsBox{OutputChannelCount: channels, InputSampleRate: AudioRate}
	return mp4.CreateAudioSampleEntryBox("Opus", uint16(channels), 16, AudioRate, configuration)
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// encode returns boxes as they are written.
func encode(boxes ...mp4.Box) ([]byte, error) {
	var to bytes.Buffer
	for _, box := range boxes {
		if err := box.Encode(&to); err != nil {
			return nil, err
		}
	}
	return to.Bytes(), nil
}
