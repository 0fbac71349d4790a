package api

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/domain"
	"rostrum/ports"
)

// middleware is what stands before an operation: it calls the next, or answers.
type middleware = func(ctx huma.Context, next func(huma.Context))

type requestKey struct{}

// request is who asks, and for what: the method and the path, without the query.
type request struct {
	domain.Caller
	target string
}

// requestOf returns what asked and the other middlewares have found out by now.
func requestOf(ctx context.Context) request {
	r, _ := ctx.Value(requestKey{}).(request)
	return r
}

// callerOf returns who a middleware let the request in as.
func callerOf(ctx context.Context) domain.Caller { return requestOf(ctx).Caller }

// grantOf returns the grant that a middleware let the request in with.
func grantOf(ctx context.Context) domain.Grant { return callerOf(ctx).Grant }

// asked takes note of who asks and for what. It comes before all other middlewares.
func (s *service) asked(ctx huma.Context, next func(huma.Context)) {
	_, address := s.remoteAddress(ctx)
	url := ctx.URL()
	next(huma.WithValue(ctx, requestKey{}, request{
		Caller: domain.Caller{Address: address, UserAgent: ctx.Header("User-Agent")},
		target: ctx.Method() + " " + url.Path,
	}))
}

// with returns ctx with what its bearer may do.
func with(ctx huma.Context, grant domain.Grant) huma.Context {
	r := requestOf(ctx.Context())
	r.Grant = grant
	return huma.WithValue(ctx, requestKey{}, r)
}

// admission counts a request against the allowance of the address that it comes
// from. It refuses with domain.ErrRateLimited when there is none left.
type admission func(ctx context.Context, address string) (ports.Allowance, error)

// toBegin is the admission of requests to begin a session.
func (s *service) toBegin(action domain.Action) admission {
	return func(ctx context.Context, address string) (ports.Allowance, error) {
		return s.app.Admit(ctx, action, address)
	}
}

// toSessions is the admission of requests for the URLs of sessions, all of one
// allowance, so that none can be found by trying (RFC 9725 §5).
func (s *service) toSessions(ctx context.Context, address string) (ports.Allowance, error) {
	if s.sessions == nil {
		return ports.Allowance{OK: true}, nil
	}
	allowance, err := s.sessions.Take(ctx, address)
	if err == nil && !allowance.OK {
		err = domain.ErrRateLimited
	}
	return allowance, err
}

// limited lets a request pass that is admitted, and tells what is left of the
// allowance.
func (s *service) limited(api huma.API, admit admission) middleware {
	return func(ctx huma.Context, next func(huma.Context)) {
		allowance, err := admit(ctx.Context(), s.clientAddress(ctx))
		tellAllowance(ctx, allowance)
		if err != nil {
			s.refuse(api, ctx, err)
			return
		}
		next(ctx)
	}
}

func tellAllowance(ctx huma.Context, a ports.Allowance) {
	if a.Limit == 0 {
		return
	}
	reset := strconv.FormatInt(int64(max(0, time.Until(a.Reset)+time.Second-1)/time.Second), 10)
	ctx.SetHeader("RateLimit-Limit", strconv.FormatUint(a.Limit, 10))
	ctx.SetHeader("RateLimit-Remaining", strconv.FormatUint(a.Remaining, 10))
	ctx.SetHeader("RateLimit-Reset", reset)
	if !a.OK {
		ctx.SetHeader("Retry-After", reset)
	}
}

// authorized lets a request pass whose bearer may do the action in the room of its
// path. Nothing else of the request has been looked at before.
func (s *service) authorized(api huma.API, action domain.Action) middleware {
	return func(ctx huma.Context, next func(huma.Context)) {
		token, err := tokenShown(ctx)
		var grant domain.Grant
		if err == nil {
			grant, err = s.app.Authorize(ctx.Context(), token, action, ctx.Param("room"))
		}
		ctx = with(ctx, grant) // also of one who may not
		if err != nil {
			s.refuse(api, ctx, err)
			return
		}
		next(ctx)
	}
}

// administering lets a request pass whose bearer administers the whole server.
func (s *service) administering(api huma.API) middleware {
	identified := s.identified(api)
	return func(ctx huma.Context, next func(huma.Context)) {
		identified(ctx, func(ctx huma.Context) {
			if !grantOf(ctx.Context()).Administers() {
				s.refuse(api, ctx, errNotServer)
				return
			}
			next(ctx)
		})
	}
}

// errNotServer refuses who administers some rooms, or none.
var errNotServer = domain.ErrForbidden.Because("This is of all rooms. Use a token that allows admin on every room, \"*\".")

// identified lets a request pass whose bearer is known; what it may do is decided
// with what it asks for.
func (s *service) identified(api huma.API) middleware {
	return func(ctx huma.Context, next func(huma.Context)) {
		token, err := tokenShown(ctx)
		var grant domain.Grant
		if err == nil {
			grant, err = s.app.Identify(ctx.Context(), token)
		}
		if err != nil {
			s.refuse(api, ctx, err)
			return
		}
		next(with(ctx, grant))
	}
}

// errTokenInURL refuses who has put a token into the URL, be there another one in the
// header or not (RFC 6750 §2.3, §5.3).
var errTokenInURL = domain.ErrTokenMissing.Because("A token in the URL is not taken, since logs and histories keep URLs. " +
	"Send it as \"Authorization: Bearer TOKEN\" alone, and have this one replaced: it may have been seen.")

// tokenShown returns the token of a request, "" where there is none. It refuses with
// errTokenInURL.
func tokenShown(ctx huma.Context) (string, error) {
	if ctx.Query("access_token") != "" || ctx.Query("token") != "" {
		return "", errTokenInURL
	}
	return bearerToken(ctx.Header("Authorization")), nil
}

// bearerToken returns the token of an Authorization header (RFC 6750 §2.1), ""
// where there is none. The scheme compares without regard to case (RFC 9110 §11.1).
func bearerToken(authorization string) string {
	scheme, token, _ := strings.Cut(strings.TrimSpace(authorization), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
