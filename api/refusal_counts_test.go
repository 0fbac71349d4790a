package api

import (
	"net/http"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"

	"rostrum/domain"
)

// Every problem that is answered is counted once, whoever has found it, by its kind and
// by what was asked for; what is answered otherwise is not.
func TestRefusalsAreCounted(t *testing.T) {
	const publish, play = "/api/whip/publish/hall", "/api/whep/play/hall"
	for name, c := range map[string]struct {
		method, path, body string
		lines              []string
		code               string // "": it is not refused
		counted            string
	}{
		"no token":                {http.MethodPost, publish, "offer", []string{sdpType}, "token_missing", "publish unauthenticated"},
		"a wrong token":           {http.MethodPost, play, "offer", []string{sdpType, bearerOf("wrong")}, "token_invalid", "play unauthenticated"},
		"a token for less":        {http.MethodPost, publish, "offer", []string{sdpType, bearerOf(bob)}, "forbidden", "publish forbidden"},
		"a busy room":             {http.MethodPost, "/api/whip/publish/busy", "offer", []string{sdpType, bearerOf(alice)}, "room_busy", "publish conflict"},
		"no name of a room":       {http.MethodPost, "/api/whep/play/a%20b", "offer", []string{sdpType, bearerOf(alice)}, "room_name_invalid", "play invalid"},
		"another media type":      {http.MethodPost, play, "{}", []string{"Content-Type: application/json", bearerOf(alice)}, "media_type_unsupported", "play http"},
		"a body that is too long": {http.MethodPost, publish, strings.Repeat("v", maxOffer+1), []string{sdpType, bearerOf(alice)}, "body_too_large", "publish http"},
		"no body":                 {http.MethodPost, publish, "", []string{sdpType, bearerOf(alice)}, "offer_invalid", "publish invalid"},
		"an unknown session":      {http.MethodDelete, "/api/whip/sessions/nobody", "", []string{bearerOf(alice)}, "session_unknown", "other missing"},
		"an unknown recording":    {http.MethodGet, "/api/recordings/R2ZB6VQT7PXK4MSJ3HDNLFYWGC", "", []string{bearerOf(carol)}, "recording_unknown", "other missing"},
		"no version of a room":    {http.MethodPatch, "/api/rooms/hall", "{}", []string{"Content-Type: application/merge-patch+json", bearerOf(carol)}, "version_missing", "other unconditional"},
		"an unknown path":         {http.MethodGet, "/nowhere", "", nil, "not_found", "other http"},
		"an unknown method":       {http.MethodPut, play, "", nil, "method_not_allowed", "play http"},
		"a path that is not":      {http.MethodGet, "/api//rooms", "", nil, "path_invalid", "other http"},
		"JSON that is none":       {http.MethodPost, "/api/rooms", "{", []string{"Content-Type: application/json", bearerOf(carol)}, "request_invalid", "other http"},
		"a preflight":             {http.MethodOptions, "/nowhere", "", []string{"Origin: https://a.example", "Access-Control-Request-Method: POST"}, "", ""},
		"OPTIONS with a token":    {http.MethodOptions, publish, "", []string{bearerOf("wrong")}, "", ""},
		"a session":               {http.MethodPost, publish, "offer", []string{sdpType, bearerOf(alice)}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEdge(t)
			e.begin(t, "/api/whip/publish/busy")
			before := ours(scraped(t, e))
			w := e.do(c.method, c.path, c.body, c.lines...)
			if c.code != "" {
				wantProblem(t, w, c.code)
			} else if w.Code >= http.StatusBadRequest {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			want := map[string]float64{}
			if c.counted != "" {
				want["rostrum_refusals_total "+c.counted] = 1
			}
			wantChange(t, refusalsIn(before), refusalsIn(ours(scraped(t, e))), want)
		})
	}
}

// refusalsIn returns what has been refused.
func refusalsIn(values map[string]float64) map[string]float64 {
	refused := map[string]float64{}
	for key, value := range values {
		if strings.HasPrefix(key, "rostrum_refusals_total ") {
			refused[key] = value
		}
	}
	return refused
}

// What is our fault is told apart from what is the client's.
func TestKindsOfProblems(t *testing.T) {
	counts := newRefusalCounts()
	for problem, want := range map[*Problem]string{
		errInternal:                            kindInternal,
		errNotFound:                            kindHTTP,
		problemOfRefusal(domain.ErrServerFull): "unavailable",
		problemOfRefusal(domain.ErrRateLimited.Because("Wait.")): "too_many",
	} {
		before := value(t, counts, want)
		counts.count("/api/rooms", problem)
		if after := value(t, counts, want); after != before+1 {
			t.Errorf("%s is counted %v times as %s", problem.Code, after-before, want)
		}
	}
}

func value(t *testing.T, counts *refusalCounts, kind string) float64 {
	t.Helper()
	var m dto.Metric
	if err := counts.series.WithLabelValues(kind, askedOther).Write(&m); err != nil {
		t.Fatal(err)
	}
	return m.GetCounter().GetValue()
}
