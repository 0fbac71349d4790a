package api

import (
	"context"
	"errors"
	"maps"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/domain"
)

const mediaTypeProblem = "application/problem+json"

// Problem is the body of every refused request (RFC 9457). Programs go by Code and
// Retryable, people by Detail.
type Problem struct {
	Type      string `json:"type" example:"about:blank" doc:"Always about:blank: the code tells the kinds apart."`
	Title     string `json:"title" example:"Conflict" doc:"The status in words."`
	Status    int    `json:"status" example:"409" doc:"The HTTP status."`
	Detail    string `json:"detail" example:"The room has a publisher." doc:"What went wrong here, and what to do next."`
	Code      string `json:"code" example:"room_busy" doc:"What went wrong, for programs. It stays the same when the words change."`
	Retryable bool   `json:"retryable" example:"true" doc:"Whether the same request may succeed later."`

	headers http.Header // what goes with it wherever it is answered
	kind    domain.Kind // of the refusal that it tells of; "": it is HTTP's own
}

// Error gives the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus gives the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType makes JSON a problem document.
func (p *Problem) ContentType(string) string { return mediaTypeProblem }

// statuses maps each kind of refusal to its status. This is the one table.
var statuses = map[domain.Kind]int{
	domain.Invalid:         http.StatusBadRequest,
	domain.Unauthenticated: http.StatusUnauthorized,
	domain.Forbidden:       http.StatusForbidden,
	domain.Missing:         http.StatusNotFound,
	domain.Conflict:        http.StatusConflict,
	domain.Stale:           http.StatusPreconditionFailed,
	domain.Unconditional:   http.StatusPreconditionRequired,
	domain.Unprocessable:   http.StatusUnprocessableEntity,
	domain.TooMany:         http.StatusTooManyRequests,
	domain.Unavailable:     http.StatusServiceUnavailable,
}

// Problems that HTTP itself has, not a room.
var (
	errInternal    = &Problem{Status: http.StatusInternalServerError, Code: "internal", Retryable: true, Detail: "Something went wrong inside the server. It has been logged; try again, and tell the operator if it stays."}
	errNotFound    = &Problem{Status: http.StatusNotFound, Code: "not_found", Detail: "There is nothing at this path. See /docs for what there is."}
	errPath        = &Problem{Status: http.StatusBadRequest, Code: "path_invalid", Detail: "The path has empty, \".\" or \"..\" segments. Write it plainly; a room name is 1 to 64 of A-Z a-z 0-9 _ -."}
	errMethod      = &Problem{Status: http.StatusMethodNotAllowed, Code: "method_not_allowed", Detail: "This path does not have that method. Allow says which it has."}
	errMediaType   = &Problem{Status: http.StatusUnsupportedMediaType, Code: "media_type_unsupported", Detail: "The body must be an SDP offer. Send it with \"Content-Type: application/sdp\".", headers: http.Header{"Accept-Post": {mediaTypeSDP}}}
	errCoding      = &Problem{Status: http.StatusUnsupportedMediaType, Code: "content_coding_unsupported", Detail: "The body must not be compressed or coded otherwise. Send it as it is, without Content-Encoding.", headers: http.Header{"Accept-Encoding": {"identity"}}}
	errTooLarge    = &Problem{Status: http.StatusRequestEntityTooLarge, Code: "body_too_large", Detail: "The body is larger than it may be: an SDP offer 64 KiB, JSON 32 KiB, a trickle ICE SDP fragment 16 KiB, a list of events 1 KiB."}
	errBodyTimeout = &Problem{Status: http.StatusRequestTimeout, Code: "body_timeout", Retryable: true, Detail: "The body did not come in time. Send the request again."}
	errRequest     = &Problem{Status: http.StatusBadRequest, Code: "request_invalid", Detail: "The request is malformed. See /docs for what it should be."}
	errRange       = &Problem{Status: http.StatusRequestedRangeNotSatisfiable, Code: "range_invalid", Detail: "The file has no such range. Content-Range says how long it is."}
)

var httpProblems = []*Problem{errInternal, errNotFound, errPath, errMethod, errMediaType, errCoding, errTooLarge, errBodyTimeout, errRequest, errRange}

