package egress

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
)

// What a derived key is for (RFC 3711 §4.3.1).
const (
	labelEncryption = 0
	labelSalt       = 2
)

// derivation derives session keys from master ones by AES in counter mode (RFC 3711
// §4.3.3; RFC 6188 §3 for longer keys), with a key derivation rate of zero.
type derivation struct {
	master cipher.Block
	salt   [aes.BlockSize]byte // the master salt times 2^16
}

func newDerivation(masterKey, masterSalt []byte) (*derivation, error) {
	block, err := aes.NewCipher(masterKey)
	if err != nil {
		return nil, fmt.Errorf("SRTP master key: %w", err)
	}
	d := &derivation{master: block}
	copy(d.salt[:], masterSalt)
	return d, nil
}

// key returns the first size bytes of the key stream that a label has.
func (d *derivation) key(label byte, size int) []byte {
	counter := d.salt
	counter[7] ^= label
	key := make([]byte, size)
	cipher.NewCTR(d.master, counter[:]).XORKeyStream(key, key)
	return key
}
