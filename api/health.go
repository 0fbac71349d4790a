package api

import (
	"encoding/json"
	"net/http"
	"time"

	"rostrum/app"
)

// registerHealth answers whoever asks whether the process lives, without a token
// and without a look at anything else.
func registerHealth(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", noStore)
		w.WriteHeader(http.StatusNoContent)
	})
}

// Readiness is what /readyz tells. It names no host and repeats no error: it needs no
// token.
type Readiness struct {
	Status   string            `json:"status" enum:"ready,degraded,unavailable" example:"ready" doc:"Ready, ready but without the database (degraded), or not ready."`
	Database DatabaseReadiness `json:"database" doc:"How the database stands."`
}

// DatabaseReadiness is how the database stands.
type DatabaseReadiness struct {
	Available bool       `json:"available" example:"true" doc:"Whether it answers."`
	Since     *time.Time `json:"since,omitempty" example:"2026-01-31T18:00:00Z" doc:"When it was found to be away; missing while it answers."`
	Waiting   int        `json:"waiting" example:"0" doc:"Sessions and acts that are to be written."`
	Dropped   int        `json:"dropped" example:"0" doc:"How many of these were given up for want of room, since the start."`
}

// registerReadiness answers whoever asks whether new sessions had better be sent here.
//
// While the database is away and the rooms that are known go on without it, the server is
// degraded and not unavailable: the answer is a 200. A 503 would have a balancer take it
// out, and those whom it can still let in would be turned away. It is a 503 when it shuts
// down, and when the database has been away for longer than known rooms go on.
func registerReadiness(mux *http.ServeMux, a *app.App) {
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		told, status := readinessOf(a.Ready()), http.StatusOK
		if told.Status == "unavailable" {
			status = http.StatusServiceUnavailable
			w.Header().Set("Retry-After", "2")
		}
		w.Header().Set("Cache-Control", noStore)
		w.Header().Set("Content-Type", mediaTypeJSON)
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(told) // the client has gone away
	})
}

func readinessOf(r app.Readiness) Readiness {
	told := Readiness{Status: "ready", Database: DatabaseReadiness{
		Available: r.Database.Since.IsZero(), Since: known(r.Database.Since.UTC()), Waiting: r.Database.Waiting, Dropped: r.Database.Dropped,
	}}
	switch {
	case r.Closing || r.Strained:
		told.Status = "unavailable"
	case !told.Database.Available:
		told.Status = "degraded"
	}
	return told
}
