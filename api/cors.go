package api

import (
	"net/http"
	"strings"

	"github.com/rs/cors"
)

// What pages of other origins may send, and what their scripts may read. ETag is
// among the first since some clients put there what belongs in If-Match.
var (
	corsMethods = []string{http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	corsHeaders = []string{"Authorization", "Content-Type", "If-Match", "ETag", "Range"}
	corsExposed = []string{
		"Location", "ETag", "Link", "Accept-Post", "Accept-Patch", "Access-Control-Allow-Methods", "Retry-After",
		"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "WWW-Authenticate",
		"Accept-Ranges", "Content-Range", "Content-Disposition",
	}
)

// crossOrigin lets pages of the origins call, without cookies or the like (WHATWG
// Fetch). Where no origin is named, none may. rs/cors decides whether a page may;
// a preflight goes on to next, which answers it as any OPTIONS.
func crossOrigin(origins []string, next http.Handler) http.Handler {
	if len(origins) == 0 {
		return next
	}
	return cors.New(cors.Options{
		AllowedOrigins:     origins,
		AllowedMethods:     corsMethods,
		AllowedHeaders:     []string{"*"}, // any may be asked for; preflights are told which there are
		ExposedHeaders:     corsExposed,
		MaxAge:             600,
		OptionsPassthrough: true,
	}).Handler(tellAllowed(next))
}

// tellAllowed names to a preflight everything that is allowed, where rs/cors would
// repeat what has been asked for.
func tellAllowed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if preflight(r) && w.Header().Get("Access-Control-Allow-Origin") != "" {
			w.Header().Set("Access-Control-Allow-Methods", strings.Join(corsMethods, ", "))
			w.Header().Set("Access-Control-Allow-Headers", strings.Join(corsHeaders, ", "))
		}
		next.ServeHTTP(w, r)
	})
}

// preflight reports whether a browser asks what a page may do, before it lets the
// page do it.
func preflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
}