// newProblem returns a problem of one operation alone.
func newProblem(status int, code, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

// because returns a copy of p that says more exactly what is wrong.
func (p *Problem) because(detail string) *Problem {
	c := *p
	c.Detail = detail
	return &c
}

// errFragmentType is errMediaType where a fragment is wanted.
var errFragmentType = &Problem{
	Type: "about:blank", Title: http.StatusText(errMediaType.Status), Status: errMediaType.Status, Code: errMediaType.Code,
	Detail:  "The body must be a trickle ICE SDP fragment; nothing else can be negotiated anew. Send it with \"Content-Type: application/trickle-ice-sdpfrag\".",
	headers: http.Header{"Accept-Patch": {mediaTypeFragment}},
}

func init() {
	for _, p := range httpProblems {
		p.Type, p.Title = "about:blank", http.StatusText(p.Status)
	}
	// huma's own errors, of validation and of reading the body, become problems too.
	huma.NewError = func(status int, msg string, _ ...error) huma.StatusError { return problemOfStatus(status, msg) }
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, _ ...error) huma.StatusError {
		p := problemOfStatus(status, msg)
		if msg == saidNoBody {
			p = noBody(ctx.Operation())
		}
		setHeaders(ctx, p)
		return p
	}
}

// What huma says of a request without a body, and of one whose body breaks off or
// is chunked wrongly.
const (
	saidNoBody     = "request body is required"
	saidUnreadable = "cannot read request body"
)

// noBody is the problem of a request without the body that the operation needs.
func noBody(op *huma.Operation) *Problem {
	switch wanted := op.RequestBody.Content; {
	case wanted[mediaTypeSDP] != nil:
		return problemOfRefusal(domain.ErrOffer.Because("The body is empty. Send the SDP offer in it."))
	case wanted[mediaTypeFragment] != nil:
		return problemOfRefusal(domain.ErrFragment.Because("The body is empty. Send the trickle ICE SDP fragment in it."))
	default:
		return errRequest.because("The body is empty. Send JSON in it, as /docs has it.")
	}
}

// problemOfStatus returns what is said where huma refuses a request. Its words are
// ours, since huma's may hold what the client sent.
func problemOfStatus(status int, said string) *Problem {
	for _, p := range httpProblems {
		if p.Status == status && p != errPath && said != saidUnreadable {
			return p
		}
	}
	if status >= 400 && status < 500 || said == saidUnreadable {
		return errRequest
	}
	return errInternal
}

func problemOfRefusal(r *domain.Refusal) *Problem {
	status := statuses[r.Kind]
	return &Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status,
		Detail: r.Reason, Code: r.Code, Retryable: r.Retryable, kind: r.Kind,
	}
}

// problem returns what the caller is told of an error. What is no refusal is
// logged whole and told as a bare 500.
func (s *service) problem(ctx context.Context, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var r *domain.Refusal
	if errors.As(err, &r) {
		return problemOfRefusal(r)
	}
	if ctx.Err() == nil { // a client that has gone away is no failure of ours
		s.log.ErrorContext(ctx, "request failed", "error", err)
	}
	return errInternal
}

// headersOf returns the headers that go with a problem: what to authenticate with
// (RFC 6750 §3), what to send instead, when to try again, and that the connection
// ends with a body that is not going to be read.
func headersOf(p *Problem) http.Header {
	h := http.Header{}
	maps.Copy(h, p.headers)
	switch p.Code {
	case domain.ErrTokenMissing.Code:
		h.Set("WWW-Authenticate", "Bearer")
	case domain.ErrTokenInvalid.Code:
		h.Set("WWW-Authenticate", `Bearer error="invalid_token"`)
	case errTooLarge.Code, errBodyTimeout.Code:
		h.Set("Connection", "close")
	}
	if p.Retryable && (p.Status == http.StatusConflict || p.Status == http.StatusServiceUnavailable) {
		h.Set("Retry-After", "2")
	}
	return h
}

func setHeaders(ctx huma.Context, p *Problem) {
	for name, values := range headersOf(p) {
		ctx.SetHeader(name, values[0])
	}
}

// tellAudit has the audit trail tell of a problem that says who asks is not let in. It is
// called for each problem that is answered, once.
func (s *service) tellAudit(ctx context.Context, p *Problem) {
	if p.Status != http.StatusUnauthorized && p.Status != http.StatusForbidden {
		return
	}
	if r := requestOf(ctx); r.target != "" {
		s.app.Refused(r.Caller, r.target, &domain.Refusal{Code: p.Code, Reason: p.Detail})
	}
}

// refuse answers with an error's problem from within a middleware.
func (s *service) refuse(api huma.API, ctx huma.Context, err error) {
	p := s.problem(ctx.Context(), err)
	s.tellAudit(ctx.Context(), p)
	url := ctx.URL()
	s.refusals.count(url.Path, p)
	setHeaders(ctx, p)
	ctx.SetHeader("Content-Type", mediaTypeProblem)
	ctx.SetStatus(p.Status)
	_ = api.Marshal(ctx.BodyWriter(), "application/json", p) // the client has gone away
}

// refused returns an error's problem, with its headers, from an operation.
func (s *service) refused(ctx context.Context, err error) error {
	p := s.problem(ctx, err)
	s.tellAudit(ctx, p)
	return huma.ErrorWithHeaders(p, headersOf(p))
}
