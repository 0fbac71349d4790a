package jwt_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"

	gojwt "github.com/golang-jwt/jwt/v5"

	"rostrum/domain"
)

// Each of these is a known attack upon verifiers of tokens. The authenticator has a key of
// every kind, so that each finds what it would need.
func TestAttacks(t *testing.T) {
	p := keys()
	auth := open(t, local(t))
	signed := p.rsa.sign(t, good())
	admin := with(with(good(), "rostrum_actions", "admin"), "rostrum_rooms", "*")
	attack := func(name, token, words string) {
		t.Run(name, func(t *testing.T) { refuses(t, auth, token, domain.ErrTokenInvalid, words) })
	}

	for _, alg := range []string{"none", "None", "NONE", "nOnE", ""} {
		attack("alg "+alg+" without a signature", handmade(map[string]any{"alg": alg}, admin, ""), "another algorithm")
		attack("alg "+alg+" with a signature", handmade(map[string]any{"alg": alg}, admin, last(signed)), "another algorithm")
	}
	attack("alg none, as the library signs it", sign(t, gojwt.SigningMethodNone, gojwt.UnsafeAllowNoneSignatureType, nil, admin), "another algorithm")
	attack("no alg", handmade(map[string]any{"typ": "JWT"}, admin, last(signed)), "another algorithm")
	attack("alg that is a list", handmade(map[string]any{"alg": []string{"RS256"}}, admin, last(signed)), "another algorithm")
	attack("the signature taken off", strings.TrimSuffix(signed, last(signed)), "not signed by a key")
	attack("claims of another token", swapClaims(signed, admin), "not signed by a key")
	attack("its claims signed as another's", p.otherRSA.sign(t, admin), "not signed by a key")
	attack("an empty secret", sign(t, gojwt.SigningMethodHS256, []byte{}, nil, admin), "not signed by a key")

	for name, text := range publicTexts(t, p) {
		attack("HS256 signed with the public key, "+name, sign(t, gojwt.SigningMethodHS256, text, nil, admin), "not signed by a key")
		attack("HS512 signed with the public key, "+name, sign(t, gojwt.SigningMethodHS512, text, nil, admin), "another algorithm")
	}
	for _, method := range []gojwt.SigningMethod{gojwt.SigningMethodRS384, gojwt.SigningMethodRS512, gojwt.SigningMethodPS256, gojwt.SigningMethodPS512} {
		attack("the RS256 key used for "+method.Alg(), sign(t, method, p.rsa.private, nil, admin), "another algorithm")
	}
	for _, method := range []gojwt.SigningMethod{gojwt.SigningMethodHS384, gojwt.SigningMethodHS512} {
		attack("the secret used for "+method.Alg(), sign(t, method, []byte(secret), nil, admin), "another algorithm")
	}
	attack("RS256 in the header of an ES256 token", relabel(p.ecdsa.sign(t, admin), "RS256"), "not signed by a key")
	attack("ES256 in the header of an EdDSA token", relabel(p.ed25519.sign(t, admin), "ES256"), "not signed by a key")
	attack("ES256 with r and s of zero", handmade(map[string]any{"alg": "ES256"}, admin, base64.RawURLEncoding.EncodeToString(make([]byte, 64))), "not signed by a key")

	for name, header := range map[string]map[string]any{
		"crit with a name we do not know": {"crit": []string{"https://example.com/x"}, "https://example.com/x": 1},
		"crit with b64 false":             {"crit": []string{"b64"}, "b64": false},
		"crit that is empty":              {"crit": []string{}},
		"crit that is null":               {"crit": nil},
		"kid that is a number":            {"kid": 7},
		"kid that is an object":           {"kid": map[string]any{"": 0}},
		"kid that is null":                {"kid": nil},
	} {
		attack(name, sign(t, p.rsa.method, p.rsa.private, header, good()), "not a JSON Web Token as")
	}
}

