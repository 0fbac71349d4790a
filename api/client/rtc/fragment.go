package rtc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pion/sdp/v3"
)

// newFragment tells of a description's ICE session, and of candidates of it, as a trickle
// ICE SDP fragment (RFC 8840 §9). All sections are bundled: the first one stands for them.
func newFragment(description string, candidates []string) (string, error) {
	parsed := sdp.SessionDescription{}
	if err := parsed.UnmarshalString(description); err != nil {
		return "", err
	}
	if len(parsed.MediaDescriptions) == 0 {
		return "", fmt.Errorf("there is nothing to send or to receive: %w", ErrNoMedia)
	}
	section := parsed.MediaDescriptions[0]
	var b strings.Builder
	for _, key := range []string{"ice-ufrag", "ice-pwd"} {
		value, ok := section.Attribute(key)
		if !ok {
			value, _ = parsed.Attribute(key)
		}
		fmt.Fprintf(&b, "a=%s:%s\r\n", key, value)
	}
	mid, _ := section.Attribute("mid")
	fmt.Fprintf(&b, "m=%s 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:%s\r\n", section.MediaName.Media, mid)
	for _, candidate := range candidates {
		fmt.Fprintf(&b, "a=%s\r\n", candidate)
	}
	return b.String(), nil
}

// renew returns an answer with the ICE session of a fragment in place of its own.
func renew(answer, fragment string) string {
	var fresh, renewed strings.Builder
	for line := range strings.Lines(fragment) {
		if isICE(line) {
			fresh.WriteString(strings.TrimRight(line, "\r\n") + "\r\n")
		}
	}
	stale := false // there is a section that has not got it yet
	for line := range strings.Lines(answer) {
		if !isICE(line) {
			renewed.WriteString(line)
		}
		switch {
		case strings.HasPrefix(line, "m="):
			stale = true
		case stale && strings.HasPrefix(line, "a=mid:"):
			renewed.WriteString(fresh.String())
			stale = false
		}
	}
	return renewed.String()
}

func isICE(line string) bool {
	return slices.ContainsFunc([]string{"a=ice-ufrag:", "a=ice-pwd:", "a=candidate:", "a=end-of-candidates"}, func(key string) bool {
		return strings.HasPrefix(line, key)
	})
}
