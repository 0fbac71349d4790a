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

	"rostrum/api/metrics"
	"rostrum/api/pages"
	"rostrum/app"
	"rostrum/app/archive"
	"rostrum/ports"
)

// Options are the operator's choices for the HTTP surface.
type Options struct {
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	CORSOrigins    []string       // whose pages may call; "*" for any
	ICEServers     []ICEServer    // that clients are told of
	Sessions       ports.Limiter  // of requests for anything but to begin a session, by address; nil: no limit
	MediaOrigins   []string       // that recordings are played from besides this server: the store's
	Version        string         // of this program, for the metrics
	Log            *slog.Logger
}

// New returns the whole HTTP surface: API, contract, metrics and pages.
func New(a *app.App, archive *archive.Archive, options Options) http.Handler {
	mux, refusals := http.NewServeMux(), newRefusalCounts()
	register(a, archive, mux, refusals, options)
	registerHealth(mux)
	registerReadiness(mux, a)
	metrics.Register(mux, a, archive, options.Version, options.Log, refusals.series)
	registerDocuments(mux)
	pages.Register(mux, options.MediaOrigins)
	return bodies{crossOrigin(options.CORSOrigins, router{mux, refusals})}
}

// register declares every operation to huma and returns what it made of them.
func register(a *app.App, archive *archive.Archive, mux *http.ServeMux, refusals *refusalCounts, options Options) huma.API {
	config := contract()
	config.Transformers = append(config.Transformers, refusals.transform)
	api := humago.New(mux, config)
	s := &service{
		app: a, archive: archive, sessions: options.Sessions, servers: options.ICEServers,
		events: newEventStreams(), links: newLinks(), refusals: refusals, proxies: options.TrustedProxies, log: options.Log,
	}
	api.UseMiddleware(s.asked)
	s.registerWHIP(api)
	s.registerWHEP(api)
	s.registerRecordings(api)
	s.registerMedia(api)
	s.registerRoomRecording(api)
	s.registerRooms(api)
	s.registerRoomTokens(api)
	s.registerHistory(api)
	s.registerSession(api)
	s.registerAudit(api)
	documentOperations(api.OpenAPI())
	complete(api.OpenAPI())
	return api
}

// service holds what the operations need.
type service struct {
	app      *app.App
	archive  *archive.Archive
	sessions ports.Limiter
	servers  []ICEServer
	events   *eventStreams
	links    links
	refusals *refusalCounts
	proxies  []netip.Prefix
	log      *slog.Logger
}
