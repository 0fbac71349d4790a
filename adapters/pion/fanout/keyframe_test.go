package fanout

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"rostrum/domain"
)

// starts are the beginnings of real RTP payloads, in hexadecimal.
var starts = map[domain.Codec]map[string]struct {
	payload string
	want    bool
}{
	domain.VP8: {
		"key frame":                        {"10 50 42 00 9d 01 2a 80 02 e0 01", true},
		"key frame behind a 7-bit id":      {"90 80 11 50 42 00", true},
		"key frame behind a 15-bit id":     {"90 80 81 23 50 42 00", true},
		"key frame behind all there is":    {"90 f0 81 23 05 60 50 42 00", true},
		"key frame that nothing refers to": {"30 50 42 00", true},
		"inter frame":                      {"10 51 0d 00", false},
		"inter frame behind a 15-bit id":   {"90 80 81 23 31 0d 00", false},
		"key frame goes on":                {"00 50 42 00", false},
		"second partition":                 {"11 50 42 00", false},
		"descriptor alone":                 {"10", false},
		"extension missing":                {"90", false},
		"picture id cut off":               {"90 80 81", false},
	},
	domain.VP9: {
		"key frame with its sizes":       {"8a 81 23 10 05 00 02 d0 82 49 83 42", true},
		"key frame without a picture id": {"08 82 49 83 42", true},
		"lowest spatial layer":           {"a8 81 23 00 07 82 49 83", true},
		"flexible, lowest spatial layer": {"b8 81 23 00 82 49 83", true},
		"upper spatial layer":            {"a8 81 23 02 07 86 00", false},
		"key frame goes on":              {"80 81 23 00 01", false},
		"key frame ends":                 {"84 81 23 00 01", false},
		"inter frame":                    {"c8 81 23 86 00", false},
		"flexible inter frame":           {"d8 81 23 02 86 00", false},
		"picture id cut off":             {"88 81", false},
		"sizes cut off":                  {"8a 81 23 10 05", false},
	},
	domain.H264: {
		"IDR":                      {"65 88 84 00", true},
		"IDR of low importance":    {"25 88 84 00", true},
		"SPS":                      {"67 42 e0 1f", true},
		"PPS":                      {"68 ce 3c 80", false},
		"slice":                    {"41 9a 24 6c", false},
		"SEI":                      {"06 05 10", false},
		"access unit delimiter":    {"09 f0", false},
		"STAP-A of SPS, PPS":       {"78 00 04 67 42 e0 1f 00 04 68 ce 3c 80", true},
		"STAP-A of AUD, SPS":       {"78 00 02 09 f0 00 04 67 42 e0 1f", true},
		"STAP-A of PPS, IDR":       {"78 00 04 68 ce 3c 80 00 03 65 88 84", true},
		"STAP-A of SEI, slice":     {"78 00 03 06 05 10 00 03 41 9a 24", false},
		"STAP-A, a unit too long":  {"78 00 ff 67 42 e0 1f", false},
		"STAP-A, an empty unit":    {"78 00 00 67 42 e0 1f", false},
		"STAP-A, a size alone":     {"78 00 04", false},
		"STAP-A, nothing in it":    {"78", false},
		"FU-A, IDR starts":         {"7c 85 88 84", true},
		"FU-A, IDR goes on":        {"7c 05 88 84", false},
		"FU-A, IDR ends":           {"7c 45 88 84", false},
		"FU-A, slice starts":       {"5c 81 9a 24", false},
		"FU-A without its header":  {"7c", false},
		"FU-B, MTAP: mode 2 alone": {"7d 85 00 00", false},
	},
	domain.H265: {
		"VPS":                    {"40 01 0c 01", true},
		"SPS":                    {"42 01 01 01", true},
		"PPS":                    {"44 01 c1 72", true},
		"BLA_W_LP":               {"20 01 af", true},
		"IDR_W_RADL":             {"26 01 af", true},
		"IDR_N_LP":               {"28 01 af", true},
		"CRA":                    {"2a 01 af", true},
		"TRAIL_R":                {"02 01 d0", false},
		"RASL_R":                 {"12 01 d0", false},
		"access unit delimiter":  {"46 01 50", false},
		"SEI":                    {"4e 01 05", false},
		"AP of VPS, SPS":         {"60 01 00 03 40 01 0c 00 03 42 01 01", true},
		"AP of AUD, IDR":         {"60 01 00 03 46 01 50 00 03 26 01 af", true},
		"AP of AUD, TRAIL":       {"60 01 00 03 46 01 50 00 03 02 01 d0", false},
		"AP, a unit too long":    {"60 01 00 ff 40 01 0c", false},
		"AP, nothing in it":      {"60 01", false},
		"FU, IDR starts":         {"62 01 93 af", true},
		"FU, CRA starts":         {"62 01 95 af", true},
		"FU, IDR goes on":        {"62 01 13 af", false},
		"FU, IDR ends":           {"62 01 53 af", false},
		"FU, TRAIL starts":       {"62 01 81 d0", false},
		"FU without its header":  {"62 01", false},
		"another layer's SPS ok": {"42 09 01 01", true},
	},
	domain.AV1: {
		"a sequence begins, one OBU":  {"18 0a 0b 00 00", true},
		"a sequence begins, two OBUs": {"28 0b 0a 0b 00 00", true},
		"a sequence begins, to go on": {"68 0b 0a 0b 00 00", true},
		"no new sequence":             {"10 32 00", false},
		"an OBU goes on":              {"90 00 01", false},
		"an OBU goes on and on":       {"d0 00 01", false},
		"reserved bits say nothing":   {"17 32 00", false},
	},
	domain.Opus: {"sound has none": {"fc ff fe", false}},
	"MPEG":      {"what is not known": {"65 88 84", false}},
}

