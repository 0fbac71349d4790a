package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"rostrum/app"
	"rostrum/ports"
)

// live tells of rooms, sessions and media what they are when it is asked, all at
// one look. It keeps nothing and waits for nothing.
type live struct {
	app      *app.App
	sessions sessions
	media    media
}

var _ prometheus.Collector = (*live)(nil)

func newLive(a *app.App) *live {
	return &live{app: a, sessions: newSessions(), media: newMedia()}
}

// Describe is prometheus.Collector.Describe.
func (m *live) Describe(to chan<- *prometheus.Desc) {
	m.sessions.describe(to)
	m.media.describe(to)
}

// Collect is prometheus.Collector.Collect.
func (m *live) Collect(to chan<- prometheus.Metric) {
	stats := m.app.Stats()
	m.sessions.collect(to, stats)
	m.media.collect(to, stats.Media)
}

func gauge(to chan<- prometheus.Metric, d *prometheus.Desc, value float64, labels ...string) {
	to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
}

func counter(to chan<- prometheus.Metric, d *prometheus.Desc, value uint64, labels ...string) {
	to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(value), labels...)
}

// histogram tells of durations in seconds, of each bucket how many took no longer.
func histogram(to chan<- prometheus.Metric, d *prometheus.Desc, of ports.Durations, labels ...string) {
	buckets, sum := map[float64]uint64{}, uint64(0)
	for i, bound := range ports.DurationBounds() {
		sum += of.Counts[i]
		buckets[bound.Seconds()] = sum
	}
	to <- prometheus.MustNewConstHistogram(d, of.Count(), float64(of.Sum)/float64(time.Second), buckets, labels...)
}
