package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"rostrum/app"
)

const (
	statsPatience = 2 * time.Second // for the database, each time that metrics are asked for
	metricsAtOnce = 4               // requests; more are told to come again
)

// registerMetrics answers GET /metrics in the text format of Prometheus, without a
// token: nothing in it names a room, a recording or a person.
func registerMetrics(mux *http.ServeMux, a *app.App, archive *app.Archive, log *slog.Logger) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		newArchiveMetrics(archive, log), newDatabaseMetrics(a),
	)
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelError), MaxRequestsInFlight: metricsAtOnce,
	}))
}

// archiveMetrics tells of an archive what it is when it is asked. It keeps nothing.
type archiveMetrics struct {
	archive *app.Archive
	log     *slog.Logger

	recordings, live, finalizations     *prometheus.Desc
	uploads, uploading, size, sent, all *prometheus.Desc
}

var _ prometheus.Collector = (*archiveMetrics)(nil)

func newArchiveMetrics(archive *app.Archive, log *slog.Logger) *archiveMetrics {
	describe := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("rostrum_"+name, help, labels, nil)
	}
	return &archiveMetrics{
		archive: archive, log: log,
		recordings:    describe("recordings", "Recordings that are kept, by their state. Left out while the database does not answer.", "state"),
		live:          describe("recordings_live", "Recordings that are being written now."),
		finalizations: describe("finalizations_pending", "Recordings that wait to be made whole, or are just being."),
		uploads:       describe("uploads_pending", "Recordings that wait to be uploaded, or are just being."),
		uploading:     describe("uploads_running", "Uploads that are running."),
		size:          describe("uploads_running_size_bytes", "How much the uploads that are running have to bring into the store."),
		sent:          describe("uploads_running_sent_bytes", "How much of it they have brought there."),
		all:           describe("uploaded_bytes_total", "How much has been brought into the store by uploads that have ended, since the start."),
	}
}

// Describe is prometheus.Collector.Describe.
func (m *archiveMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.recordings, m.live, m.finalizations, m.uploads, m.uploading, m.size, m.sent, m.all} {
		to <- d
	}
}

// Collect is prometheus.Collector.Collect.
func (m *archiveMetrics) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), statsPatience)
	defer cancel()
	stats, err := m.archive.Stats(ctx)
	if err != nil {
		m.log.Error("recordings cannot be counted for the metrics", "error", err)
	} else {
		for _, state := range recordingStates {
			to <- prometheus.MustNewConstMetric(m.recordings, prometheus.GaugeValue, float64(stats.States[state]), string(state))
		}
	}
	gauge := func(d *prometheus.Desc, value float64) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value)
	}
	gauge(m.live, float64(stats.Live))
	gauge(m.finalizations, float64(stats.Finalizes))
	gauge(m.uploads, float64(stats.Uploads))
	gauge(m.uploading, float64(len(stats.Uploading)))
	var size, sent int64
	for _, u := range stats.Uploading {
		size, sent = size+u.Bytes, sent+u.Done
	}
	gauge(m.size, float64(size))
	gauge(m.sent, float64(sent))
	to <- prometheus.MustNewConstMetric(m.all, prometheus.CounterValue, float64(stats.Uploaded))
}
