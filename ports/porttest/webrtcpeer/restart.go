package webrtcpeer

import (
	"slices"
	"strings"

	"github.com/pion/webrtc/v4"
)

// Restart begins a new ICE session and returns the trickle ICE SDP fragment that says
// so, all candidates in it. Until Renew media goes nowhere.
func (p *Peer) Restart() string {
	p.t.Helper()
	return Fragment(p.offer(&webrtc.OfferOptions{ICERestart: true}))
}

// Renew takes the fragment that a restart was answered with, and goes on.
func (p *Peer) Renew(fragment string) {
	p.t.Helper()
	p.Accept(Replace(p.answer, fragment))
}

// Fragment returns the ICE part of a description as a trickle ICE SDP fragment
// (RFC 8840 §9): that of its first section, since all are bundled.
func Fragment(description string) string {
	var b strings.Builder
	sections := 0
	for line := range strings.Lines(description) {
		if strings.HasPrefix(line, "m=") {
			sections++
		}
		first := sections == 1 && (strings.HasPrefix(line, "m=") || strings.HasPrefix(line, "a=mid:"))
		if first || sections < 2 && (isICE(line) || strings.HasPrefix(line, "a=group:")) {
			b.WriteString(line)
		}
	}
	return b.String()
}

// Replace returns a description with the ICE part of a fragment in each section, in
// place of its own.
func Replace(description, fragment string) string {
	var fresh strings.Builder
	for line := range strings.Lines(fragment) {
		if isICE(line) {
			fresh.WriteString(line)
		}
	}
	var b strings.Builder
	for line := range strings.Lines(description) {
		if !isICE(line) {
			b.WriteString(line)
		}
		if strings.HasPrefix(line, "a=mid:") {
			b.WriteString(fresh.String())
		}
	}
	return b.String()
}

// WithoutCandidates returns a description of an agent that will trickle.
func WithoutCandidates(description string) string {
	var b strings.Builder
	for line := range strings.Lines(description) {
		if !strings.HasPrefix(line, "a=candidate:") && !strings.HasPrefix(line, "a=end-of-candidates") {
			b.WriteString(line)
		}
	}
	return b.String()
}

func isICE(line string) bool {
	return slices.ContainsFunc([]string{"a=ice-ufrag:", "a=ice-pwd:", "a=candidate:", "a=end-of-candidates"}, func(key string) bool {
		return strings.HasPrefix(line, key)
	})
}
