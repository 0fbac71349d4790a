package metrics

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"rostrum/app/archive"
	"rostrum/domain"
)

// statsPatience is for the database, each time that metrics are asked for.
const statsPatience = 2 * time.Second

// recordings tells of an archive what it is when it is asked. It keeps nothing.
type recordings struct {
	of  *archive.Archive
	log *slog.Logger

	recordings, live, finalizations     *prometheus.Desc
	uploads, uploading, size, sent, all *prometheus.Desc
}

var _ prometheus.Collector = (*recordings)(nil)

func newRecordings(of *archive.Archive, log *slog.Logger) *recordings {
	return &recordings{
		of: of, log: log,
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
func (m *recordings) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.recordings, m.live, m.finalizations, m.uploads, m.uploading, m.size, m.sent, m.all} {
		to <- d
	}
}

// Collect is prometheus.Collector.Collect.
func (m *recordings) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), statsPatience)
	defer cancel()
	stats, err := m.of.Stats(ctx)
	if err != nil {
		m.log.Error("recordings cannot be counted for the metrics", "error", err)
	} else {
		for _, state := range domain.RecordingStates() {
			gauge(to, m.recordings, float64(stats.States[state]), string(state))
		}
	}
	gauge(to, m.live, float64(stats.Live))
	gauge(to, m.finalizations, float64(stats.Finalizes))
	gauge(to, m.uploads, float64(stats.Uploads))
	gauge(to, m.uploading, float64(len(stats.Uploading)))
	var size, sent int64
	for _, u := range stats.Uploading {
		size, sent = size+u.Bytes, sent+u.Done
	}
	gauge(to, m.size, float64(size))
	gauge(to, m.sent, float64(sent))
	counter(to, m.all, uint64(stats.Uploaded)) //nolint:gosec // it only grows
}
