package api

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// scraped returns what Prometheus makes of the metrics.
func scraped(t *testing.T, e edge) map[string]*dto.MetricFamily {
	t.Helper()
	w := e.do(http.MethodGet, "/metrics", "")
	wantStatus(t, w, http.StatusOK)
	if problems, err := promlint.New(strings.NewReader(w.Body.String())).Lint(); err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return families
}

// ours returns the values of the families whose names begin with rostrum_, by name and
// labels: of a histogram, how many it has counted.
func ours(families map[string]*dto.MetricFamily) map[string]float64 {
	values := map[string]float64{}
	for name, family := range families {
		if !strings.HasPrefix(name, "rostrum_") {
			continue
		}
		for _, m := range family.GetMetric() {
			key := []string{name}
			for _, label := range m.GetLabel() { // in the order of their names
				key = append(key, label.GetValue())
			}
			values[strings.Join(key, " ")] = m.GetGauge().GetValue() + m.GetCounter().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return values
}

func TestMetrics(t *testing.T) {
	e := newEdge(t)
	library(t, e)
	families := scraped(t, e)
	want := map[string]float64{
		"rostrum_recordings started": 0, "rostrum_recordings finalized": 0, "rostrum_recordings uploading": 1,
		"rostrum_recordings stored": 3, "rostrum_recordings failed": 1,
		"rostrum_recordings_live": 0, "rostrum_finalizations_pending": 0, "rostrum_uploads_pending": 0, "rostrum_uploads_running": 0,
		"rostrum_uploads_running_size_bytes": 0, "rostrum_uploads_running_sent_bytes": 0, "rostrum_uploaded_bytes_total": 0,
		"rostrum_database_available": 1, "rostrum_database_backlog": 0, "rostrum_database_backlog_dropped_total": 0,
	}
	got := ours(families)
	maps.DeleteFunc(got, func(key string, _ float64) bool { _, wanted := want[key]; return !wanted })
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for _, name := range []string{"go_goroutines", "process_open_fds"} {
		if families[name] == nil {
			t.Errorf("%s is missing", name)
		}
	}
}

func TestMetricsOfAnUpload(t *testing.T) {
	e := newEdge(t)
	e.store.held = make(chan struct{})
	e.archive.Start()
	e.record(t, "hall")
	if got := ours(scraped(t, e)); got["rostrum_recordings_live"] != 1 || got["rostrum_recordings started"] != 1 {
		t.Errorf("while it is being made: %v", got)
	}
	wantStatus(t, e.do(http.MethodDelete, recordingOfHall, "", bearerOf(carol)), http.StatusOK)
	eventually(t, "half a file is in the store", func() bool { return ours(scraped(t, e))["rostrum_uploads_running_sent_bytes"] > 0 })
	now := ours(scraped(t, e))
	sent, size := now["rostrum_uploads_running_sent_bytes"], now["rostrum_uploads_running_size_bytes"]
	if now["rostrum_uploads_running"] != 1 || now["rostrum_uploads_pending"] != 1 || now["rostrum_recordings uploading"] != 1 || sent >= size {
		t.Errorf("while it is being uploaded: %v", now)
	}
	close(e.store.held)
	eventually(t, "it is stored", func() bool { return ours(scraped(t, e))["rostrum_recordings stored"] == 1 })
	eventually(t, "its bytes are counted", func() bool { return ours(scraped(t, e))["rostrum_uploaded_bytes_total"] == size })
}

func TestDatabaseAwayForMetrics(t *testing.T) {
	e := newEdge(t)
	e.rows.away.Store(true)
	families := scraped(t, e)
	if families["rostrum_recordings"] != nil || families["rostrum_recordings_live"] == nil || families["go_goroutines"] == nil {
		t.Errorf("%v", slices.Sorted(maps.Keys(families)))
	}
	e.rows.away.Store(false)
	if scraped(t, e)["rostrum_recordings"] == nil {
		t.Error("what can be counted again is not told")
	}
}
