package remote

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"syscall"

	"rostrum/api/client"
)

// Advice says what to do about refusals by their code, where a command knows better than
// all of them do.
type Advice map[string]string

// Explain adds to what a client returns what to do next. What it wraps stays to be found.
func (a Advice) Explain(err error) error {
	var problem *client.Problem
	switch {
	case errors.As(err, &problem):
		return fmt.Errorf("%w: %s", err, a.about(problem))
	case errors.Is(err, http.ErrSchemeMismatch):
		return fmt.Errorf("%w: name it with http://", err)
	case errors.Is(err, client.ErrUntrusted):
		return fmt.Errorf("%w: use the name that its certificate has, and have this machine trust who has signed that "+
			"(SSL_CERT_FILE may name a file with that authority's certificate)", err)
	case !errors.Is(err, client.ErrUnreachable):
		return err
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF):
		return fmt.Errorf("%w: does it speak https://, and is it a Rostrum server?", err)
	default:
		return fmt.Errorf("%w: start it, or name another with --server", err)
	}
}

// about goes by code, the server's own word; answers of proxies have none and are told by
// status.
func (a Advice) about(p *client.Problem) string {
	for _, known := range []Advice{a, byCode} {
		if advice, ok := known[p.Code]; ok {
			return advice
		}
	}
	if advice, ok := byStatus[p.Status]; ok {
		return advice
	}
	if p.Status >= http.StatusInternalServerError {
		return "the fault is the server's: its log says more"
	}
	return "see the server's log"
}

const (
	adviceToken = "give the right token in ROSTRUM_TOKEN or with --token; " +
		"a server without configured tokens keeps its own in data/token"
	adviceAddress = "is --server the address of a Rostrum server, without /api?"
	adviceGrant   = "this token may not do that in this room: use another room, or have the token's grant changed"
	adviceOffer   = "if no proxy between changed the request, this is a defect of rostrum: please report it"
	adviceProxy   = "a proxy answered, but the server behind it didn't: is it running?"
)

var byCode = Advice{
	"room_name_invalid":          "use 1 to 64 letters, digits, - and _",
	"offer_invalid":              adviceOffer,
	"offer_unsupported":          adviceOffer,
	"media_type_unsupported":     adviceOffer,
	"content_coding_unsupported": adviceOffer,
	"body_too_large":             adviceOffer,
	"token_missing":              adviceToken,
	"token_invalid":              adviceToken,
	"forbidden":                  adviceGrant,
	"room_unknown":               "create the room first, or let the server create rooms (rooms.auto_create)",
	"not_found":                  adviceAddress,
	"method_not_allowed":         adviceAddress,
	"rate_limited":               "too many attempts: wait",
	"too_many_rooms":             "use a room that exists, or raise limits.max_rooms",
	"room_full":                  "wait until somebody has left, or raise the room's max_subscribers",
	"server_full":                "wait until somebody has left, or use another server",
	"shutting_down":              "the server is stopping: wait until it is back",
	"unavailable":                "the server lacks something that it needs: its log and /readyz say what",
}

var byStatus = map[int]string{
	http.StatusUnauthorized:       adviceToken,
	http.StatusForbidden:          adviceGrant,
	http.StatusNotFound:           adviceAddress,
	http.StatusMethodNotAllowed:   adviceAddress,
	http.StatusTooManyRequests:    byCode["rate_limited"],
	http.StatusNotImplemented:     adviceAddress,
	http.StatusBadGateway:         adviceProxy,
	http.StatusServiceUnavailable: "wait until the server is back",
	http.StatusGatewayTimeout:     adviceProxy,
}
