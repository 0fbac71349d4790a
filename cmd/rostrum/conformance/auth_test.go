package conformance

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
)

func TestAuthentication(t *testing.T) {
	t.Parallel()
	t.Run("WHIP-152 WHIP-158 other schemes than Bearer are 401", testSchemes)
	t.Run("WHIP-153 a 401 says how to authenticate", testChallenge)
	t.Run("WHIP-154 the scheme in any letters, the token exactly", testSpellingOfBearer)
	t.Run("WHIP-156 strangers learn nothing", testStrangersLearnNothing)
	t.Run("WHIP-159 the server speaks TLS itself when it is given a certificate", testTLS)
}

func testSchemes(t *testing.T) {
	for _, value := range []string{
		"", "Bearer", "Bearer ", studioToken, "Basic " + studioToken, "Basic c3R1ZGlvOnN0dWRpbw==", "Digest " + studioToken, "Token " + studioToken,
		"BearerX " + studioToken, "Bearer " + studioToken + " " + studioToken, "Bearer Bearer " + studioToken, "Bearer," + studioToken,
	} {
		for _, endpoint := range []string{whip, whep} {
			r := house.send(t, http.MethodPost, endpoint+room(), newWire(t).offer(t, "publisher"), typeSDP, "Authorization: "+value)
			r.refused(t, http.StatusUnauthorized, "token_missing", "token_invalid")
		}
	}
}

func testChallenge(t *testing.T) {
	s := house.open(t, whip, room(), "publisher")
	for _, c := range []struct{ method, path string }{
		{"POST", whip + room()}, {"POST", whep + room()}, {"PATCH", s.path}, {"DELETE", s.path}, {"DELETE", "/api/whip/sessions/nobody"},
	} {
		missing := house.send(t, c.method, c.path, "x", typeSDP, noToken)
		missing.refused(t, http.StatusUnauthorized, "token_missing")
		if challenge := missing.Header.Get("WWW-Authenticate"); !strings.HasPrefix(challenge, "Bearer") || strings.Contains(challenge, "error") {
			t.Errorf("%s %s without a token: WWW-Authenticate %q", c.method, c.path, challenge)
		}
		wrong := house.send(t, c.method, c.path, "x", typeSDP, as(unknownToken))
		wrong.refused(t, http.StatusUnauthorized, "token_invalid")
		if challenge := wrong.Header.Get("WWW-Authenticate"); !strings.HasPrefix(challenge, "Bearer") || !strings.Contains(challenge, `error="invalid_token"`) {
			t.Errorf("%s %s with a wrong token: WWW-Authenticate %q", c.method, c.path, challenge)
		}
	}
}

func testSpellingOfBearer(t *testing.T) {
	for _, scheme := range []string{"bearer ", "BEARER ", "bEaReR   ", "Bearer     "} {
		offer := newWire(t).offer(t, "publisher")
		l := house.dial(t)
		l.write("POST " + whip + room() + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + scheme + studioToken + "\r\n" + typeSDP + "\r\nContent-Length: " + strconv.Itoa(len(offer)) + "\r\n\r\n" + offer)
		l.read("POST").expect(t, http.StatusCreated, "the scheme "+scheme)
	}
	for _, token := range []string{strings.ToUpper(studioToken), studioToken + "x", studioToken[:len(studioToken)-1], `"` + studioToken + `"`, studioToken + "="} {
		house.send(t, http.MethodPost, whip+room(), newWire(t).offer(t, "publisher"), typeSDP, as(token)).refused(t, http.StatusUnauthorized)
	}
}

// testStrangersLearnNothing asks without a token what would be answered otherwise
// for everybody who has one; a body that is announced is not waited for.
func testStrangersLearnNothing(t *testing.T) {
	busy := room()
	house.open(t, whip, busy, "publisher")
	for what, c := range map[string]struct{ path, body, media string }{
		"a busy room": {whip + busy, "v=0", typeSDP}, "an illegal name": {whip + "a.b", "v=0", typeSDP}, "a bad offer": {whip + room(), "nonsense", typeSDP},
		"a huge body": {whip + room(), strings.Repeat("a", 200<<10), typeSDP}, "another media type": {whip + room(), "{}", typeJSON},
		"no body": {whip + room(), "", typeSDP}, "a room to watch": {whep + busy, "nonsense", typeSDP},
	} {
		for _, bearer := range []string{noToken, as(unknownToken)} {
			r := house.send(t, http.MethodPost, c.path, c.body, c.media, bearer)
			if r.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s tells a stranger %d: %s", what, r.StatusCode, r.body)
			}
		}
	}
	l := house.dial(t)
	l.write("POST " + whip + room() + " HTTP/1.1\r\nHost: x\r\n" + typeSDP + "\r\nContent-Length: 5000\r\n\r\n")
	l.read("POST").expect(t, http.StatusUnauthorized, "a body that does not come")
}
