package api

import (
	"github.com/prometheus/client_golang/prometheus"

	"rostrum/app"
)

// databaseMetrics tells how the database stands when it is asked. It keeps nothing, and
// does not wait for the database.
type databaseMetrics struct {
	app *app.App

	available, backlog, dropped *prometheus.Desc
}

var _ prometheus.Collector = (*databaseMetrics)(nil)

func newDatabaseMetrics(a *app.App) *databaseMetrics {
	describe := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("rostrum_database_"+name, help, nil, nil)
	}
	return &databaseMetrics{
		app:       a,
		available: describe("available", "Whether the database is there (1) or away (0)."),
		backlog:   describe("backlog", "Sessions and acts that wait to be written into the database."),
		dropped:   describe("backlog_dropped_total", "Sessions and acts that could not wait for want of room, since the start."),
	}
}

// Describe is prometheus.Collector.Describe.
func (m *databaseMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.available, m.backlog, m.dropped} {
		to <- d
	}
}

// Collect is prometheus.Collector.Collect.
func (m *databaseMetrics) Collect(to chan<- prometheus.Metric) {
	status, available := m.app.Ready().Database, 0.0
	if status.Since.IsZero() {
		available = 1
	}
	to <- prometheus.MustNewConstMetric(m.available, prometheus.GaugeValue, available)
	to <- prometheus.MustNewConstMetric(m.backlog, prometheus.GaugeValue, float64(status.Waiting))
	to <- prometheus.MustNewConstMetric(m.dropped, prometheus.CounterValue, float64(status.Dropped))
}