func payloadOf(t testing.TB, text string) []byte {
	t.Helper()
	payload, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

func TestStartsKeyframe(t *testing.T) {
	for codec, cases := range starts {
		for name, c := range cases {
			t.Run(string(codec)+"/"+name, func(t *testing.T) {
				if got := startsKeyframe(codec, payloadOf(t, c.payload)); got != c.want {
					t.Errorf("% s: %v, want %v", c.payload, got, c.want)
				}
			})
		}
		if startsKeyframe(codec, nil) || startsKeyframe(codec, []byte{}) {
			t.Errorf("%s: a key frame begins with nothing", codec)
		}
	}
}

// A header without anything behind it is no valid payload.
func TestHeadersAloneBeginNothing(t *testing.T) {
	for codec, payload := range map[domain.Codec]string{
		domain.VP8: "10", domain.VP9: "08", domain.H264: "65", domain.H265: "26", domain.AV1: "18",
	} {
		if startsKeyframe(codec, payloadOf(t, payload)) {
			t.Errorf("%s: a key frame begins with % s alone", codec, payload)
		}
	}
}

func FuzzStartsKeyframe(f *testing.F) {
	codecs := []domain.Codec{domain.VP8, domain.VP9, domain.H264, domain.H265, domain.AV1, domain.Opus}
	for i, codec := range codecs {
		for _, c := range starts[codec] {
			f.Add(uint8(i), payloadOf(f, c.payload))
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, payload []byte) {
		codec, before := codecs[int(which)%len(codecs)], bytes.Clone(payload)
		begins := startsKeyframe(codec, payload)
		if !bytes.Equal(payload, before) {
			t.Error("the payload was changed")
		}
		if begins && codec.Kind() == domain.Audio {
			t.Error("sound has no key frames")
		}
		if longer := append(before, 0, 0, 0); begins && !startsKeyframe(codec, longer) {
			t.Errorf("%s: % x begins a key frame, but not when more of it is there", codec, payload)
		}
	})
}
