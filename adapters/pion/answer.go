package pion

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pion/sdp/v3"
)

// polishAnswer brings an answer of pion's to the letter of what it goes by:
// candidates of component 2 are left out, since RTCP is multiplexed (RFC 8839
// §5.1); the others stand in the order in which clients that take the first one
// fare best, UDP before TCP and IPv4 before IPv6; and that PATCH is served is said
// (RFC 8838 §3).
func polishAnswer(text string) (string, error) {
	answer := &sdp.SessionDescription{}
	if err := answer.UnmarshalString(text); err != nil {
		return "", fmt.Errorf("own answer: %w", err)
	}
	if _, ok := answer.Attribute("ice-options"); !ok {
		answer.WithValueAttribute("ice-options", "trickle ice2")
	}
	for _, m := range answer.MediaDescriptions {
		m.Attributes = slices.DeleteFunc(m.Attributes, func(a sdp.Attribute) bool {
			return a.IsICECandidate() && component(a) != "1"
		})
		sortCandidates(m.Attributes)
	}
	polished, err := answer.Marshal()
	return string(polished), err
}

func component(candidate sdp.Attribute) string {
	if fields := strings.Fields(candidate.Value); len(fields) > 1 {
		return fields[1]
	}
	return ""
}

// sortCandidates puts the candidates among attributes in order; they stand
// together.
func sortCandidates(attributes []sdp.Attribute) {
	begin := slices.IndexFunc(attributes, sdp.Attribute.IsICECandidate)
	if begin < 0 {
		return
	}
	end := begin
	for end < len(attributes) && attributes[end].IsICECandidate() {
		end++
	}
	slices.SortStableFunc(attributes[begin:end], func(a, b sdp.Attribute) int { return rank(a) - rank(b) })
}

// rank orders candidates by transport, then by family.
func rank(candidate sdp.Attribute) int {
	fields := strings.Fields(candidate.Value)
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
