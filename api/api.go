// Package api is who calls: the HTTP surface of Rostrum. Its operations are
// declared to huma, which validates, documents and routes them; the few things
// that huma or net/http would do otherwise than WHIP asks are mended in router.go.
package api

import (
	"log/slog"
	"net/http"
	"net/netip"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/rs/cors"

	"rostrum/api/pages"
	"rostrum/app"
)

// Options are the operator's choices for the HTTP surface.
type Options struct {
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	CORSOrigins    []string       // whose pages may call; "*" for any
	Log            *slog.Logger
}

// New returns the whole HTTP surface: API, contract and pages.
func New(a *app.App, options Options) http.Handler {
	mux := http.NewServeMux()
	register(a, mux, options)
	registerHealth(mux)
	pages.Register(mux)
	return crossOrigin(options.CORSOrigins, router{mux})
}

// register declares every operation to huma and returns what it made of them.
func register(a *app.App, mux *http.ServeMux, options Options) huma.API {
	api := humago.New(mux, contract())
	s := &service{app: a, proxies: options.TrustedProxies, log: options.Log}
	s.registerWHIP(api)
	s.registerWHEP(api)
	return api
}

// service holds what the operations need.
type service struct {
	app     *app.App
	proxies []netip.Prefix
	log     *slog.Logger
}

// crossOrigin lets pages of other origins call (WHATWG Fetch). Where no origin is
// named, none may.
func crossOrigin(origins []string, next http.Handler) http.Handler {
	if len(origins) == 0 {
		return next
	}
	return cors.New(cors.Options{
		AllowedOrigins: origins,
		AllowedMethods: []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete, http.MethodOptions},
		AllowedHeaders: []string{"Authorization", "Content-Type", "If-Match"},
		ExposedHeaders: []string{"Location", "ETag", "Link", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"},
		MaxAge:         600,
	}).Handler(next)
}
