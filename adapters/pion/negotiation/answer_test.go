package negotiation

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

const (
	udp4 = "1 1 udp 10 192.0.2.1 8189 typ host"
	udp6 = "2 1 UDP 90 2001:db8::1 8189 typ host"
	tcp4 = "3 1 tcp 95 192.0.2.1 8189 typ host tcptype passive"
	tcp6 = "4 1 TCP 99 2001:db8::1 8189 typ host tcptype passive"
)

// facts are a server's, its candidates in the worst order.
var facts = Transport{
	Credentials: Credentials{"OwnU", "own0own0own0own0own0own0"},
	Candidates:  []string{tcp6, tcp4, udp6, udp4},
	Fingerprint: FingerprintOf([]byte("a certificate")),
}

// origin is the one line of an answer that is another each time.
var origin = regexp.MustCompile(`(?m)^o=- [1-9]\d* 0 IN IP4 0\.0\.0\.0\r$`)

// answered returns the answer to an offer with what is chosen by chance made the same:
// the session id, and the SSRCs, from 1000 on.
func answered(t *testing.T, o *Offer, tracks []domain.Track) string {
	t.Helper()
	var plan []Output
	if o.From == Subscribing {
		var err error
		if plan, err = o.PlanOutputs(tracks); err != nil {
			t.Fatal(err)
		}
	}
	for i := range plan {
		plan[i].SSRC = uint32(1000 + 2*i)
		if plan[i].RTX != 0 {
			plan[i].RTX = uint32(1001 + 2*i)
		}
	}
	answer, err := o.Answer(facts, plan)
	if err != nil {
		t.Fatal(err)
	}
	if len(origin.FindAllString(answer, -1)) != 1 {
		t.Fatalf("no origin with a session id:\n%s", answer)
	}
	return origin.ReplaceAllString(answer, "o=- 1 0 IN IP4 0.0.0.0\r")
}

// The whole answer to each of the whole offers. UPDATE=1 writes the files anew.
func TestWholeAnswers(t *testing.T) {
	sound, vp9 := domain.Track{ID: "audio", Codec: domain.Opus}, domain.Track{ID: "video", Codec: domain.VP9}
	h264 := domain.Track{ID: "video", Codec: domain.H264, Format: "packetization-mode=1;profile-level-id=42c01f"}
	for name, c := range map[string]struct {
		client string
		from   Side
		tracks []domain.Track
	}{
		"chrome":          {"chrome", Publishing, nil},
		"ffmpeg":          {"ffmpeg", Publishing, nil},
		"gstreamer":       {"gstreamer", Publishing, nil},
		"obs":             {"obs", Publishing, nil},
		"firefox":         {"firefox", Subscribing, nil},
		"firefox-h264":    {"firefox", Subscribing, []domain.Track{h264, sound}},
		"firefox-picture": {"firefox", Subscribing, []domain.Track{vp9}},
	} {
		t.Run(name, func(t *testing.T) {
			got := answered(t, parsed(t, offerOf(t, c.client), c.from), c.tracks)
			file := filepath.Join("testdata", "answers", name+".sdp")
			if os.Getenv("UPDATE") == "1" {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(strings.Split(string(want), "\r\n"), strings.Split(got, "\r\n")); d != "" {
				t.Error(d)
			}
		})
	}
}

// An answer of one section has a group only where the offer has (RFC 9143 §7.3), and
// names only mids that are there.
func TestGroups(t *testing.T) {
	alone := func(group string) string {
		return edited(t, "a=group:BUNDLE a v\n"+transport+audioSection+videoSection, group+transport+audioSection)
	}
	for name, c := range map[string]struct{ offer, want string }{
		"both":                          {edited(t, "", ""), "BUNDLE a v"},
		"the other way round":           {edited(t, "BUNDLE a v", "BUNDLE v a"), "BUNDLE v a"},
		"with others":                   {edited(t, "BUNDLE a v", "BUNDLE x a y v a"), "BUNDLE a v"},
		"of one section":                {alone("a=group:BUNDLE a\n"), "BUNDLE a"},
		"none":                          {alone(""), ""},
		"one that it does not stand in": {alone("a=group:BUNDLE b\n"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			answer := answered(t, parsed(t, c.offer, Publishing), nil)
			_, group, _ := strings.Cut(answer, "a=group:")
			group, _, _ = strings.Cut(group, "\r\n")
			if group != c.want || c.want == "" && strings.Contains(answer, "a=group") {
				t.Errorf("%q, want %q", group, c.want)
			}
		})
	}
}

// Candidates stand in the section whose transport the bundle takes, and nowhere else.
func TestCandidatesOfAnAnswer(t *testing.T) {
	for group, want := range map[string]int{"BUNDLE a v": 0, "BUNDLE v a": 1} {
		answer := answered(t, parsed(t, edited(t, "BUNDLE a v", group), Publishing), nil)
		for i, section := range strings.Split(answer, "m=")[1:] {
			var candidates []string
			for line := range strings.SplitSeq(section, "\r\n") {
				if c, ok := strings.CutPrefix(line, "a=candidate:"); ok {
					candidates = append(candidates, c)
				}
			}
			ended := strings.Contains(section, "a=end-of-candidates\r\n")
			switch d := cmp.Diff([]string{udp4, udp6, tcp4, tcp6}, candidates); {
			case i == want && (d != "" || !ended):
				t.Errorf("%s, section %d, ended: %v\n%s", group, i, ended, d)
			case i != want && (len(candidates) > 0 || ended):
				t.Errorf("%s, section %d has candidates %v, ended: %v", group, i, candidates, ended)
			}
		}
	}
}

func TestSortedCandidates(t *testing.T) {
	for name, c := range map[string]struct{ given, want []string }{
		"in order already":         {[]string{udp4, udp6, tcp4, tcp6}, []string{udp4, udp6, tcp4, tcp6}},
		"the other way round":      {[]string{tcp6, tcp4, udp6, udp4}, []string{udp4, udp6, tcp4, tcp6}},
		"like ones keep their own": {[]string{udp6, "9 1 udp 99 192.0.2.9 1 typ host", udp4}, []string{"9 1 udp 99 192.0.2.9 1 typ host", udp4, udp6}},
		"none":                     {nil, nil},
		"cut ones last":            {[]string{"cut 1", tcp6}, []string{tcp6, "cut 1"}},
	} {
		t.Run(name, func(t *testing.T) {
			before := strings.Join(c.given, "|")
			if d := cmp.Diff(c.want, sortedCandidates(c.given)); d != "" {
				t.Error(d)
			}
			if strings.Join(c.given, "|") != before {
				t.Error("the caller's have changed their order")
			}
		})
	}
}
