package egress

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"fmt"
)

// nonce is the initialization vector of AES-GCM, and as long as the session's salt.
type nonce [12]byte

// gcmTag is how long the tag is that vouches for a packet (RFC 7714 §13.2).
const gcmTag = 16

// gcmSealer seals RTP by AEAD_AES_128_GCM or AEAD_AES_256_GCM (RFC 7714). It keeps no
// state of any SSRC. RTCP, a packet a second, is pion's.
type gcmSealer struct {
	aead cipher.AEAD
	high uint32 // of the session's salt: 32 bits and 64
	low  uint64
	rtcp *contextSealer
}

// newGCMSealer derives the session's keys from the master's.
func newGCMSealer(masterKey, masterSalt []byte, rtcp *contextSealer) (*gcmSealer, error) {
	derive, err := newDerivation(masterKey, masterSalt)
	if err != nil {
		return nil, err
	}
	aead, err := newGCM(derive.key(labelEncryption, len(masterKey)))
	if err != nil {
		return nil, err
	}
	s := &gcmSealer{aead: aead, rtcp: rtcp}
	s.setSalt(derive.key(labelSalt, len(nonce{})))
	return s, nil
}

func (s *gcmSealer) setSalt(salt []byte) {
	s.high, s.low = binary.BigEndian.Uint32(salt), binary.BigEndian.Uint64(salt[4:])
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("SRTP session key: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("SRTP session key: %w", err)
	}
	return aead, nil
}

func (s *gcmSealer) overhead() int { return gcmTag }

// sealRTP makes the nonce of RFC 7714 §8.1: two zero octets, SSRC, roll-over counter
// and sequence number, the last two being the index, under the salt.
func (s *gcmSealer) sealRTP(dst []byte, index uint64, payload []byte, n *nonce) error {
	ssrc := ssrcOf(dst)
	binary.BigEndian.PutUint32(n[:], s.high^ssrc>>16)
	binary.BigEndian.PutUint64(n[4:], s.low^(uint64(ssrc)<<48|index&(1<<48-1)))
	s.aead.Seal(dst[headerSize:headerSize], n[:], payload, dst[:headerSize])
	return nil
}

func (s *gcmSealer) sealRTCP(dst, packet []byte) ([]byte, error) {
	return s.rtcp.sealRTCP(dst, packet)
}
