package api

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"

	"rostrum/domain"
)

// refusalCounts counts the problems that are answered, each once.
type refusalCounts struct{ series *prometheus.CounterVec }

// Kinds of problems that HTTP itself has, not a room.
const (
	kindHTTP     = "http"     // the request is none that is answered here
	kindInternal = "internal" // it is our fault
)

// What was asked for, as far as refusals are told apart by it.
const (
	askedPublish = "publish" // to begin to publish
	askedPlay    = "play"    // to begin to play
	askedOther   = "other"
)

// newRefusalCounts returns counts of which all series are there.
func newRefusalCounts() *refusalCounts {
	r := &refusalCounts{series: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "rostrum_refusals_total", Help: "Requests that were answered by a problem, by its kind and by what was asked for.",
	}, []string{"kind", "action"})}
	for _, action := range []string{askedPublish, askedPlay, askedOther} {
		for kind := range statuses {
			r.series.WithLabelValues(kindLabel(kind), action)
		}
		r.series.WithLabelValues(kindHTTP, action)
		r.series.WithLabelValues(kindInternal, action)
	}
	return r
}

// count counts a problem that is the answer to a request for a path.
func (r *refusalCounts) count(path string, p *Problem) {
	kind := kindHTTP
	switch {
	case p.kind != "":
		kind = kindLabel(p.kind)
	case p.Status >= http.StatusInternalServerError:
		kind = kindInternal
	}
	action := askedOther
	switch {
	case strings.HasPrefix(path, "/api/whip/publish/"):
		action = askedPublish
	case strings.HasPrefix(path, "/api/whep/play/"):
		action = askedPlay
	}
	r.series.WithLabelValues(kind, action).Inc()
}

// transform counts the problems that operations come to, and those that huma finds itself.
// huma calls it for each answer that it makes.
func (r *refusalCounts) transform(ctx huma.Context, _ string, answer any) (any, error) {
	if p, refused := answer.(*Problem); refused {
		url := ctx.URL()
		r.count(url.Path, p)
	}
	return answer, nil
}

// kindLabel returns a kind as it stands in a label.
func kindLabel(kind domain.Kind) string { return strings.ReplaceAll(string(kind), " ", "_") }
