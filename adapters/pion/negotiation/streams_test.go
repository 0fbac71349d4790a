package negotiation

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// announced adds attributes to the sections of plain and returns the streams of each.
func announced(t *testing.T, audio, video string) [2][]Stream {
	t.Helper()
	text := edited(t, "a=mid:a\n", "a=mid:a\n"+audio)
	o := parsed(t, strings.Replace(text, "a=mid:v\r\n", "a=mid:v\r\n"+strings.ReplaceAll(video, "\n", "\r\n"), 1), Publishing)
	return [2][]Stream{o.Sections[0].Streams, o.Sections[1].Streams}
}

func TestStreams(t *testing.T) {
	for name, c := range map[string]struct {
		audio, video string
		want         [2][]Stream
	}{
		"none":                    {"", "", [2][]Stream{}},
		"of each section":         {"a=ssrc:1 cname:x\n", "a=ssrc:2 cname:x\n", [2][]Stream{{{1, 0}}, {{2, 0}}}},
		"with several attributes": {"a=ssrc:1 cname:x\na=ssrc:1 msid:x y\na=ssrc:1\n", "", [2][]Stream{{{1, 0}}, nil}},
		"with retransmissions":    {"", "a=ssrc-group:FID 4294967295 3\na=ssrc:4294967295 cname:x\na=ssrc:3 cname:x\n", [2][]Stream{nil, {{4294967295, 3}}}},
		"the group comes last":    {"", "a=ssrc:3 cname:x\na=ssrc:2 cname:x\na=ssrc-group:FID 2 3\n", [2][]Stream{nil, {{2, 3}}}},
		"simulcast, by SSRC":      {"", "a=ssrc-group:SIM 2 4\na=ssrc-group:FID 2 3\na=ssrc-group:FID 4 5\na=ssrc:2 a:b\na=ssrc:3 a:b\na=ssrc:4 a:b\na=ssrc:5 a:b\n", [2][]Stream{nil, {{2, 3}, {4, 5}}}},
		"forward error correction": {"", "a=ssrc-group:FEC-FR 2 6\na=ssrc-group:FID 2 3\na=ssrc:2 a:b\na=ssrc:3 a:b\na=ssrc:6 a:b\n",
			[2][]Stream{nil, {{2, 3}}}},
		"of two sections":               {"a=ssrc:2 cname:x\n", "a=ssrc:2 cname:x\na=ssrc:4 cname:x\n", [2][]Stream{{{2, 0}}, {{4, 0}}}},
		"retransmissions of the sound":  {"a=ssrc:1 cname:x\n", "a=ssrc-group:FID 2 1\na=ssrc:2 cname:x\n", [2][]Stream{{{1, 0}}, {{2, 0}}}},
		"retransmissions of themselves": {"", "a=ssrc-group:FID 2 2\na=ssrc:2 cname:x\n", [2][]Stream{nil, {{2, 0}}}},
		"a group of one":                {"", "a=ssrc-group:FID 2\na=ssrc:2 cname:x\n", [2][]Stream{nil, {{2, 0}}}},
		"what is no SSRC":               {"a=ssrc:0 cname:x\na=ssrc:4294967296 cname:x\na=ssrc:-1 cname:x\na=ssrc:\n", "a=ssrc-group:FID 2 x\na=ssrc:2 cname:x\n", [2][]Stream{nil, {{2, 0}}}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, announced(t, c.audio, c.video)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestStreamsAreBounded(t *testing.T) {
	var many strings.Builder
	for i := range 2 * maxStreams {
		fmt.Fprintf(&many, "a=ssrc:%d cname:x\n", i+1)
	}
	if got := announced(t, "", many.String())[1]; len(got) != maxStreams || got[maxStreams-1].SSRC != maxStreams {
		t.Errorf("%v", got)
	}
}

func TestTransportCC(t *testing.T) {
	const mid, cc = " urn:ietf:params:rtp-hdrext:sdes:mid", " http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
	for name, c := range map[string]struct {
		lines string
		want  uint8
	}{
		"none":               {"", 0},
		"both":               {"a=extmap:3" + cc + "\na=extmap:4" + mid + "\n", 3},
		"another":            {"a=extmap:3 urn:ietf:params:rtp-hdrext:toffset\n", 0},
		"with parameters":    {"a=extmap:14" + cc + " x=y\n", 14},
		"one way":            {"a=extmap:3/recvonly" + cc + "\na=extmap:4/sendonly" + mid + "\n", 0},
		"out of one byte":    {"a=extmap:15" + cc + "\na=extmap:16" + mid + "\n", 0},
		"no number":          {"a=extmap:0" + cc + "\na=extmap:x" + mid + "\na=extmap:" + mid + "\n", 0},
		"a number by itself": {"a=extmap:3\n", 0},
	} {
		t.Run(name, func(t *testing.T) {
			o := parsed(t, edited(t, "a=mid:v\n", "a=mid:v\n"+c.lines), Publishing)
			if got := o.Sections[1].TransportCC; got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}
