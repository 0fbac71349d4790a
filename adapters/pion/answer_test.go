package pion

import (
	"slices"
	"strings"
	"testing"

	"github.com/pion/sdp/v3"
)

// answerOf returns an answer of two sections, of which the first has these
// candidates.
func answerOf(session string, candidates ...string) string {
	all := []string{"v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE a v"}
	if session != "" {
		all = append(all, session)
	}
	all = append(all, "m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 0.0.0.0", "a=mid:a", "a=ice-ufrag:EsAw", "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1")
	for _, c := range candidates {
		all = append(all, "a=candidate:"+c)
	}
	return lines(append(all, "a=end-of-candidates", "m=video 9 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 0.0.0.0", "a=mid:v")...)
}

const (
	udp4 = "1 1 udp 10 192.0.2.1 8189 typ host"
	udp6 = "2 1 UDP 90 2001:db8::1 8189 typ host"
	tcp4 = "3 1 tcp 95 192.0.2.1 8189 typ host tcptype passive"
	tcp6 = "4 1 TCP 99 2001:db8::1 8189 typ host tcptype passive"
)

func second(candidate string) string { return strings.Replace(candidate, " 1 ", " 2 ", 1) }

func TestPolishAnswer(t *testing.T) {
	const options = "a=ice-options:trickle ice2"
	for name, c := range map[string]struct {
		given, want string
	}{
		"in order already":         {answerOf(options, udp4, udp6, tcp4, tcp6), answerOf(options, udp4, udp6, tcp4, tcp6)},
		"the other way round":      {answerOf(options, tcp6, tcp4, udp6, udp4), answerOf(options, udp4, udp6, tcp4, tcp6)},
		"like ones keep their own": {answerOf(options, udp6, "9 1 udp 99 192.0.2.9 1 typ host", udp4), answerOf(options, "9 1 udp 99 192.0.2.9 1 typ host", udp4, udp6)},
		"without RTCP's":           {answerOf(options, second(udp6), udp6, second(udp4), udp4), answerOf(options, udp4, udp6)},
		"RTCP's alone":             {answerOf(options, second(udp4)), answerOf(options)},
		"without any":              {answerOf(options), answerOf(options)},
		"cut ones last":            {answerOf(options, "cut 1", tcp6), answerOf(options, tcp6, "cut 1")},
		"options are added":        {answerOf("", udp4), answerOf(options, udp4)},
		"options are kept":         {answerOf("a=ice-options:trickle", udp4), answerOf("a=ice-options:trickle", udp4)},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := polishAnswer(c.given)
			if err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			again, err := polishAnswer(got)
			if err != nil || again != got {
				t.Errorf("polished again it is another: %v\n%s", err, again)
			}
		})
	}
	if _, err := polishAnswer("nonsense"); err == nil {
		t.Error("nonsense is polished")
	}
}

func TestFragmentOfAnAnswer(t *testing.T) {
	got, err := fragmentOf(answerOf("a=ice-options:trickle ice2", udp4, tcp4))
	if err != nil {
		t.Fatal(err)
	}
	want := lines("a=group:BUNDLE a v", "a=ice-options:trickle ice2", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=mid:a",
		"a=ice-ufrag:EsAw", "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1", "a=candidate:"+udp4, "a=candidate:"+tcp4, "a=end-of-candidates")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if f, err := parseFragment(got); err != nil || f.ufrag != "EsAw" || !slices.Equal(f.candidates, []string{udp4, tcp4}) {
		t.Errorf("it is not read as it was meant: %+v, %v", f, err)
	}
	for _, broken := range []string{"nonsense", lines("v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0")} {
		if _, err := fragmentOf(broken); err == nil {
			t.Errorf("a fragment of %q", broken)
		}
	}
}

// A repeated offer is the old one with another ICE session, wherever the old one
// had its own.
func TestWithICE(t *testing.T) {
	f := fragment{ufrag: "next", pwd: "other0other0other0other0", candidates: []string{hostCandidate, tcpCandidate}}
	for name, c := range map[string]struct{ old, with string }{
		"ICE of the session":       {"", ""},
		"ICE of each section":      {"a=mid:v\n", "a=mid:v\na=ice-ufrag:mine\na=ice-pwd:mine0mine0mine0mine0mine0\n"},
		"candidates and their end": {"a=mid:v\n", "a=mid:v\na=candidate:" + hostCandidate + "\na=candidate:" + rtcpCandidate + "\na=end-of-candidates\n"},
	} {
		t.Run(name, func(t *testing.T) {
			text := edited(t, c.old, c.with)
			o, err := parseOffer(text, publishing)
			if err != nil {
				t.Fatal(err)
			}
			ufrag, pwd := o.credentials()
			renewed, err := o.withICE(f)
			if err != nil {
				t.Fatal(err)
			}
			if u, p := renewed.credentials(); u != f.ufrag || p != f.pwd {
				t.Errorf("credentials %q and %q", u, p)
			}
			if u, p := o.credentials(); u != ufrag || p != pwd || strings.Contains(marshalled(t, o), f.ufrag) {
				t.Error("the old offer has changed with it")
			}
			if got, want := withoutICE(marshalled(t, renewed)), withoutICE(text); got != want {
				t.Errorf("more than ICE is another:\n%s\nwas\n%s", got, want)
			}
			for _, m := range renewed.session.MediaDescriptions {
				_, ended := m.Attribute(sdp.AttrKeyEndOfCandidates)
				if ended || slices.ContainsFunc(m.Attributes, sdp.Attribute.IsICECandidate) {
					t.Errorf("candidates are left, or their end: %v", m.Attributes)
				}
			}
		})
	}
}

func marshalled(t *testing.T, o *offer) string {
	t.Helper()
	text, err := o.session.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func withoutICE(text string) string {
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "a=ice-ufrag") && !strings.HasPrefix(line, "a=ice-pwd") && !strings.HasPrefix(line, "a=candidate") && !strings.HasPrefix(line, "a=end-of") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}
