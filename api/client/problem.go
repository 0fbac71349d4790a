package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// What errors are besides a *Problem. Match with errors.Is.
var (
	// ErrUnreachable: nobody has answered, or not to the end.
	ErrUnreachable = errors.New("the server can't be reached")
	// ErrUntrusted: its certificate does not prove that it is the server.
	ErrUntrusted = errors.New("the server can't be trusted")
	// ErrContract: what has answered does not keep to the contract.
	ErrContract = errors.New("the answer is not what a Rostrum server says")
)

// isIt ends what is said of answers that are nobody's.
const isIt = ": is this the address of a Rostrum server, without /api?"

// MaxRetryAfter is the longest that Problem.RetryAfter says, whatever the server does.
const MaxRetryAfter = 5 * time.Minute

// Problem is an answer that says no: the server's problem document (RFC 9457), or what the
// status alone says where a proxy has answered. Of such an answer Code is empty.
type Problem struct {
	Status     int           // of HTTP
	Code       string        // what went wrong, for programs; it stays the same when words change
	Title      string        // the status in words
	Detail     string        // what went wrong here, and what to do next
	Retryable  bool          // whether the same request may succeed later
	RetryAfter time.Duration // not sooner; 0: the server does not say
}

func (p *Problem) Error() string {
	what := strings.TrimSuffix(p.Detail, ".")
	if what == "" {
		what = p.Title
	}
	if p.Code == "" {
		return fmt.Sprintf("the server refused (%d): %s", p.Status, what)
	}
	return fmt.Sprintf("the server refused (%d %s): %s", p.Status, p.Code, what)
}

// Is matches a *Problem that names the same Code, or no Code and the same Status:
//
//	errors.Is(err, &client.Problem{Code: "room_busy"})
func (p *Problem) Is(target error) bool {
	other, ok := target.(*Problem)
	switch {
	case !ok:
		return false
	case other.Code != "":
		return other.Code == p.Code
	default:
		return other.Status == p.Status
	}
}

// Retryable says whether what has failed may succeed later, and how long to wait at least.
func Retryable(err error) (yes bool, after time.Duration) {
	var p *Problem
	if errors.As(err, &p) {
		return p.Retryable, p.RetryAfter
	}
	return errors.Is(err, ErrUnreachable), 0
}

// problemOf reads a refusal, whose body is in memory.
func problemOf(response *http.Response) *Problem {
	p := &Problem{Status: response.StatusCode, RetryAfter: retryAfter(response.Header.Get("Retry-After"))}
	if !p.read(response) {
		p.guess()
	}
	if p.Title == "" {
		p.Title = http.StatusText(p.Status)
	}
	if p.Title == "" {
		p.Title = "no reason is given"
	}
	return p
}

// read takes what a problem document says, and reports whether there is one.
func (p *Problem) read(response *http.Response) bool {
	var document struct {
		Code, Title, Detail string
		Retryable           *bool
	}
	body, err := io.ReadAll(response.Body)
	if err != nil || mediaType(response.Header) != "application/problem+json" || json.Unmarshal(body, &document) != nil {
		return false
	}
	p.Code, p.Title, p.Detail = short(document.Code), short(document.Title), short(document.Detail)
	if document.Retryable == nil {
		p.guess()
		return true
	}
	p.Retryable = *document.Retryable
	return true
}

// guess says what a status alone says of trying again.
func (p *Problem) guess() {
	switch p.Status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		p.Retryable = true
	}
}

// short keeps what strangers say printable, and to a line.
func short(text string) string {
	const most = 500
	text = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, strings.ToValidUTF8(text, "?"))
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "..."
	}
	return text
}

// retryAfter takes seconds or a date.
func retryAfter(header string) time.Duration {
	wait := time.Duration(0)
	if seconds, err := strconv.Atoi(header); err == nil {
		wait = time.Duration(min(max(seconds, 0), int(MaxRetryAfter.Seconds()))) * time.Second
	} else if date, err := http.ParseTime(header); err == nil {
		wait = time.Until(date)
	}
	return min(max(wait, 0), MaxRetryAfter)
}

// mediaType is the kind of a body, without parameters, in lower case.
func mediaType(header http.Header) string {
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return kind
}
