// Package metrics tells Prometheus what the server is and has done. docs/metrics.md lists
// every metric: nothing in them names a room, a session, a recording or a person, and there
// are as many series however many of them there are.
package metrics

import (
	"log/slog"
	"net/http"
	"runtime"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"rostrum/app"
	"rostrum/app/archive"
)

// atOnce is how many requests for the metrics are answered at a time; more are told
// to come again.
const atOnce = 4

// Register answers GET /metrics in the text format of Prometheus, without a token: what
// there is to say of the app and of the archive, of this program in that version, and what
// more collects. It is made anew for each request.
func Register(mux *http.ServeMux, a *app.App, recorded *archive.Archive, version string, log *slog.Logger, more ...prometheus.Collector) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), buildInfo(version),
		newLive(a), newRecordings(recorded, log), newDatabase(a),
	)
	registry.MustRegister(more...)
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelError), MaxRequestsInFlight: atOnce,
	}))
}

// describe describes a metric of ours.
func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("rostrum_"+name, help, labels, nil)
}

// buildInfo tells which program this is.
func buildInfo(version string) prometheus.Collector {
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "rostrum_build_info", Help: "Always 1; the labels tell which Rostrum this is, and which Go it was built with.",
		ConstLabels: prometheus.Labels{"version": version, "goversion": runtime.Version()},
	})
	info.Set(1)
	return info
}
