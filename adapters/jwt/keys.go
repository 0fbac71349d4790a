package jwt

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"

	gojwt "github.com/golang-jwt/jwt/v5"
)

const minRSA = 2048

// algorithms are all that is taken, publicAlgorithms those whose keys an issuer can list.
var (
	algorithms       = []string{"HS256", "RS256", "ES256", "EdDSA"}
	publicAlgorithms = algorithms[1:]
)

// key verifies signatures by one algorithm, which comes from what the key is and never
// from a token.
type key struct {
	id        string // "": it may have signed any token
	algorithm string
	material  gojwt.VerificationKey
}

// keyring is a set of keys. They stand behind pointers, so that no %v shows a secret.
type keyring []*key

// candidates returns the keys that can have signed a token with that header.
func (r keyring) candidates(algorithm, id string) []gojwt.VerificationKey {
	var found []gojwt.VerificationKey
	for _, k := range r {
		if k.algorithm == algorithm && (k.id == id || k.id == "" || id == "") {
			found = append(found, k.material)
		}
	}
	return found
}

func (r keyring) has(id string) bool {
	return slices.ContainsFunc(r, func(k *key) bool { return k.id == id && id != "" })
}

// algorithmOf returns the one algorithm of a public key.
func algorithmOf(public any) (string, error) {
	switch k := public.(type) {
	case *rsa.PublicKey:
		if bits := k.N.BitLen(); bits < minRSA {
			return "", fmt.Errorf("is an RSA key of %d bits: use one of at least %d", bits, minRSA)
		}
		return gojwt.SigningMethodRS256.Alg(), nil
	case *ecdsa.PublicKey:
		if k.Curve != elliptic.P256() {
			return "", fmt.Errorf("is an ECDSA key on the curve %s: use P-256", k.Curve.Params().Name)
		}
		return gojwt.SigningMethodES256.Alg(), nil
	case ed25519.PublicKey:
		return gojwt.SigningMethodEdDSA.Alg(), nil
	default:
		return "", errors.New("is a key of another kind: use RSA, ECDSA P-256 or Ed25519")
	}
}
