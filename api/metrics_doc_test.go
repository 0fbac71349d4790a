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
	"go.yaml.in/yaml/v3"
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

// metricUse is a metric in an expression, and matcher one of its matchers.
var (
	metricUse = regexp.MustCompile(`(rostrum_\w+)(?:\{([^}]*)\})?`)
	matcher   = regexp.MustCompile(`(\w+)=~?"([^"]*)"`)
)

// The alerts are YAML, and speak of metrics and labels that there are.
func TestAlertsSpeakOfWhatThereIs(t *testing.T) {
	_, block, _ := strings.Cut(metricsDocument(t), "## Alerts")
	_, block, _ = strings.Cut(block, "```yaml\n")
	block, _, _ = strings.Cut(block, "```")
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For string
				Annotations      map[string]string
			}
		}
	}
	decoder := yaml.NewDecoder(strings.NewReader(block))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil || len(file.Groups) != 1 || len(file.Groups[0].Rules) == 0 {
		t.Fatalf("%v: %+v", err, file)
	}
	families := scraped(t, newEdge(t))
	for _, rule := range file.Groups[0].Rules {
		if rule.Alert == "" || rule.Annotations["summary"] == "" {
			t.Errorf("%+v says too little", rule)
		}
		for _, use := range metricUse.FindAllStringSubmatch(rule.Expr, -1) {
			family := families[strings.TrimSuffix(use[1], "_bucket")]
			if family == nil {
				t.Errorf("%s: there is no %s", rule.Alert, use[1])
				continue
			}
			for _, m := range matcher.FindAllStringSubmatch(use[2], -1) {
				for value := range strings.SplitSeq(m[2], "|") {
					if !slices.Contains(labelValues(map[string]*dto.MetricFamily{use[1]: family})[m[1]], value) {
						t.Errorf("%s: there is no %s with %s=%q", rule.Alert, use[1], m[1], value)
					}
				}
			}
		}
	}
}