// A token that brings its own key is verified by ours alone, wherever it has it from.
func TestKeysInTheHeaderHaveNoEffect(t *testing.T) {
	p := keys()
	auth := open(t, local(t))
	asked := false
	server := listen(t, func(string) (int, string) { asked = true; return 200, keySet(t, jwk(t, p.otherRSA, "x", nil)) })
	for name, header := range map[string]map[string]any{
		"jwk":                                 {"jwk": json.RawMessage(jwk(t, p.otherRSA, "x", nil))},
		"jku":                                 {"jku": server.URL + "/jwks"},
		"x5u":                                 {"x5u": server.URL + "/x.pem"},
		"x5c":                                 {"x5c": []string{"MIIB"}},
		"a kid that is a path, a URL and SQL": {"kid": "../../../dev/null' UNION SELECT 'x' -- " + server.URL},
	} {
		t.Run(name, func(t *testing.T) {
			accepts(t, auth, sign(t, p.rsa.method, p.rsa.private, header, good()))
			refuses(t, auth, sign(t, p.otherRSA.method, p.otherRSA.private, header, good()), domain.ErrTokenInvalid, "not signed by a key")
		})
	}
	if asked {
		t.Error("a token made the server ask an address of its choice")
	}
}

func TestMalformedTokens(t *testing.T) {
	auth := open(t, local(t))
	token := keys().ed25519.sign(t, good())
	part := strings.Split(token, ".")
	for fault, bad := range map[string]string{
		"encrypted (five parts)":           token + ".x.y",
		"base64 with padding":              part[0] + "." + part[1] + "==." + part[2],
		"a line end inside":                token[:20] + "\n" + token[20:],
		"a carriage return inside":         token[:20] + "\r" + token[20:],
		"bits left over in the signature":  part[0] + "." + part[1] + "." + part[2][:len(part[2])-1] + string(part[2][len(part[2])-1]+1),
		"a header that is no object":       encode(`["EdDSA"]`) + "." + part[1] + "." + part[2],
		"a header that is null":            encode(`null`) + "." + part[1] + "." + part[2],
		"claims that are no object":        part[0] + "." + encode(`"anna"`) + "." + part[2],
		"claims that end early":            part[0] + "." + encode(`{"sub":"anna"`) + "." + part[2],
		"claims nested without end":        part[0] + "." + encode(strings.Repeat(`{"a":`, 1000)) + "." + part[2],
		"JSON serialization":               `{"payload":"` + part[1] + `","protected":"` + part[0] + `","signature":"` + part[2] + `"}`,
		"letters that look like its own":   strings.Replace(token, "e", "е", 1),
		"8 KiB and one, before it is read": strings.Repeat("x", 8193),
	} {
		t.Run(fault, func(t *testing.T) { refuses(t, auth, bad, domain.ErrTokenInvalid, "") })
	}
}

// publicTexts is all that an attacker may take for the text of a public key.
func publicTexts(t *testing.T, p pairs) map[string][]byte {
	texts := map[string][]byte{}
	for alg, by := range p.public() {
		der := must(x509.MarshalPKIXPublicKey(by.public))
		text := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
		texts[alg+" as PEM"] = text
		texts[alg+" as PEM without its last line end"] = text[:len(text)-1]
		texts[alg+" as DER"] = der
		texts[alg+" as a JWK"] = []byte(jwk(t, by, "", nil))
	}
	texts["RS256 as PKCS #1"] = x509.MarshalPKCS1PublicKey(p.rsa.public.(*rsa.PublicKey))
	texts["RS256, its modulus"] = p.rsa.public.(*rsa.PublicKey).N.Bytes()
	return texts
}

func encode(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

func handmade(header map[string]any, claims gojwt.MapClaims, signature string) string {
	return encode(string(must(json.Marshal(header)))) + "." + encode(string(must(json.Marshal(claims)))) + "." + signature
}

func last(token string) string { return token[strings.LastIndex(token, ".")+1:] }

func swapClaims(token string, claims gojwt.MapClaims) string {
	part := strings.Split(token, ".")
	return part[0] + "." + encode(string(must(json.Marshal(claims)))) + "." + part[2]
}

func relabel(token, alg string) string {
	return encode(`{"alg":"`+alg+`","typ":"JWT"}`) + token[strings.Index(token, "."):]
}

func weakPrivate() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 1024)) }

func weakRSA() any { return &weakPrivate().PublicKey }

func p384() any { return &must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader)).PublicKey }
