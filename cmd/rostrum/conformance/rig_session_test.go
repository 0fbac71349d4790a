package conformance

import (
	"encoding/json"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"

	"rostrum/cmd/rostrum/rig"
)

// session is a wire with a session of the server's at its other end.
type session struct {
	*wire
	server *server
	path   string // of the session's URL
	tag    string // ETag of its ICE session, as it was sent
	offer  string
	answer *description
}

// replacing is a change that must find something to replace.
func replacing(t testing.TB, old, with string) func(string) string {
	return func(offer string) string { return replaced(t, offer, old, with) }
}

// open posts a client's offer, with the changes made to it; nothing is connected yet.
func (s *server) open(t testing.TB, endpoint, room, client string, change ...func(string) string) *session {
	t.Helper()
	w := newWire(t)
	offer := w.offer(t, client)
	for _, c := range change {
		offer = c(offer)
	}
	return s.openWith(w, endpoint+room, offer)
}

// openWith posts an offer of the test's own making.
func (s *server) openWith(w *wire, path, offer string, headers ...string) *session {
	w.t.Helper()
	r := s.send(w.t, http.MethodPost, path, offer, append([]string{typeSDP}, headers...)...)
	if r.StatusCode != http.StatusCreated {
		w.t.Fatalf("POST %s: %d: %s", path, r.StatusCode, r.body)
	}
	return s.opened(w, offer, r)
}

// opened makes a session of a 201.
func (s *server) opened(w *wire, offer string, r reply) *session {
	w.t.Helper()
	se := &session{wire: w, server: s, offer: offer, tag: r.Header.Get("ETag"), answer: parseSDP(w.t, r.body)}
	se.path = strings.TrimPrefix(r.Header.Get("Location"), s.URL)
	w.mu.Lock()
	w.far, w.farAddr = se.answer.credentials(), udpHost(r.body)
	w.mu.Unlock()
	w.t.Cleanup(se.forget)
	if w.farAddr == nil {
		w.t.Fatalf("no UDP host candidate in\n%s", r.body)
	}
	return se
}

// forget ends the session if it is still there, so that tests leave nothing behind.
func (s *session) forget() {
	req, err := http.NewRequest(http.MethodDelete, s.server.URL+s.path, nil)
	if err != nil {
		s.t.Error(err)
		return
	}
	req.Header.Set("Authorization", "Bearer "+adminToken)
	if res, err := patient.Do(req); err == nil {
		_ = res.Body.Close()
	}
}

// endedFor waits until the server keeps a session as ended, and checks for what reason: what
// has not ended at once would do so later, when its consent expires or the grace is over.
func (s *session) endedFor(reason string) {
	s.t.Helper()
	var kept struct{ Reason string }
	rig.Eventually(s.t, s.path+" has ended", func() bool {
		r := s.server.send(s.t, http.MethodGet, "/api/sessions/"+path.Base(s.path), "", as(adminToken))
		if err := json.Unmarshal([]byte(r.body), &kept); err != nil || r.StatusCode != http.StatusOK {
			s.t.Fatalf("the record of a session: %d, %v: %s", r.StatusCode, err, r.body)
		}
		return kept.Reason != ""
	})
	if kept.Reason != reason {
		s.t.Errorf("%s has ended for %q, want %q", s.path, kept.Reason, reason)
	}
}

// takeOver publishes in place of another publisher of the same subject, which has fallen
// silent, as soon as the server lets it.
func (s *server) takeOver(t testing.TB, room string, silent *session, change ...func(string) string) *session {
	t.Helper()
	w := newWire(t)
	offer := w.offer(t, "publisher")
	for _, c := range change {
		offer = c(offer)
	}
	var r reply
	rig.Eventually(t, "the room is taken over", func() bool {
		r = s.send(t, http.MethodPost, whip+room, offer, typeSDP)
		if r.StatusCode != http.StatusCreated {
			r.refused(t, http.StatusConflict, "room_busy")
		}
		return r.StatusCode == http.StatusCreated
	})
	silent.endedFor("takeover")
	return s.opened(w, offer, r).connect()
}

// connect connects a session: ICE, DTLS, SRTP.
func (s *session) connect() *session {
	s.t.Helper()
	if !s.connectICE() {
		s.t.Fatal("ICE: the server answers no check")
	}
	if err := s.connectDTLS(s.answer, soon); err != nil {
		s.t.Fatalf("DTLS: %v", err)
	}
	return s
}

// publisher connects a publisher as Chromium would be one, of sound and picture.
func (s *server) publisher(t testing.TB, room string, change ...func(string) string) *session {
	t.Helper()
	return s.open(t, whip, room, "publisher", change...).connect()
}

// viewer connects a viewer that takes sound and picture, numbered otherwise than the
// publisher's.
func (s *server) viewer(t testing.TB, room string, change ...func(string) string) *session {
	t.Helper()
	return s.open(t, whep, room, "viewer", change...).connect()
}

// end ends a session by DELETE.
func (s *session) end() {
	s.t.Helper()
	if r := s.server.send(s.t, http.MethodDelete, s.path, ""); r.StatusCode != http.StatusOK {
		s.t.Fatalf("DELETE: %d: %s", r.StatusCode, r.body)
	}
}

// patch sends a fragment with the session's tag; headers may say otherwise.
func (s *session) patch(fragment string, headers ...string) reply {
	s.t.Helper()
	all := []string{typeFrag}
	if !slices.ContainsFunc(headers, func(h string) bool { return strings.HasPrefix(h, "If-Match:") }) {
		all = append(all, "If-Match: "+s.tag)
	}
	return s.server.send(s.t, http.MethodPatch, s.path, fragment, append(all, headers...)...)
}

// kindOf is the kind of the section that has a payload type, by the answer.
func (s *session) kindOf(pt uint8) string {
	for _, m := range s.answer.MediaDescriptions {
		for _, codec := range []string{"VP8", "VP9", "H264", "H265", "AV1", "opus"} {
			if slices.Contains(payloadTypes(m, codec), pt) {
				return m.MediaName.Media
			}
		}
		if slices.Contains(payloadTypes(m, "rtx"), pt) {
			return "rtx"
		}
	}
	return "unknown"
}

// soon is how long a test waits for what is a matter of milliseconds on a machine
// that has nothing else to do.
const soon = rig.Patience

// next is the next packet of a kind, skipping those of others.
func (s *session) next(kind string, limit time.Duration) *rtp.Packet {
	s.t.Helper()
	p := s.nextOr(kind, limit)
	if p == nil {
		s.t.Fatalf("no %s within %v", kind, limit)
	}
	return p
}

// nextOr is next, nil when nothing comes in time.
func (s *session) nextOr(kind string, limit time.Duration) *rtp.Packet {
	return s.nextOf(limit, kind)
}

// nextOf is nextOr of several kinds.
func (s *session) nextOf(limit time.Duration, kinds ...string) *rtp.Packet {
	deadline := time.After(limit)
	for {
		select {
		case p := <-s.rtp:
			if slices.Contains(kinds, s.kindOf(p.PayloadType)) {
				return p
			}
		case <-deadline:
			return nil
		}
	}
}

// drain forgets what has come so far.
func (s *session) drain() {
	for {
		select {
		case <-s.rtp:
		case <-s.rtcp:
		default:
			return
		}
	}
}
