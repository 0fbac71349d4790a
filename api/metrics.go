package api

import (
	"log/slog"
	"net/http"
	"runtime"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"rostrum/app"
)

// metricsAtOnce is how many requests for the metrics are answered at a time; more are told
// to come again.
const metricsAtOnce = 4

// registerMetrics answers GET /metrics in the text format of Prometheus, without a
// token: nothing in it names a room, a session, a recording or a person, and there are
// as many series however many of them there are. docs/metrics.md lists them.
func registerMetrics(mux *http.ServeMux, a *app.App, archive *app.Archive, refusals *refusalCounts, options Options) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), buildInfo(options.Version),
		newLiveMetrics(a), newArchiveMetrics(archive, options.Log), newDatabaseMetrics(a), refusals.series,
	)
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(options.Log.Handler(), slog.LevelError), MaxRequestsInFlight: metricsAtOnce,
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
