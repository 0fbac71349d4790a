package pion

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pion/sdp/v3"

	"rostrum/domain"
)

const (
	hostCandidate = "1 1 UDP 2130706431 198.51.100.1 39132 typ host"
	tcpCandidate  = "2 1 tcp 1518214911 2001:db8::1 9 typ host tcptype active generation 0"
	rtcpCandidate = "1 2 UDP 2130706430 198.51.100.1 39133 typ host"
)

// lines returns a fragment of these lines, as it goes over the wire.
func lines(all ...string) string { return strings.Join(all, "\r\n") + "\r\n" }

func TestFragmentsThatAreTaken(t *testing.T) {
	const ufrag, pwd = "a=ice-ufrag:EsAw", "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1"
	named := fragment{ufrag: "EsAw", pwd: "P2uYro0UCOQ4zxjKXaWCBui1"}
	with := func(f fragment, candidates ...string) fragment { f.candidates = candidates; return f }
	for name, c := range map[string]struct {
		text string
		want fragment
	}{
		"candidates alone":              {lines("m=audio 9 UDP/TLS/RTP/SAVPF 0", "a=mid:0", "a=candidate:"+hostCandidate), with(fragment{}, hostCandidate)},
		"without a section":             {lines("a=candidate:" + hostCandidate), with(fragment{}, hostCandidate)},
		"the example of RFC 9725":       {lines("a=group:BUNDLE 0 1", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=mid:0", ufrag, pwd, "a=candidate:"+hostCandidate, "a=end-of-candidates"), with(named, hostCandidate)},
		"credentials of the session":    {lines(ufrag, pwd, "m=audio 9 RTP/AVP 0", "a=mid:0"), named},
		"the end alone":                 {lines("a=end-of-candidates"), fragment{}},
		"lines ended by LF":             {strings.ReplaceAll(lines(ufrag, pwd, "a=candidate:"+hostCandidate), "\r\n", "\n"), with(named, hostCandidate)},
		"no end of the last line":       {"a=candidate:" + hostCandidate, with(fragment{}, hostCandidate)},
		"empty lines at the end":        {lines("a=candidate:"+hostCandidate, "", ""), with(fragment{}, hostCandidate)},
		"the same in two sections":      {lines(ufrag, pwd, "m=audio 9 RTP/AVP 0", "a=candidate:"+hostCandidate, "m=video 9 RTP/AVP 96", "a=candidate:"+hostCandidate, "a=candidate:"+tcpCandidate), with(named, hostCandidate, tcpCandidate)},
		"the first credentials count":   {lines(ufrag, pwd, "m=video 9 RTP/AVP 96", "a=ice-ufrag:Other", "a=ice-pwd:other0other0other0other0"), named},
		"RTCP's candidates are nothing": {lines("a=candidate:"+rtcpCandidate, "a=candidate:"+hostCandidate), with(fragment{}, hostCandidate)},
		"unknown lines":                 {lines("i=hello", "a=ice-options:trickle", "a=x", "b=AS:1", "a=candidate:"+hostCandidate), with(fragment{}, hostCandidate)},
		"a name in place of an address": {lines("a=candidate:1 1 udp 1 f0.local 9 typ host"), with(fragment{}, "1 1 udp 1 f0.local 9 typ host")},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseFragment(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got, cmp.AllowUnexported(fragment{})); d != "" {
				t.Error(d)
			}
		})
	}
}

// numbered returns n different candidates.
func numbered(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("a=candidate:%d 1 udp %d 192.0.2.1 %d typ host", i, i+1, 1000+i)
	}
	return all
}

func TestFragmentsThatAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ text, reason string }{
		"nothing":                       {"", "empty"},
		"blanks":                        {" \r\n\t\r\n", "empty"},
		"NUL":                           {"a=mid:0\x00", "no text"},
		"a return within a line":        {"a=mid:0\ra=mid:1", "no text"},
		"words":                         {"good morning", "no SDP"},
		"JSON":                          {`{"candidate":"candidate:1 1 udp"}`, "no SDP"},
		"a line without a kind":         {"=x", "no SDP"},
		"a kind of two letters":         {"aa=mid:0", "no SDP"},
		"a kind in capitals":            {"A=mid:0", "no SDP"},
		"a blank before the line":       {" a=mid:0", "no SDP"},
		"an empty line within":          {"a=mid:0\r\n\r\na=mid:1", "no SDP"},
		"a whole offer":                 {plain, "whole session description"},
		"a candidate without anything":  {"a=candidate:", "cut"},
		"a cut candidate":               {"a=candidate:1 1 UDP 2130706431 198.51.100.1 39132 typ", "cut"},
		"a candidate without its type":  {"a=candidate:1 1 UDP 2130706431 198.51.100.1 39132 host x", "cut"},
		"a ufrag that is too short":     {lines("a=ice-ufrag:abc", "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1"), "malformed"},
		"a ufrag of other letters":      {lines("a=ice-ufrag:ab-cd", "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1"), "malformed"},
		"a ufrag that is too long":      {lines("a=ice-ufrag:"+strings.Repeat("a", 257), "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1"), "malformed"},
		"a password that is too short":  {lines("a=ice-ufrag:EsAw", "a=ice-pwd:"+strings.Repeat("a", 21)), "malformed"},
		"a password with a blank":       {lines("a=ice-ufrag:EsAw", "a=ice-pwd:P2uYro0UCOQ4 zxjKXaWCBui1"), "malformed"},
		"more candidates than there be": {lines(numbered(maxCandidates + 1)...), "more candidates"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parseFragment(c.text)
			if !errors.Is(err, domain.ErrFragment) || !strings.Contains(err.Error(), c.reason) {
				t.Errorf("%v, want %s for %q", err, domain.ErrFragment.Code, c.reason)
			}
		})
	}
}

