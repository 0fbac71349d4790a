package negotiation

import (
	"fmt"
	"regexp"
	"strings"

	"rostrum/domain"
)

// Fragment is a trickle ICE SDP fragment (RFC 8840 §9): credentials, none, one or
// both, and at most MaxCandidates of component 1, each once, without "candidate:".
// Which section a candidate stood in is not kept, since all are bundled.
type Fragment struct {
	Credentials Credentials
	Candidates  []string
}

// The lengths and letters of credentials (RFC 8839 §5.4).
var (
	iceUfrag = regexp.MustCompile(`\A[A-Za-z0-9+/]{4,256}\z`)
	icePwd   = regexp.MustCompile(`\A[A-Za-z0-9+/]{22,256}\z`)
)

// ParseFragment reads a fragment. It refuses with domain.ErrFragment what does not
// consist of SDP lines, candidates that are cut, credentials that are none, and
// more candidates than a client has. Lines that it does not know are passed over.
func ParseFragment(text string) (Fragment, error) {
	var f Fragment
	text = strings.ReplaceAll(text, "\r\n", "\n")
	control := func(r rune) bool { return r < ' ' && r != '\n' }
	if strings.TrimSpace(text) == "" || strings.ContainsFunc(text, control) {
		return f, unusable("it is empty or no text")
	}
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		kind, value, ok := strings.Cut(line, "=")
		if !ok || len(kind) != 1 || kind[0] < 'a' || kind[0] > 'z' {
			return f, unusable("it has lines that are no SDP")
		}
		if kind == "v" {
			return f, unusable("it is a whole session description, and nothing but ICE can change")
		}
		if kind != "a" {
			continue
		}
		if err := f.attribute(value); err != nil {
			return f, err
		}
	}
	return f, f.check()
}

// attribute takes in the value of an a= line.
func (f *Fragment) attribute(value string) error {
	key, value, _ := strings.Cut(value, ":")
	switch key {
	case "ice-ufrag":
		setFirst(&f.Credentials.Ufrag, value)
	case "ice-pwd":
		setFirst(&f.Credentials.Pwd, value)
	case "candidate":
		if !isCandidate(value) {
			return unusable("it has a candidate that is cut")
		}
		f.Candidates = withCandidate(f.Candidates, value)
	}
	if len(f.Candidates) > MaxCandidates {
		return unusable("it has more candidates than are looked at")
	}
	return nil
}

// setFirst sets what has not been set: of several credentials the first ones count.
func setFirst(s *string, value string) {
	if *s == "" {
		*s = value
	}
}

func (f *Fragment) check() error {
	c := f.Credentials
	if c.Ufrag != "" && !iceUfrag.MatchString(c.Ufrag) || c.Pwd != "" && !icePwd.MatchString(c.Pwd) {
		return unusable("its ICE credentials are malformed")
	}
	return nil
}

// Restarts reports whether the fragment begins a new ICE session rather than go on
// with the one in which the peer has the present credentials (RFC 9725 §4.3.3). It
// refuses with domain.ErrFragment one that changes a credential and lacks the other.
func (f Fragment) Restarts(present Credentials) (bool, error) {
	c := f.Credentials
	sameUfrag, samePwd := c.Ufrag == "" || c.Ufrag == present.Ufrag, c.Pwd == "" || c.Pwd == present.Pwd
	switch {
	case sameUfrag && samePwd:
		return false, nil
	case c.Ufrag == "" || c.Pwd == "":
		return false, unusable("it changes one ICE credential and lacks the other")
	default:
		return true, nil
	}
}

// Fragment writes what a restart is answered with: the ICE part of the answer
// (RFC 9725 §4.3.3), in the section whose transport all take. The m= line is a
// stand-in (RFC 8840 §9).
func (o *Offer) Fragment(t Transport) string {
	var b strings.Builder
	line := func(kind, value string) { fmt.Fprintf(&b, "%s=%s\r\n", kind, value) }
	if o.bundle != nil {
		line("a", "group:"+o.group())
	}
	line("a", "ice-options:"+iceOptions)
	s := o.Sections[o.tagged()]
	line("m", fmt.Sprintf("%s 9 %s %d", s.Kind, strings.Join(s.protocol, "/"), s.Codecs[0].PayloadType))
	line("a", "mid:"+s.MID)
	line("a", "ice-ufrag:"+t.Credentials.Ufrag)
	line("a", "ice-pwd:"+t.Credentials.Pwd)
	for _, c := range sortedCandidates(t.Candidates) {
		line("a", "candidate:"+c)
	}
	line("a", "end-of-candidates")
	return b.String()
}

func unusable(why string) error {
	return domain.ErrFragment.Because("The trickle ICE fragment is not usable: " + why + ".")
}
