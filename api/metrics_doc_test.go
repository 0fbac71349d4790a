package api

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
)

func metricsDocument(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// metricRow is a row of a table of metrics: its name, type and labels.
var metricRow = regexp.MustCompile("(?m)^\\| `(rostrum_\\w+)` \\| (\\w+) \\|([^|]*)\\|")

// backquoted is a word of code.
var backquoted = regexp.MustCompile("`([^`]+)`")

// The document lists what a scrape has: no metric is missing, and none is invented.
func TestMetricsAreDocumented(t *testing.T) {
	type metric struct {
		Kind   string
		Labels []string
	}
	documented, scrape := map[string]metric{}, map[string]metric{}
	for _, row := range metricRow.FindAllStringSubmatch(metricsDocument(t), -1) {
		if _, twice := documented[row[1]]; twice {
			t.Errorf("%s is documented twice", row[1])
		}
		m := metric{Kind: row[2]}
		for _, label := range backquoted.FindAllStringSubmatch(row[3], -1) {
			m.Labels = append(m.Labels, label[1])
		}
		slices.Sort(m.Labels)
		documented[row[1]] = m
	}
	for name, family := range scraped(t, newEdge(t)) {
		if strings.HasPrefix(name, "rostrum_") {
			scrape[name] = metric{strings.ToLower(family.GetType().String()), labelsOf(family.GetMetric()[0])}
		}
	}
	if d := cmp.Diff(scrape, documented); d != "" {
		t.Errorf("what is scraped (-) is documented as (+):\n%s", d)
	}
}

// labelsOf returns the names of a metric's labels, sorted.
func labelsOf(m *dto.Metric) []string {
	var names []string
	for _, label := range m.GetLabel() {
		names = append(names, label.GetName())
	}
	return names
}

// Every value that a label can have is named in the document.
func TestValuesOfLabelsAreDocumented(t *testing.T) {
	text := metricsDocument(t)
	for name, values := range labelValues(scraped(t, newEdge(t))) {
		for _, value := range values {
			if name != "version" && name != "goversion" && !strings.Contains(text, "`"+value+"`") {
				t.Errorf("%s=%q is not documented", name, value)
			}
		}
	}
}

// labelValues returns the values of each label of ours.
func labelValues(families map[string]*dto.MetricFamily) map[string][]string {
	values := map[string]map[string]bool{}
	for name, family := range families {
		for _, m := range family.GetMetric() {
			for _, label := range m.GetLabel() {
				if strings.HasPrefix(name, "rostrum_") {
					if values[label.GetName()] == nil {
						values[label.GetName()] = map[string]bool{}
					}
					values[label.GetName()][label.GetValue()] = true
				}
			}
		}
	}
	sorted := map[string][]string{}
	for name, set := range values {
		sorted[name] = slices.Sorted(maps.Keys(set))
	}
	return sorted
}
