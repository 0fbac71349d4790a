package pion

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"rostrum/domain"
	"rostrum/ports"
)

// maxRestarts bounds how often one session may restart ICE; a client that needs
// more is better off with a new session.
const maxRestarts = 100

// iceSession is the ICE side of a peer after its answer: what its patches change.
type iceSession struct {
	pc *webrtc.PeerConnection

	mu    sync.Mutex // held through a patch, so that they come one after another
	tag   string     // of the present ICE session
	offer *offer     // with the peer's present credentials; nil before the answer
	told  []string   // candidates of the present ICE session that have been added

	seen     atomic.Int32 // candidates that the peer has told
	restarts atomic.Int32
}

// begin starts the first ICE session with the offer that was answered.
func (s *iceSession) begin(o *offer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tag, s.offer = rand.Text(), o
	for _, m := range o.session.MediaDescriptions {
		for _, a := range m.Attributes {
			if a.IsICECandidate() {
				s.seen.Add(1)
			}
		}
	}
}

// present returns the tag of the present ICE session.
func (s *iceSession) present() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tag
}

// patch applies a fragment. See ports.Media.Patch. declare completes the offer of a
// restart with what pion needs to keep its receivers.
func (s *iceSession) patch(ctx context.Context, p ports.ICEPatch, declare func(*sdp.SessionDescription)) (ports.ICEUpdate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.offer == nil {
		return ports.ICEUpdate{}, domain.ErrSessionUnknown // its own POST has not been answered
	}
	if !p.Match(s.tag) {
		return ports.ICEUpdate{}, domain.ErrTagStale
	}
	f, err := parseFragment(p.Fragment)
	if err != nil {
		return ports.ICEUpdate{}, err
	}
	same, err := f.of(s.offer.credentials())
	if err != nil {
		return ports.ICEUpdate{}, err
	}
	if same {
		s.trickle(f)
		return ports.ICEUpdate{}, nil
	}
	return s.restart(ctx, f, declare)
}

// trickle adds candidates. Those that cannot be used, of another transport or a
// name that does not resolve, are dropped without a word (RFC 9725 §4.3.2).
func (s *iceSession) trickle(f fragment) {
	for _, candidate := range f.candidates {
		if len(s.told) >= maxCandidates || slices.Contains(s.told, candidate) {
			continue
		}
		s.told = append(s.told, candidate)
		s.seen.Add(1)
		_ = s.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: candidate})
	}
}

// restart begins a new ICE session with the peer's new credentials. pion restarts
// when it is offered anew, so the offer is repeated with nothing but ICE changed;
// DTLS, SRTP and codecs stay as they are.
func (s *iceSession) restart(ctx context.Context, f fragment, declare func(*sdp.SessionDescription)) (ports.ICEUpdate, error) {
	if s.restarts.Load() >= maxRestarts {
		return ports.ICEUpdate{}, domain.ErrOfferUnsupported.Because("The session has restarted ICE too often. Begin a new one.")
	}
	renewed, err := s.offer.withICE(f)
	if err != nil {
		return ports.ICEUpdate{}, err
	}
	declare(renewed.session)
	description, err := renewed.description()
	if err != nil {
		return ports.ICEUpdate{}, err
	}
	if err := s.pc.SetRemoteDescription(description); err != nil {
		if s.pc.ConnectionState() == webrtc.PeerConnectionStateClosed {
			return ports.ICEUpdate{}, domain.ErrSessionUnknown
		}
		return ports.ICEUpdate{}, unusable(err.Error())
	}
	answer, err := answerTo(ctx, s.pc)
	if err != nil {
		return ports.ICEUpdate{}, fmt.Errorf("restart ICE: %w", err)
	}
	s.tag, s.offer = rand.Text(), renewed
	s.restarts.Add(1)
	s.seen.Store(0)
	s.told = nil
	s.trickle(f)
	fragment, err := fragmentOf(answer)
	return ports.ICEUpdate{Tag: s.tag, Fragment: fragment}, err
}

// answerTo answers the offer that has been set, when all candidates are there.
func answerTo(ctx context.Context, pc *webrtc.PeerConnection) (string, error) {
	answer, err := pc.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	if err := pc.SetLocalDescription(answer); err != nil {
		return "", err
	}
	select {
	case <-webrtc.GatheringCompletePromise(pc):
		return polishAnswer(pc.LocalDescription().SDP)
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// fragmentOf returns what a restart is answered with: the ICE part of an answer
// (RFC 9725 §4.3.3), in its first section, since all are bundled.
func fragmentOf(answer string) (string, error) {
	parsed := &sdp.SessionDescription{}
	if err := parsed.UnmarshalString(answer); err != nil || len(parsed.MediaDescriptions) == 0 {
		return "", fmt.Errorf("own answer: %w", err)
	}
	var b strings.Builder
	line := func(a sdp.Attribute) { fmt.Fprintf(&b, "a=%s\r\n", a.String()) }
	for _, a := range parsed.Attributes {
		if a.Key == sdp.AttrKeyGroup || a.Key == "ice-options" {
			line(a)
		}
	}
	m := parsed.MediaDescriptions[0]
	fmt.Fprintf(&b, "m=%s 9 %s %s\r\n", m.MediaName.Media, strings.Join(m.MediaName.Protos, "/"), strings.Join(m.MediaName.Formats, " "))
	for _, a := range m.Attributes {
		switch a.Key {
		case sdp.AttrKeyMID, "ice-ufrag", "ice-pwd", sdp.AttrKeyCandidate, sdp.AttrKeyEndOfCandidates:
			line(a)
		}
	}
	return b.String(), nil
}
