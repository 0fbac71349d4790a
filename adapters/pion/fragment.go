package pion

import (
	"regexp"
	"slices"
	"strings"

	"rostrum/domain"
)

// fragment is a trickle ICE SDP fragment (RFC 8840 §9): credentials, both or none,
// and candidates. Which section a candidate stood in is not kept, since all are
// bundled.
type fragment struct {
	ufrag, pwd string
	candidates []string // without "candidate:", each once
}

// maxCandidates bounds how many candidates a fragment may have.
const maxCandidates = 100

// The lengths and letters of credentials (RFC 8839 §5.4).
var (
	iceUfrag = regexp.MustCompile(`\A[A-Za-z0-9+/]{4,256}\z`)
	icePwd   = regexp.MustCompile(`\A[A-Za-z0-9+/]{22,256}\z`)
)

// parseFragment reads a fragment. It refuses with domain.ErrFragment what does not
// consist of SDP lines, candidates that are cut, credentials that are none, and
// more candidates than a client has. Lines that it does not know are passed over.
func parseFragment(text string) (fragment, error) {
	var f fragment
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
func (f *fragment) attribute(value string) error {
	key, value, _ := strings.Cut(value, ":")
	switch key {
	case "ice-ufrag":
		f.ufrag = first(f.ufrag, value)
	case "ice-pwd":
		f.pwd = first(f.pwd, value)
	case "candidate":
		fields := strings.Fields(value)
		if len(fields) < 8 || fields[6] != "typ" {
			return unusable("it has a candidate that is cut")
		}
		if fields[1] == "1" && !slices.Contains(f.candidates, value) { // RTCP is multiplexed: there is one component
			f.candidates = append(f.candidates, value)
		}
	}
	if len(f.candidates) > maxCandidates {
		return unusable("it has more candidates than are looked at")
	}
	return nil
}

func (f *fragment) check() error {
	if f.ufrag != "" && !iceUfrag.MatchString(f.ufrag) || f.pwd != "" && !icePwd.MatchString(f.pwd) {
		return unusable("its ICE credentials are malformed")
	}
	return nil
}

// of reports whether the fragment is of the ICE session with those credentials of
// the peer, or of a new one. One that changes a credential must bring both.
func (f *fragment) of(ufrag, pwd string) (bool, error) {
	sameUfrag, samePwd := f.ufrag == "" || f.ufrag == ufrag, f.pwd == "" || f.pwd == pwd
	switch {
	case sameUfrag && samePwd:
		return true, nil
	case f.ufrag == "" || f.pwd == "":
		return false, unusable("it changes one ICE credential and lacks the other")
	default:
		return false, nil
	}
}

func first(have, value string) string {
	if have != "" {
		return have
	}
	return value
}

func unusable(why string) error {
	return domain.ErrFragment.Because("The trickle ICE fragment is not usable: " + why + ".")
}
