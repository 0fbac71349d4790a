package api

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// wantReady checks what /readyz tells, by GET and by HEAD.
func (e edge) wantReady(t *testing.T, status int, want string) {
	t.Helper()
	get, head := e.do(http.MethodGet, "/readyz", ""), e.do(http.MethodHead, "/readyz", "")
	if get.Code != status || head.Code != status || (get.Header().Get("Retry-After") != "") != (status == http.StatusServiceUnavailable) ||
		get.Header().Get("Content-Type") != "application/json" || get.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d and %d, %v, want %d", get.Code, head.Code, get.Header(), status)
	}
	sameJSON(t, want, get.Body.String())
	wantNothing(t, e.do(http.MethodGet, "/healthz", ""), http.StatusNoContent) // whatever happens
}

// While the database is away the server is ready, for as long as rooms that it knows go
// on; then it is not, and is again when the database is back.
func TestReadiness(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEdge(t)
		const ready = `{"status":"ready","database":{"available":true,"waiting":0,"dropped":0}}`
		e.wantReady(t, http.StatusOK, ready)
		e.create(t, `{"name":"hall"}`)
		e.room(t, "hall", bob)
		e.outage.away.Store(true)
		wantProblem(t, e.do(http.MethodGet, "/api/rooms/foyer", "", bearerOf(bob)), "unavailable")
		since := time.Now().UTC().Format(time.RFC3339Nano)
		e.begin(t, publishHall)
		wantProblem(t, e.do(http.MethodGet, "/api/rooms", ""), "token_missing")
		synctest.Wait()
		away := `"database":{"available":false,"since":"` + since + `","waiting":2,"dropped":0}}`
		e.wantReady(t, http.StatusOK, `{"status":"degraded",`+away)
		now := ours(scraped(t, e))
		if now["rostrum_database_available"] != 0 || now["rostrum_database_backlog"] != 2 || now["rostrum_database_backlog_dropped_total"] != 0 {
			t.Errorf("%v", now)
		}
		if got := e.room(t, "hall", bob); got.Live == nil || got.Live.Publisher == nil {
			t.Errorf("a room that is known: %+v", got)
		}
		wantProblem(t, e.doJSON(http.MethodPost, "/api/rooms", `{"name":"attic"}`, bearerOf(carol)), "unavailable")
		time.Sleep(outagePatience + time.Second)
		e.wantReady(t, http.StatusServiceUnavailable, `{"status":"unavailable",`+away)
		e.outage.away.Store(false)
		time.Sleep(2 * time.Second)
		e.wantReady(t, http.StatusOK, ready)
	})
}

func TestNotReadyWhenShuttingDown(t *testing.T) {
	e := newEdge(t)
	e.app.Close()
	e.wantReady(t, http.StatusServiceUnavailable, `{"status":"unavailable","database":{"available":true,"waiting":0,"dropped":0}}`)
}

// Nothing that is answered while the database is away says where it is.
func TestOutageTellsNothing(t *testing.T) {
	e := newEdge(t)
	e.create(t, `{"name":"attic"}`)
	e.outage.away.Store(true)
	for _, op := range append(roomOperations, struct{ method, target, least string }{http.MethodGet, "/api/rooms", bob}) {
		w := e.doJSON(op.method, op.target, bodyOf(op.method, op.target), bearerOf(carol), "If-Match: *")
		if said := w.Body.String(); strings.Contains(said, "hunter2") || strings.Contains(said, "10.1.2.3") || w.Code == http.StatusInternalServerError {
			t.Errorf("%s %s: %d %s", op.method, op.target, w.Code, said)
		}
	}
}
