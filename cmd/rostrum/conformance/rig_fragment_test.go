package conformance

import "strings"

// fragment is a trickle ICE SDP fragment (RFC 8840 §9) with a session's present
// credentials before its section, and these lines in it.
func (s *session) fragment(lines ...string) string {
	return fragmentOf(s.own, s.answer.mids()[0], lines...)
}

// fragmentOf is a fragment of anybody's credentials.
func fragmentOf(c credentials, mid string, lines ...string) string {
	all := append([]string{"a=ice-ufrag:" + c.ufrag, "a=ice-pwd:" + c.pwd, "m=audio 9 RTP/AVP 0", "a=mid:" + mid}, lines...)
	return strings.Join(all, "\r\n") + "\r\n"
}

// hostCandidate is a line with the wire's own address.
func (w *wire) hostCandidate() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	address, port, _ := strings.Cut(w.socket.LocalAddr().String(), ":")
	return "a=candidate:1 1 udp 2130706431 " + address + " " + port + " typ host"
}

// candidateFragment is a fragment with the wire's own address.
func (s *session) candidateFragment() string { return s.fragment(s.hostCandidate()) }

// mids are those of the sections, in order.
func (d *description) mids() []string {
	var all []string
	for _, m := range d.MediaDescriptions {
		all = append(all, values(m, "mid")...)
	}
	return all
}
