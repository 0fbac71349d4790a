package pion

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rostrum/adapters/pion/negotiation"
	"rostrum/adapters/pion/transport"
	"rostrum/domain"
	"rostrum/ports"
)

// maxRestarts bounds how often one session may restart ICE; a client that needs
// more is better off with a new session.
const maxRestarts = 100

// maxTrickled bounds how many candidates one ICE session may bring by and by.
const maxTrickled = 100

// iceSession is the ICE side of a peer after its answer: what its patches change.
type iceSession struct {
	conn        *transport.Conn
	certificate negotiation.Fingerprint // of this side

	mu    sync.Mutex         // held through a patch, so that they come one after another
	tag   string             // of the present ICE session
	offer *negotiation.Offer // with the peer's present credentials; nil before the answer
	told  []string           // candidates of the present ICE session that have been added

	seen       atomic.Int32 // candidates that the peer has told
	names      atomic.Int32 // of them, mDNS names
	firstAfter atomic.Int64 // until it told the first of all, in nanoseconds; 0: not yet
	restarts   atomic.Int32
}

// begin starts the first ICE session with the offer that was answered.
func (s *iceSession) begin(o *negotiation.Offer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tag, s.offer = rand.Text(), o
	for _, candidate := range o.Candidates {
		s.note(candidate)
	}
}

// note takes note of a candidate that the peer has told.
func (s *iceSession) note(candidate string) {
	s.firstAfter.CompareAndSwap(0, int64(s.conn.After(time.Now())))
	s.seen.Add(1)
	if isName(candidate) {
		s.names.Add(1)
	}
}

// isName reports whether a candidate (RFC 8839 §5.1) has an mDNS name for its address,
// its fifth field.
func isName(candidate string) bool {
	fields := strings.Fields(candidate)
	return len(fields) > 4 && strings.HasSuffix(strings.ToLower(fields[4]), ".local")
}

// present returns the tag of the present ICE session.
func (s *iceSession) present() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tag
}

// patch applies a fragment. See ports.Media.Patch.
func (s *iceSession) patch(ctx context.Context, p ports.ICEPatch) (ports.ICEUpdate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.offer == nil {
		return ports.ICEUpdate{}, domain.ErrSessionUnknown // its own POST has not been answered
	}
	if !p.Match(s.tag) {
		return ports.ICEUpdate{}, domain.ErrTagStale
	}
	f, err := negotiation.ParseFragment(p.Fragment)
	if err != nil {
		return ports.ICEUpdate{}, err
	}
	restarts, err := f.Restarts(s.offer.Credentials)
	if err != nil {
		return ports.ICEUpdate{}, err
	}
	if restarts {
		return s.restart(ctx, f)
	}
	s.trickle(f)
	return ports.ICEUpdate{}, nil
}

// trickle adds candidates, each once and only so many.
func (s *iceSession) trickle(f negotiation.Fragment) {
	for _, candidate := range f.Candidates {
		if len(s.told) >= maxTrickled || slices.Contains(s.told, candidate) {
			continue
		}
		s.told = append(s.told, candidate)
		s.note(candidate)
		s.conn.AddCandidate(candidate)
	}
}

// restart begins a new ICE session with the peer's new credentials; DTLS, SRTP and
// codecs stay as they are.
func (s *iceSession) restart(ctx context.Context, f negotiation.Fragment) (ports.ICEUpdate, error) {
	if s.restarts.Load() >= maxRestarts {
		return ports.ICEUpdate{}, domain.ErrOfferUnsupported.Because("The session has restarted ICE too often. Begin a new one.")
	}
	local, err := s.conn.Restart(ctx, f.Credentials.Ufrag, f.Credentials.Pwd)
	if err != nil {
		if s.conn.IsOver() {
			return ports.ICEUpdate{}, domain.ErrSessionUnknown
		}
		return ports.ICEUpdate{}, fmt.Errorf("restart ICE: %w", err)
	}
	s.offer = s.offer.Restarted(f)
	s.tag = rand.Text()
	s.restarts.Add(1)
	s.seen.Store(0)
	s.names.Store(0)
	s.told = nil
	s.trickle(f)
	return ports.ICEUpdate{Tag: s.tag, Fragment: s.offer.Fragment(s.transport(local))}, nil
}

// transport returns what an answer says of this side.
func (s *iceSession) transport(local transport.Local) negotiation.Transport {
	return negotiation.Transport{
		Credentials: negotiation.Credentials{Ufrag: local.Ufrag, Pwd: local.Pwd},
		Candidates:  local.Candidates,
		Fingerprint: s.certificate,
	}
}
