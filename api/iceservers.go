package api

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what TURN servers compute as well
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// ICEServer is a STUN or TURN server that clients are told of, with all its URLs
// (RFC 7064, RFC 7065). TURN needs credentials: either a username and credential
// for everybody, or a Secret that the TURN server knows too, and that a username
// and credential of its own is made with for each session.
type ICEServer struct {
	URLs       []string
	Username   string
	Credential string
	Secret     string
	TTL        time.Duration // how long credentials made with Secret hold
}

// iceLinks returns the Link field lines (RFC 9725 §4.6) that tell a client of the
// servers, one for each URL since some clients know no other form. Names and
// credentials must need no escaping in quotes. user is whom credentials are made
// for.
func iceLinks(servers []ICEServer, user string, now time.Time) []string {
	var lines []string
	for _, server := range servers {
		username, credential := server.credentials(user, now)
		for _, url := range server.URLs {
			line := fmt.Sprintf(`<%s>; rel="ice-server"`, url)
			if strings.HasPrefix(url, "turn") {
				line += fmt.Sprintf(`; username="%s"; credential="%s"; credential-type="password"`, username, credential)
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// credentials returns the username and credential for a user. Those made with a
// secret are what coturn and others call TURN REST: the username tells when it
// runs out, the credential is its HMAC-SHA1.
func (s ICEServer) credentials(user string, now time.Time) (username, credential string) {
	if s.Secret == "" {
		return s.Username, s.Credential
	}
	username = fmt.Sprintf("%d:%s", now.Add(s.TTL).Unix(), user)
	mac := hmac.New(sha1.New, []byte(s.Secret))
	mac.Write([]byte(username))
	return username, base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
