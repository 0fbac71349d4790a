package clip

import (
	"fmt"
	"time"

	"github.com/pion/rtp/codecs/av1/obu"
	"github.com/pion/webrtc/v4"
)

func video(mime string) Track {
	t := Track{webrtc.RTPCodecCapability{MimeType: mime, ClockRate: 90000}}
	switch mime {
	case webrtc.MimeTypeVP9:
		t.Codec.SDPFmtpLine = "profile-id=0"
	case webrtc.MimeTypeH264:
		t.Codec.SDPFmtpLine = h264Line("42e01f")
	case webrtc.MimeTypeH265:
		t.Codec.SDPFmtpLine = "level-id=180;profile-id=1;tier-flag=0;tx-mode=SRST"
	}
	return t
}

// opus is stereo whatever the packets hold, as RFC 7587 asks.
func opus() Track {
	return Track{webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1",
	}}
}

func h264Line(profileLevel string) string {
	return "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=" + profileLevel
}

// refine completes a track's description from one of its frames: the profile, which containers may not tell.
func refine(t *Track, frame []byte) {
	switch t.Codec.MimeType {
	case webrtc.MimeTypeVP9:
		if len(frame) > 0 {
			t.Codec.SDPFmtpLine = fmt.Sprintf("profile-id=%d", frame[0]>>5&1|frame[0]>>4&1<<1)
		}
	case webrtc.MimeTypeH264:
		for nal := range nals(frame) {
			if nal[0]&0x1F == nalSPS && len(nal) > 4 {
				t.Codec.SDPFmtpLine = h264Line(h264Profile(nal[1], nal[2]))
			}
		}
	}
}

// h264Profile names a profile as browsers do: encoders set more constraint bits than SDP compares by.
func h264Profile(profile, constraints byte) string {
	switch {
	case profile == 66 && constraints&0x40 != 0:
		return "42e01f"
	case profile == 66:
		return "42001f"
	case profile == 77:
		return "4d001f"
	case profile == 100:
		return "64001f"
	}
	return fmt.Sprintf("%02x001f", profile)
}

// isKey says whether a decoder can start with this sample.
func isKey(mime string, data []byte) bool {
	if len(data) == 0 {
		return false
	}
	switch mime {
	case webrtc.MimeTypeVP8:
		return data[0]&1 == 0
	case webrtc.MimeTypeVP9: // not an old frame shown again, and of type key; profile 3 has one bit more before
		const profile3 = 0x30
		if data[0]&profile3 == profile3 {
			return data[0]&0x06 == 0
		}
		return data[0]&0x0C == 0
	case webrtc.MimeTypeAV1:
		return hasSequenceHeader(data)
	case webrtc.MimeTypeH264, webrtc.MimeTypeH265:
		for nal := range nals(data) {
			if nalEntry(mime, nal) {
				return true
			}
		}
		return false
	}
	return true
}

// hasSequenceHeader walks the units of an AV1 temporal unit; damaged ones end the walk.
func hasSequenceHeader(unit []byte) bool {
	for len(unit) > 0 {
		header, err := obu.ParseOBUHeader(unit)
		if err != nil {
			return false
		}
		if header.Type == obu.OBUSequenceHeader {
			return true
		}
		if !header.HasSizeField || len(unit) <= header.Size() {
			return false
		}
		size, n, err := obu.ReadLeb128(unit[header.Size():])
		skip := header.Size() + int(n) + int(size)
		if err != nil || skip > len(unit) {
			return false
		}
		unit = unit[skip:]
	}
	return false
}

// opusDuration reads a packet's length from its first bytes (RFC 6716, section 3.1).
func opusDuration(packet []byte) time.Duration {
	if len(packet) == 0 {
		return 0
	}
	frames := 2
	switch packet[0] & 3 {
	case 0:
		frames = 1
	case 3:
		if len(packet) < 2 {
			return 0
		}
		frames = int(packet[1] & 0x3F)
	}
	const ms = time.Millisecond
	silk := [...]time.Duration{10 * ms, 20 * ms, 40 * ms, 60 * ms}
	celt := [...]time.Duration{2500 * time.Microsecond, 5 * ms, 10 * ms, 20 * ms}
	switch config := packet[0] >> 3; {
	case config < 12:
		return silk[config&3] * time.Duration(frames)
	case config < 16: // hybrid: 10 or 20 ms
		return silk[config&1] * time.Duration(frames)
	default:
		return celt[config&3] * time.Duration(frames)
	}
}
