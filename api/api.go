// Package api is who calls: the HTTP surface of Rostrum. Its operations are
// declared to huma, which validates, documents and routes them; what huma or
// net/http would do otherwise than WHIP asks is mended in router.go (paths and
// methods) and body.go (bodies that are not wanted).
package api

import (
	"log/slog"
	"net/http"
	"net/netip"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"rostrum/api/pages"
	"rostrum/app"
	"rostrum/ports"
)

// Options are the operator's choices for the HTTP surface.
type Options struct {
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	CORSOrigins    []string       // whose pages may call; "*" for any
	ICEServers     []ICEServer    // that clients are told of
	Sessions       ports.Limiter  // of requests for the URLs of sessions, by address; nil: no limit
	Log            *slog.Logger
}

// New returns the whole HTTP surface: API, contract and pages.
func New(a *app.App, options Options) http.Handler {
	mux := http.NewServeMux()
	register(a, mux, options)
	registerHealth(mux)
	pages.Register(mux)
	return bodies{crossOrigin(options.CORSOrigins, router{mux})}
}

// register declares every operation to huma and returns what it made of them.
func register(a *app.App, mux *http.ServeMux, options Options) huma.API {
	api := humago.New(mux, contract())
	s := &service{
		app: a, sessions: options.Sessions, servers: options.ICEServers,
		events: newEventStreams(), proxies: options.TrustedProxies, log: options.Log,
	}
	s.registerWHIP(api)
	s.registerWHEP(api)
	return api
}

// service holds what the operations need.
type service struct {
	app      *app.App
	sessions ports.Limiter
	servers  []ICEServer
	events   *eventStreams
	proxies  []netip.Prefix
	log      *slog.Logger
}
