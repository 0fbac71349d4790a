package api

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"rostrum/domain"
)

// linkLife is how long a link to a file of a recording holds.
const linkLife = time.Hour

// errLink refuses a link that holds no more, or that nobody has given out.
var errLink = newProblem(http.StatusForbidden, "link_invalid",
	"This link has run out, or it is not whole. Load the page again that it is from, or ask for the recording again.")

// links are addresses under which a file of a recording can be had without a token,
// since a video element sends none. They are signed with a key that lives as long as
// the process: after a restart none of them holds.
type links struct{ key []byte }

func newLinks() links {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // it returns no error
	return links{key}
}

// link returns the address of a file, which holds until expires.
func (l links) link(id domain.RecordingID, part string, expires time.Time) string {
	until := strconv.FormatInt(expires.Unix(), 10)
	query := url.Values{"part": {part}, "expires": {until}, "signature": {l.sign(id, part, until)}}
	return recordingsPath + "/" + string(id) + "/media?" + query.Encode()
}

// check returns errLink unless that link is one of ours and holds.
func (l links) check(id domain.RecordingID, part, expires, signature string, now time.Time) error {
	until, err := strconv.ParseInt(expires, 10, 64)
	signed := hmac.Equal([]byte(signature), []byte(l.sign(id, part, expires)))
	if err != nil || !signed || now.Unix() >= until {
		return errLink
	}
	return nil
}

// sign returns the signature of what a link says. None of it has a "|" in it that has
// been given out.
func (l links) sign(id domain.RecordingID, part, expires string) string {
	mac := hmac.New(sha256.New, l.key)
	mac.Write([]byte(string(id) + "|" + part + "|" + expires))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