func TestFragmentBounds(t *testing.T) {
	f, err := parseFragment(lines(numbered(maxCandidates)...))
	if err != nil || len(f.candidates) != maxCandidates {
		t.Errorf("%d candidates, %v", len(f.candidates), err)
	}
	same := slices.Repeat(numbered(1), 10*maxCandidates)
	if f, err = parseFragment(lines(same...)); err != nil || len(f.candidates) != 1 {
		t.Errorf("the same many times: %d candidates, %v", len(f.candidates), err)
	}
	for _, n := range []int{4, 256} {
		pwd := strings.Repeat("b", max(n, 22))
		if _, err := parseFragment(lines("a=ice-ufrag:"+strings.Repeat("+", n), "a=ice-pwd:"+pwd)); err != nil {
			t.Errorf("a ufrag of %d letters: %v", n, err)
		}
	}
}

func TestWhichICESessionAFragmentIsOf(t *testing.T) {
	const ufrag, pwd = "here", "present0present0present0"
	for name, c := range map[string]struct {
		fragment fragment
		same     bool
		refused  bool
	}{
		"it does not say":             {fragment{}, true, false},
		"the same":                    {fragment{ufrag: ufrag, pwd: pwd}, true, false},
		"the same ufrag alone":        {fragment{ufrag: ufrag}, true, false},
		"the same password alone":     {fragment{pwd: pwd}, true, false},
		"another":                     {fragment{ufrag: "next", pwd: "other0other0other0other0"}, false, false},
		"another ufrag, one password": {fragment{ufrag: "next", pwd: pwd}, false, false},
		"one ufrag, another password": {fragment{ufrag: ufrag, pwd: "other0other0other0other0"}, false, false},
		"another ufrag alone":         {fragment{ufrag: "next"}, false, true},
		"another password alone":      {fragment{pwd: "other0other0other0other0"}, false, true},
		"names differ by case":        {fragment{ufrag: "Here", pwd: pwd}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			same, err := c.fragment.of(ufrag, pwd)
			if same != c.same || errors.Is(err, domain.ErrFragment) != c.refused || err != nil && !c.refused {
				t.Errorf("%v, %v", same, err)
			}
		})
	}
}

// FuzzFragment: what is taken has credentials as RFC 8839 spells them or none, and
// few candidates, each once and in one line, all of which stand in the text; what is
// not is refused by one code.
func FuzzFragment(f *testing.F) {
	f.Add(lines("a=ice-ufrag:EsAw", "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1", "m=audio 9 UDP/TLS/RTP/SAVPF 0", "a=mid:0", "a=candidate:"+hostCandidate, "a=end-of-candidates"))
	f.Add(lines("a=candidate:"+tcpCandidate, "a=candidate:"+rtcpCandidate))
	f.Add("a=ice-ufrag:x")
	f.Add(plain)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := parseFragment(text)
		if err != nil {
			if !errors.Is(err, domain.ErrFragment) {
				t.Fatalf("refused by %v", err)
			}
			return
		}
		if got.ufrag != "" && !iceUfrag.MatchString(got.ufrag) || got.pwd != "" && !icePwd.MatchString(got.pwd) || len(got.candidates) > maxCandidates {
			t.Fatalf("%+v", got)
		}
		for i, c := range got.candidates {
			if strings.ContainsAny(c, "\r\n\x00") || !strings.Contains(text, "a=candidate:"+c) || slices.Contains(got.candidates[:i], c) {
				t.Fatalf("candidate %q of %q", c, text)
			}
		}
		checkRenewed(t, got)
	})
}

// checkRenewed puts a fragment into an offer, which must be the same but for ICE.
func checkRenewed(t *testing.T, f fragment) {
	o, err := parseOffer(strings.ReplaceAll(plain, "\n", "\r\n"), publishing)
	if err != nil {
		t.Fatal(err)
	}
	renewed, err := o.withICE(f)
	if err != nil {
		t.Fatal(err)
	}
	if ufrag, pwd := renewed.credentials(); ufrag != f.ufrag && f.ufrag != "" || pwd != f.pwd && f.pwd != "" {
		t.Fatalf("credentials %q and %q of %+v", ufrag, pwd, f)
	}
	d, err := renewed.description()
	if err != nil {
		t.Fatal(err)
	}
	if f.ufrag == "" || f.pwd == "" {
		return // such a one never restarts
	}
	again, err := parseOffer(d.SDP, publishing)
	if err != nil {
		t.Fatalf("%v, of %s", err, d.SDP)
	}
	if diff := cmp.Diff(summary(o), summary(again)); diff != "" {
		t.Fatal(diff)
	}
	for _, m := range again.session.MediaDescriptions {
		if slices.ContainsFunc(m.Attributes, sdp.Attribute.IsICECandidate) {
			t.Fatalf("candidates are left in a section: %v", m.Attributes)
		}
	}
}
