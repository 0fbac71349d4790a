package publish

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Why publishing can't begin or go on. Match with errors.Is.
var (
	ErrUnreachable = errors.New("the server can't be reached")
	ErrNoMedia     = errors.New("the server took the offer, but no media path to it was found")
	ErrEnded       = errors.New("the server ended the session")
	ErrLost        = errors.New("the connection to the server was lost")
)

// Refusal is an answer that says no.
type Refusal struct {
	Status    int           `json:"status"`
	Code      string        `json:"code"`
	Title     string        `json:"title"`
	Detail    string        `json:"detail"`
	Retryable bool          `json:"retryable"`
	After     time.Duration `json:"-"` // not sooner than that
}

func (r *Refusal) Error() string {
	what := r.Detail
	if what == "" {
		what = r.Title
	}
	if what == "" {
		what = http.StatusText(r.Status)
	}
	what = strings.TrimSuffix(what, ".")
	if r.Code == "" {
		return fmt.Sprintf("the server refused (%d): %s: %s", r.Status, what, r.advice())
	}
	return fmt.Sprintf("the server refused (%d %s): %s: %s", r.Status, r.Code, what, r.advice())
}

// advice is by code, the server's own word; answers of proxies have none and are told by status.
func (r *Refusal) advice() string {
	if advice, known := byCode[r.Code]; known {
		return advice
	}
	if advice, known := byStatus[r.Status]; known {
		return advice
	}
	if r.Status >= 500 {
		return "the fault is the server's: its log says more"
	}
	return "see the server's log"
}

const (
	adviceToken = "give the right token in ROSTRUM_TOKEN or with --token; " +
		"a server without configured tokens keeps its own in data/token"
	adviceAddress = "is --server the address of a Rostrum server, without /api?"
	adviceOffer   = "if no proxy between changed the request, this is a defect of rostrum publish: please report it"
)

var byCode = map[string]string{
	"room_name_invalid":      "use 1 to 64 letters, digits, - and _",
	"offer_invalid":          adviceOffer,
	"offer_unsupported":      adviceOffer,
	"media_type_unsupported": adviceOffer,
	"body_too_large":         adviceOffer,
	"token_missing":          adviceToken,
	"token_invalid":          adviceToken,
	"forbidden":              "this token may not publish into this room: use another room, or have the token's grant changed",
	"room_unknown":           "create the room first, or let the server create rooms (rooms.auto_create)",
	"not_found":              adviceAddress,
	"method_not_allowed":     adviceAddress,
	"room_busy":              "somebody else is publishing there: end that, or use another room",
	"no_common_codec":        "convert the file: ffmpeg -i FILE -c:v libvpx -b:v 2M -g 60 -c:a libopus converted.webm",
	"rate_limited":           "too many attempts: wait",
	"too_many_rooms":         "publish into a room that exists, or raise limits.max_rooms",
	"shutting_down":          "the server is stopping: wait until it is back",
	"unavailable":            "the server lacks something that it needs: its log and /readyz say what",
}

var byStatus = map[int]string{
	http.StatusUnauthorized:       adviceToken,
	http.StatusForbidden:          byCode["forbidden"],
	http.StatusNotFound:           adviceAddress,
	http.StatusMethodNotAllowed:   adviceAddress,
	http.StatusTooManyRequests:    byCode["rate_limited"],
	http.StatusBadGateway:         "a proxy answered, but the server behind it didn't: is it running?",
	http.StatusServiceUnavailable: "wait until the server is back",
	http.StatusGatewayTimeout:     "a proxy answered, but the server behind it didn't: is it running?",
}

// refusal reads problem details (RFC 9457) where there are some.
func refusal(from reply) error {
	r := &Refusal{}
	if from.kind() != "application/problem+json" || json.Unmarshal(from.body, r) != nil {
		*r = Refusal{}
		switch from.status {
		case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			r.Retryable = true
		}
	}
	r.Status = from.status
	r.After = retryAfter(from.header.Get("Retry-After"))
	return r
}

// retryAfter takes seconds or a date.
func retryAfter(header string) time.Duration {
	wait := time.Duration(0)
	if seconds, err := strconv.Atoi(header); err == nil {
		wait = time.Duration(min(seconds, int(longestWait.Seconds()))) * time.Second
	} else if date, err := http.ParseTime(header); err == nil {
		wait = time.Until(date)
	}
	return min(max(wait, 0), longestWait)
}

// unreachable leaves out what net/http repeats of the request.
func unreachable(at *url.URL, err error) error {
	var request *url.Error
	if errors.As(err, &request) {
		err = request.Err
	}
	return fmt.Errorf("%w at %s://%s: start it, or name another with --server (%w)", ErrUnreachable, at.Scheme, at.Host, err)
}

// retryable says whether the same attempt may succeed later.
func retryable(err error) bool {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Retryable
	}
	return errors.Is(err, ErrUnreachable) || errors.Is(err, ErrNoMedia) || errors.Is(err, ErrEnded) || errors.Is(err, ErrLost)
}

func after(err error) time.Duration {
	var r *Refusal
	if errors.As(err, &r) {
		return r.After
	}
	return 0
}
