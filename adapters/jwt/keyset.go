package jwt

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/MicahParks/jwkset"
)

// maxKeys bounds what a token that does not name its key costs.
const maxKeys = 64

// parseKeySet returns the keys of a JSON Web Key Set that can be used here; the others, and
// symmetric ones, are passed over. A set that has none at all is an empty keyring together
// with an error.
func parseKeySet(text []byte) (keyring, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(text, &set); err != nil || set.Keys == nil {
		return nil, errors.New("the answer is not a JSON Web Key Set: see that the address is that of the issuer's keys")
	}
	if len(set.Keys) > maxKeys {
		return nil, fmt.Errorf("the issuer lists %d keys, and at most %d are taken: have it withdraw old ones", len(set.Keys), maxKeys)
	}
	ring := keyring{}
	for _, text := range set.Keys {
		if k, ok := parseKey(text); ok {
			ring = append(ring, k)
		}
	}
	if len(ring) == 0 {
		return ring, errors.New("the issuer lists no key for RS256, ES256 or EdDSA: have it sign with one of these")
	}
	return ring, nil
}

func parseKey(text json.RawMessage) (*key, bool) {
	// Private is false: what is private in a key is not read, and symmetric keys are refused.
	jwk, err := jwkset.NewJWKFromRawJSON(text, jwkset.JWKMarshalOptions{Private: false}, jwkset.JWKValidateOptions{})
	if err != nil {
		return nil, false
	}
	algorithm, err := algorithmOf(jwk.Key())
	if err != nil {
		return nil, false
	}
	says := jwk.Marshal()
	usable := (says.ALG == "" || says.ALG.String() == algorithm) &&
		(says.USE == "" || says.USE == jwkset.UseSig) &&
		(len(says.KEYOPS) == 0 || slices.Contains(says.KEYOPS, jwkset.KeyOpsVerify))
	return &key{id: says.KID, algorithm: algorithm, material: jwk.Key()}, usable
}
