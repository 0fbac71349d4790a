package negotiation

import (
	"slices"
	"strings"

	"github.com/pion/sdp/v3"
)

// MaxCandidates bounds how many candidates an offer or a fragment may bring, and
// how many of one ICE session are worth looking at.
const MaxCandidates = 100

// candidatesOf returns the candidates of a section, as many as are looked at. Those
// that are cut are passed over.
func candidatesOf(m *sdp.MediaDescription) []string {
	var candidates []string
	for _, a := range m.Attributes {
		if a.IsICECandidate() && isCandidate(a.Value) && len(candidates) < MaxCandidates {
			candidates = withCandidate(candidates, a.Value)
		}
	}
	return candidates
}

// isCandidate reports whether the value of an a=candidate line has all that every
// candidate has (RFC 8839 §5.1).
func isCandidate(value string) bool {
	fields := strings.Fields(value)
	return len(fields) >= 8 && fields[6] == "typ"
}

// withCandidate appends a candidate that is new, and of component 1: RTCP is
// multiplexed, there is no other.
func withCandidate(candidates []string, value string) []string {
	if strings.Fields(value)[1] != "1" || slices.Contains(candidates, value) {
		return candidates
	}
	return append(candidates, value)
}

// sortedCandidates returns candidates in the order in which clients that take the
// first one fare best: UDP before TCP, IPv4 before IPv6.
func sortedCandidates(candidates []string) []string {
	sorted := slices.Clone(candidates)
	slices.SortStableFunc(sorted, func(a, b string) int { return rank(a) - rank(b) })
	return sorted
}

// rank orders candidates by transport, then by family.
func rank(candidate string) int {
	fields := strings.Fields(candidate)
	if len(fields) < 5 {
		return 4
	}
	r := 0
	if !strings.EqualFold(fields[2], "udp") {
		r += 2
	}
	if strings.Contains(fields[4], ":") {
		r++
	}
	return r
}
