package negotiation

import (
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The bundle takes the transport of the first section of its group, wherever that
// stands (RFC 9143 §7.2.1), and what the section does not say is the session's.
func TestTransportOfTheTaggedSection(t *testing.T) {
	const own = "a=ice-ufrag:mine\na=ice-pwd:mine0mine0mine0mine0mine0\na=fingerprint:sha-256 AA\na=setup:passive\na=candidate:" + hostCandidate + "\n"
	ofVideo := strings.Replace(edited(t, "a=mid:v\n", "a=mid:v\n"+own), "BUNDLE a v", "BUNDLE none v a", 1)
	for name, c := range map[string]struct {
		text        string
		credentials Credentials
		setup       Setup
		digest      string
		candidates  []string
	}{
		"the session's": {edited(t, "", ""), Credentials{"EsAw", "P2uYro0UCOQ4zxjKXaWCBui1"}, ActPass, "19:E2:1C:3B", nil},
		"not tagged":    {edited(t, "a=mid:v\n", "a=mid:v\n"+own), Credentials{"EsAw", "P2uYro0UCOQ4zxjKXaWCBui1"}, ActPass, "19:E2:1C:3B", nil},
		"tagged":        {ofVideo, Credentials{"mine", "mine0mine0mine0mine0mine0"}, Passive, "AA", []string{hostCandidate}},
	} {
		t.Run(name, func(t *testing.T) {
			o := parsed(t, c.text, Publishing)
			if o.Credentials != c.credentials || o.Setup != c.setup || len(o.Fingerprints) != 1 || o.Fingerprints[0].String() != "sha-256 "+c.digest {
				t.Errorf("%+v, %s, %v", o.Credentials, o.Setup, o.Fingerprints)
			}
			if d := cmp.Diff(c.candidates, o.Candidates); d != "" {
				t.Error(d)
			}
		})
	}
}

// Candidates of RTCP's own component, cut ones and the same again are passed over,
// and more than are looked at.
func TestCandidatesOfAnOffer(t *testing.T) {
	for name, c := range map[string]struct{ have, want []string }{
		"two":     {[]string{hostCandidate, tcpCandidate}, []string{hostCandidate, tcpCandidate}},
		"again":   {[]string{hostCandidate, hostCandidate}, []string{hostCandidate}},
		"RTCP's":  {[]string{rtcpCandidate, hostCandidate}, []string{hostCandidate}},
		"cut":     {[]string{"1 1 udp 1 192.0.2.1 9 typ", "", hostCandidate}, []string{hostCandidate}},
		"so many": {numbered(MaxCandidates + 1), numbered(MaxCandidates)},
	} {
		t.Run(name, func(t *testing.T) {
			var lines strings.Builder
			for _, candidate := range c.have {
				fmt.Fprintf(&lines, "a=candidate:%s\n", candidate)
			}
			o := parsed(t, edited(t, "a=mid:a\n", "a=mid:a\n"+lines.String()), Publishing)
			if d := cmp.Diff(c.want, o.Candidates); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestLite(t *testing.T) {
	for with, want := range map[string]bool{"": false, "a=ice-lite\n": true} {
		if o := parsed(t, edited(t, "a=setup:actpass\n", "a=setup:actpass\n"+with), Publishing); o.Lite != want {
			t.Errorf("with %q: %v", with, o.Lite)
		}
	}
}

// Whoever can wait is waited for; nobody is answered actpass (RFC 8842 §5.3).
func TestSetup(t *testing.T) {
	for offered, want := range map[string]Setup{
		"actpass": Passive, "active": Passive, "passive": Active, "holdconn": Passive, "nonsense": Passive, "": Passive,
	} {
		o := parsed(t, edited(t, "a=setup:actpass", "a=setup:"+offered), Publishing)
		if got := o.Setup.Answer(); got != want {
			t.Errorf("%q is answered %s", offered, got)
		}
		answer, err := o.Answer(facts, nil)
		if err != nil || strings.Count(answer, "a=setup:") != 2 || strings.Count(answer, "a=setup:"+string(want)+"\r\n") != 2 {
			t.Errorf("%q: %v\n%s", offered, err, answer)
		}
	}
}

// A certificate is trusted if one of the fingerprints that are understood is its own.
func TestTrusts(t *testing.T) {
	der := []byte("a certificate")
	own := FingerprintOf(der).String()
	sum := sha512.Sum512(der)
	for name, c := range map[string]struct {
		lines []string
		want  bool
	}{
		"its own":               {[]string{own}, true},
		"in lower case":         {[]string{strings.ToLower(own)}, true},
		"its hash in capitals":  {[]string{strings.ToUpper(own)}, true},
		"another's":             {[]string{FingerprintOf([]byte("another")).String()}, false},
		"cut":                   {[]string{own[:len(own)-3]}, false},
		"under another name":    {[]string{strings.Replace(own, "sha-256", "sha-384", 1)}, false},
		"of SHA-512":            {[]string{"sha-512 " + hex.EncodeToString(sum[:])}, true},
		"the second of two":     {[]string{"sha-256 AA", own}, true},
		"beside an unknown one": {[]string{"sha-9 AA", own}, true},
		"behind too many":       {append(slices.Repeat([]string{"sha-256 AA"}, maxFingerprints), own), false},
	} {
		t.Run(name, func(t *testing.T) {
			with := "a=fingerprint:" + strings.Join(c.lines, "\na=fingerprint:")
			o := parsed(t, edited(t, "a=fingerprint:sha-256 19:E2:1C:3B", with), Publishing)
			if got := o.Trusts(der); got != c.want {
				t.Errorf("%v, by %v", got, o.Fingerprints)
			}
		})
	}
}

// A restart leaves an offer as it was but for ICE, and the old one as well.
func TestRestarted(t *testing.T) {
	before := parsed(t, edited(t, "a=mid:a\n", "a=mid:a\na=candidate:"+hostCandidate+"\n"), Publishing)
	f := Fragment{Credentials{"next", "other0other0other0other0"}, []string{tcpCandidate}}
	after := before.Restarted(f)
	if after.Credentials != f.Credentials || !slices.Equal(after.Candidates, f.Candidates) {
		t.Errorf("%+v, %v", after.Credentials, after.Candidates)
	}
	if before.Credentials.Ufrag != "EsAw" || !slices.Equal(before.Candidates, []string{hostCandidate}) {
		t.Errorf("the old one has become %+v, %v", before.Credentials, before.Candidates)
	}
	after.Credentials, after.Candidates = before.Credentials, before.Candidates
	if d := cmp.Diff(before, after, cmp.AllowUnexported(Offer{}, Section{})); d != "" {
		t.Error(d)
	}
}
