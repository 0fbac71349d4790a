package negotiation

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
	named := Fragment{Credentials: Credentials{"EsAw", "P2uYro0UCOQ4zxjKXaWCBui1"}}
	with := func(f Fragment, candidates ...string) Fragment { f.Candidates = candidates; return f }
	for name, c := range map[string]struct {
		text string
		want Fragment
	}{
		"candidates alone":              {lines("m=audio 9 UDP/TLS/RTP/SAVPF 0", "a=mid:0", "a=candidate:"+hostCandidate), with(Fragment{}, hostCandidate)},
		"without a section":             {lines("a=candidate:" + hostCandidate), with(Fragment{}, hostCandidate)},
		"the example of RFC 9725":       {lines("a=group:BUNDLE 0 1", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=mid:0", ufrag, pwd, "a=candidate:"+hostCandidate, "a=end-of-candidates"), with(named, hostCandidate)},
		"credentials of the session":    {lines(ufrag, pwd, "m=audio 9 RTP/AVP 0", "a=mid:0"), named},
		"the end alone":                 {lines("a=end-of-candidates"), Fragment{}},
		"lines ended by LF":             {strings.ReplaceAll(lines(ufrag, pwd, "a=candidate:"+hostCandidate), "\r\n", "\n"), with(named, hostCandidate)},
		"no end of the last line":       {"a=candidate:" + hostCandidate, with(Fragment{}, hostCandidate)},
		"empty lines at the end":        {lines("a=candidate:"+hostCandidate, "", ""), with(Fragment{}, hostCandidate)},
		"the same in two sections":      {lines(ufrag, pwd, "m=audio 9 RTP/AVP 0", "a=candidate:"+hostCandidate, "m=video 9 RTP/AVP 96", "a=candidate:"+hostCandidate, "a=candidate:"+tcpCandidate), with(named, hostCandidate, tcpCandidate)},
		"the first credentials count":   {lines(ufrag, pwd, "m=video 9 RTP/AVP 96", "a=ice-ufrag:Other", "a=ice-pwd:other0other0other0other0"), named},
		"RTCP's candidates are nothing": {lines("a=candidate:"+rtcpCandidate, "a=candidate:"+hostCandidate), with(Fragment{}, hostCandidate)},
		"unknown lines":                 {lines("i=hello", "a=ice-options:trickle", "a=x", "b=AS:1", "a=candidate:"+hostCandidate), with(Fragment{}, hostCandidate)},
		"a name in place of an address": {lines("a=candidate:1 1 udp 1 f0.local 9 typ host"), with(Fragment{}, "1 1 udp 1 f0.local 9 typ host")},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseFragment(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// numbered returns n different candidates.
func numbered(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("%d 1 udp %d 192.0.2.1 %d typ host", i, i+1, 1000+i)
	}
	return all
}

// candidateLines returns a fragment of candidates.
func candidateLines(candidates []string) string {
	return "a=candidate:" + strings.Join(candidates, "\r\na=candidate:") + "\r\n"
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
		"more candidates than there be": {candidateLines(numbered(MaxCandidates + 1)), "more candidates"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseFragment(c.text)
			if !errors.Is(err, domain.ErrFragment) || !strings.Contains(err.Error(), c.reason) {
				t.Errorf("%v, want %s for %q", err, domain.ErrFragment.Code, c.reason)
			}
		})
	}
}

func TestFragmentBounds(t *testing.T) {
	f, err := ParseFragment(candidateLines(numbered(MaxCandidates)))
	if err != nil || len(f.Candidates) != MaxCandidates {
		t.Errorf("%d candidates, %v", len(f.Candidates), err)
	}
	same := slices.Repeat(numbered(1), 10*MaxCandidates)
	if f, err = ParseFragment(candidateLines(same)); err != nil || len(f.Candidates) != 1 {
		t.Errorf("the same many times: %d candidates, %v", len(f.Candidates), err)
	}
	for _, n := range []int{4, 256} {
		pwd := strings.Repeat("b", max(n, 22))
		if _, err := ParseFragment(lines("a=ice-ufrag:"+strings.Repeat("+", n), "a=ice-pwd:"+pwd)); err != nil {
			t.Errorf("a ufrag of %d letters: %v", n, err)
		}
	}
}

func TestRestarts(t *testing.T) {
	present, other := Credentials{"here", "present0present0present0"}, "other0other0other0other0"
	for name, c := range map[string]struct {
		of                Credentials
		restarts, refused bool
	}{
		"it does not say":             {Credentials{}, false, false},
		"the same":                    {present, false, false},
		"the same ufrag alone":        {Credentials{Ufrag: present.Ufrag}, false, false},
		"the same password alone":     {Credentials{Pwd: present.Pwd}, false, false},
		"another":                     {Credentials{"next", other}, true, false},
		"another ufrag, one password": {Credentials{"next", present.Pwd}, true, false},
		"one ufrag, another password": {Credentials{present.Ufrag, other}, true, false},
		"another ufrag alone":         {Credentials{Ufrag: "next"}, false, true},
		"another password alone":      {Credentials{Pwd: other}, false, true},
		"names differ by case":        {Credentials{"Here", present.Pwd}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			restarts, err := Fragment{Credentials: c.of}.Restarts(present)
			if restarts != c.restarts || errors.Is(err, domain.ErrFragment) != c.refused || err != nil && !c.refused {
				t.Errorf("%v, %v", restarts, err)
			}
		})
	}
}

// What a restart is answered with is the ICE part of the answer, read as it was meant.
func TestFragmentOfAnOffer(t *testing.T) {
	tail := []string{"a=ice-ufrag:OwnU", "a=ice-pwd:own0own0own0own0own0own0", "a=candidate:" + udp4, "a=candidate:" + udp6, "a=candidate:" + tcp4, "a=candidate:" + tcp6, "a=end-of-candidates"}
	for name, c := range map[string]struct {
		offer string
		head  []string
	}{
		"of two sections":     {edited(t, "", ""), []string{"a=group:BUNDLE a v", "a=ice-options:trickle ice2", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=mid:a"}},
		"the other way round": {edited(t, "BUNDLE a v", "BUNDLE v a"), []string{"a=group:BUNDLE v a", "a=ice-options:trickle ice2", "m=video 9 UDP/TLS/RTP/SAVPF 96", "a=mid:v"}},
		"of one":              {edited(t, "a=group:BUNDLE a v\n"+transport+audioSection+videoSection, transport+videoSection), []string{"a=ice-options:trickle ice2", "m=video 9 UDP/TLS/RTP/SAVPF 96", "a=mid:v"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := parsed(t, c.offer, Publishing).Fragment(facts)
			if d := cmp.Diff(lines(append(c.head, tail...)...), got); d != "" {
				t.Error(d)
			}
			want := Fragment{facts.Credentials, []string{udp4, udp6, tcp4, tcp6}}
			if f, err := ParseFragment(got); err != nil || cmp.Diff(want, f) != "" {
				t.Errorf("it is not read as it was meant: %+v, %v", f, err)
			}
		})
	}
}
