package pion

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pion/sdp/v3"
)

// polishAnswer takes out of an answer what pion writes and nobody can use: the
// candidates of component 2, since RTCP is multiplexed (RFC 8839 §5.1).
func polishAnswer(text string) (string, error) {
	answer := &sdp.SessionDescription{}
	if err := answer.UnmarshalString(text); err != nil {
		return "", fmt.Errorf("own answer: %w", err)
	}
	for _, m := range answer.MediaDescriptions {
		m.Attributes = slices.DeleteFunc(m.Attributes, func(a sdp.Attribute) bool {
			if a.Key != "candidate" {
				return false
			}
			fields := strings.Fields(a.Value)
			return len(fields) > 1 && fields[1] != "1"
		})
	}
	polished, err := answer.Marshal()
	return string(polished), err
}
