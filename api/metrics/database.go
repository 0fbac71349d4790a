package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"rostrum/app"
)

// database tells how the database stands when it is asked. It keeps nothing, and
// does not wait for the database.
type database struct {
	app *app.App

	available, backlog, dropped *prometheus.Desc
}

var _ prometheus.Collector = (*database)(nil)

func newDatabase(a *app.App) *database {
	return &database{
		app:       a,
		available: describe("database_available", "Whether the database is there (1) or away (0)."),
		backlog:   describe("database_backlog", "Sessions and acts that wait to be written into the database."),
		dropped:   describe("database_backlog_dropped_total", "Sessions and acts that could not wait for want of room, since the start."),
	}
}

// Describe is prometheus.Collector.Describe.
func (m *database) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.available, m.backlog, m.dropped} {
		to <- d
	}
}

// Collect is prometheus.Collector.Collect.
func (m *database) Collect(to chan<- prometheus.Metric) {
	status, available := m.app.Ready().Database, 0.0
	if status.Since.IsZero() {
		available = 1
	}
	gauge(to, m.available, available)
	gauge(to, m.backlog, float64(status.Waiting))
	counter(to, m.dropped, uint64(status.Dropped)) //nolint:gosec // a count
}
