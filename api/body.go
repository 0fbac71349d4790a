package api

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/domain"
)

const (
	mediaTypeSDP      = "application/sdp"
	mediaTypeFragment = "application/trickle-ice-sdpfrag" // RFC 8840

	maxOffer    = 64 << 10 // bytes; a browser's offer has some 8 KiB
	maxFragment = 16 << 10 // bytes; a candidate has some 100

	bodyTimeout   = 10 * time.Second // for the whole of a body
	unreadTimeout = time.Second      // for what is left of a body that nobody wants
)

// bodies goes around what net/http and huma do with bodies that are not read to
// their end, which would have a refused client wait:
//
//   - net/http reads up to 256 KiB of such a body before it sends the answer, so
//     that the connection can go on, and has no limit to how long that takes. Here
//     it has unreadTimeout; then the answer is sent and the connection closed.
//   - huma closes a body that is too large before it answers, and closing reads on.
//     Here it closes nothing; net/http does, after the answer.
//
// A body has bodyTimeout to come, whoever reads it. When it is there, net/http lifts
// the deadline, and its handler may take as long as it needs.
type bodies struct{ next http.Handler }

func (h bodies) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Body == nil || r.ContentLength == 0 {
		h.next.ServeHTTP(w, r)
		return
	}
	connection, read := http.NewResponseController(w), &unclosed{Reader: r.Body}
	_ = connection.SetReadDeadline(time.Now().Add(bodyTimeout)) // every connection of net/http has deadlines
	ours := r.WithContext(r.Context())                          // net/http goes by the body of its own request
	ours.Body = read
	h.next.ServeHTTP(w, ours)
	if !read.whole {
		_ = connection.SetReadDeadline(time.Now().Add(unreadTimeout))
	}
}

// unclosed is a body that is left open, and that knows whether it has been read
// whole.
type unclosed struct {
	io.Reader
	whole bool
}

func (u *unclosed) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	u.whole = u.whole || errors.Is(err, io.EOF)
	return n, err
}

func (u *unclosed) Close() error { return nil }

// bounded lets a request pass whose body is said to be of one of the media types, as it
// is and no longer than may be. Nothing of the body has been asked for before, so that
// a client which waits for 100 Continue does not send what is refused.
func (s *service) bounded(api huma.API, limit int64, wrong *Problem, mediaTypes ...string) middleware {
	return func(ctx huma.Context, next func(huma.Context)) {
		is, _, err := mime.ParseMediaType(ctx.Header("Content-Type"))
		length, _ := strconv.ParseInt(ctx.Header("Content-Length"), 10, 64) // 0 where it is not said
		switch {
		case err != nil && is == "" || !slices.Contains(mediaTypes, is):
			s.refuse(api, ctx, wrong)
		case !plain(ctx.Header("Content-Encoding")):
			s.refuse(api, ctx, errCoding)
		case length > limit:
			s.refuse(api, ctx, errTooLarge)
		default:
			next(ctx)
		}
	}
}

// Refusals of SDP as a JSON string, which generated clients make of any text unless they are
// told not to.
var (
	errOfferQuoted    = domain.ErrOffer.Because("The body is a JSON string. Send the SDP offer as it is, without quotes and escapes.")
	errFragmentQuoted = domain.ErrFragment.Because("The body is a JSON string. Send the trickle ICE SDP fragment as it is, without quotes and escapes.")
)

// quoted reports whether a body begins as a JSON string does, and no SDP.
func quoted(body []byte) bool { return bytes.HasPrefix(body, []byte(`"`)) }

// plain reports whether a body with that Content-Encoding is coded in no way.
func plain(encoding string) bool {
	for coding := range strings.SplitSeq(encoding, ",") {
		if coding = strings.TrimSpace(coding); coding != "" && !strings.EqualFold(coding, "identity") {
			return false
		}
	}
	return true
}
