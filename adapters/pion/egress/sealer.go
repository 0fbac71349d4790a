package egress

import (
	"errors"
	"fmt"
	"sync"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
)

// headerSize is that of an RTP header as we send it: no CSRCs, no extensions.
const headerSize = 12

// sealer turns RTP into SRTP and RTCP into SRTCP under one session's keys, for all its
// SSRCs and from any goroutine. One is chosen when a connection comes up; two must
// never seal under the same keys.
type sealer interface {
	// overhead is by how many bytes an SRTP packet is longer than its RTP.
	overhead() int

	// sealRTP makes an SRTP packet of dst, which is as long as that will be and begins
	// with the packet's header. The payload may stand right behind the header already,
	// or elsewhere than in dst. An index (RFC 3711 §3.3.1) of an SSRC must never come
	// twice with two different packets. The nonce is room to work in.
	sealRTP(dst []byte, index uint64, payload []byte, n *nonce) error

	// sealRTCP appends a compound packet, sealed, to dst, which the packet must not
	// overlap.
	sealRTCP(dst, packet []byte) ([]byte, error)
}

// newSealer returns ours for the AES-GCM profiles, pion's for the others.
func newSealer(profile srtp.ProtectionProfile, masterKey, masterSalt []byte) (sealer, error) {
	context, err := srtp.CreateContext(masterKey, masterSalt, profile)
	if err != nil {
		return nil, fmt.Errorf("SRTP keys of %s: %w", profile, err)
	}
	foreign := &contextSealer{context: context}
	switch profile {
	case srtp.ProtectionProfileAeadAes128Gcm, srtp.ProtectionProfileAeadAes256Gcm:
		return newGCMSealer(masterKey, masterSalt, foreign)
	}
	tag, err := profile.AuthTagRTPLen()
	if err != nil {
		return nil, fmt.Errorf("SRTP tag of %s: %w", profile, err)
	}
	foreign.tag = tag
	return foreign, nil
}

// contextSealer seals by pion's SRTP context.
type contextSealer struct {
	tag int

	mu      sync.Mutex // guards what follows
	context *srtp.Context
	header  rtp.Header
}

func (s *contextSealer) overhead() int { return s.tag }

// sealRTP tells the context the roll-over counter each time, so that it is the
// packet's, whatever was sealed before.
func (s *contextSealer) sealRTP(dst []byte, index uint64, payload []byte, _ *nonce) error {
	size := headerSize + copy(dst[headerSize:], payload)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.context.SetROC(ssrcOf(dst), uint32(index>>16)) //nolint:gosec // 32 bits are what SRTP has
	sealed, err := s.context.EncryptRTP(dst, dst[:size], &s.header)
	if err == nil && len(sealed) != len(dst) {
		err = errors.New("the sealed packet has not the size it should have: report this as a bug")
	}
	return err
}

// sealRTCP counts the packets of each SSRC (RFC 3711 §3.4).
func (s *contextSealer) sealRTCP(dst, packet []byte) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sealed, err := s.context.EncryptRTCP(dst[len(dst):], packet, nil)
	if err != nil {
		return dst, err
	}
	return append(dst, sealed...), nil
}
