package api

import (
	"context"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/domain"
	"rostrum/ports"
)

type grantKey struct{}

// grantOf returns the grant that a middleware let the request in with.
func grantOf(ctx context.Context) domain.Grant {
	grant, _ := ctx.Value(grantKey{}).(domain.Grant)
	return grant
}

// limited lets a request pass within the allowance of the address that it comes
// from, and tells what is left of it.
func (s *service) limited(api huma.API, action domain.Action) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		allowance, err := s.app.Admit(ctx.Context(), action, s.clientAddress(ctx))
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

func rateLimitHeaders() map[string]*huma.Param {
	return map[string]*huma.Param{
		"RateLimit-Limit":     header("Requests that an address may make in each interval.", "10"),
		"RateLimit-Remaining": header("Requests that are left of them.", "9"),
		"RateLimit-Reset":     header("Seconds until the interval is over.", "60"),
	}
}

// authorized lets a request pass whose bearer may do the action in the room of its
// path. Nothing else of the request has been looked at before.
func (s *service) authorized(api huma.API, action domain.Action) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		grant, err := s.app.Authorize(ctx.Context(), bearerToken(ctx.Header("Authorization")), action, ctx.Param("room"))
		if err != nil {
			s.refuse(api, ctx, err)
			return
		}
		next(huma.WithValue(ctx, grantKey{}, grant))
	}
}

// identified lets a request pass whose bearer is known; what it may do is decided
// with what it asks for.
func (s *service) identified(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		grant, err := s.app.Identify(ctx.Context(), bearerToken(ctx.Header("Authorization")))
		if err != nil {
			s.refuse(api, ctx, err)
			return
		}
		next(huma.WithValue(ctx, grantKey{}, grant))
	}
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

// sdpBody lets a request pass whose body is said to be SDP, before it is read.
func (s *service) sdpBody(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		mediaType, _, err := mime.ParseMediaType(ctx.Header("Content-Type"))
		if err != nil && mediaType == "" || mediaType != mediaTypeSDP {
			s.refuse(api, ctx, errMediaType)
			return
		}
		if length, err := strconv.ParseInt(ctx.Header("Content-Length"), 10, 64); err == nil && length > maxOffer {
			ctx.SetHeader("Connection", "close") // rather than read it all
			s.refuse(api, ctx, errTooLarge)
			return
		}
		next(ctx)
	}
}

// registerOffer declares an operation that takes an offer and answers it: limits,
// access and the offer's bounds are those of the action.
func (s *service) registerOffer(api huma.API, action domain.Action, op huma.Operation, handler func(context.Context, *offerInput) (*answerOutput, error)) {
	op.Method = http.MethodPost
	op.DefaultStatus = http.StatusCreated
	op.MaxBodyBytes = maxOffer + 1 // huma refuses what reaches the bound
	op.BodyReadTimeout = bodyTimeout
	op.SkipValidateParams = true // the room's name is looked at before the body is
	op.Middlewares = huma.Middlewares{s.limited(api, action), s.authorized(api, action), s.sdpBody(api)}
	huma.Register(api, op, handler)
	body := api.OpenAPI().Paths[op.Path].Post.RequestBody // huma takes a raw body for a binary one
	body.Description, body.Content = "The SDP offer.", sdpContent(exampleOffer)
}
