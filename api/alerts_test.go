package api

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"go.yaml.in/yaml/v3"
)

// alertRule is a rule of deploy/alerts.yaml, as operators load it into Prometheus.
type alertRule struct {
	Alert, Expr, For string
	Labels           struct{ Severity string }
	Annotations      struct{ Summary string }
}

// alertRules reads the rules, and refuses keys that it does not know.
func alertRules(t *testing.T) []alertRule {
	t.Helper()
	text, err := os.Open("../deploy/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = text.Close() }()
	var file struct {
		Groups []struct {
			Name  string
			Rules []alertRule
		}
	}
	decoder := yaml.NewDecoder(text)
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil || len(file.Groups) != 1 || len(file.Groups[0].Rules) == 0 {
		t.Fatalf("%v: %+v", err, file)
	}
	return file.Groups[0].Rules
}

// metricUse is a metric in an expression, and matcher one of its matchers.
var (
	metricUse = regexp.MustCompile(`((?:rostrum|process)_\w+)(?:\{([^}]*)\})?`)
	matcher   = regexp.MustCompile(`(\w+)=~?"([^"]*)"`)
)

// The alerts speak of metrics and of values of labels that there are; job is the scraper's.
func TestAlertsSpeakOfWhatThereIs(t *testing.T) {
	families := scraped(t, newEdge(t))
	for _, rule := range alertRules(t) {
		for _, use := range metricUse.FindAllStringSubmatch(rule.Expr, -1) {
			family := families[strings.TrimSuffix(use[1], "_bucket")]
			if family == nil {
				t.Errorf("%s: there is no %s", rule.Alert, use[1])
				continue
			}
			for _, m := range matcher.FindAllStringSubmatch(use[2], -1) {
				for value := range strings.SplitSeq(m[2], "|") {
					if m[1] != "job" && !slices.Contains(labelValues(map[string]*dto.MetricFamily{use[1]: family})[m[1]], value) {
						t.Errorf("%s: there is no %s with %s=%q", rule.Alert, use[1], m[1], value)
					}
				}
			}
		}
	}
}

// Every alert says how urgent it is and what it means, is tried by deploy/alerts_test.yaml, and
// explained in the document.
func TestAlertsAreWhole(t *testing.T) {
	tried, err := os.ReadFile("../deploy/alerts_test.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range alertRules(t) {
		if !slices.Contains([]string{"page", "ticket"}, rule.Labels.Severity) || rule.Annotations.Summary == "" {
			t.Errorf("%+v says too little", rule)
		}
		if !strings.Contains(string(tried), "alertname: "+rule.Alert+"\n") {
			t.Errorf("deploy/alerts_test.yaml does not try %s", rule.Alert)
		}
		if !strings.Contains(metricsDocument(t), "| `"+rule.Alert+"` | "+rule.Labels.Severity+" |") {
			t.Errorf("docs/metrics.md does not explain %s as a %s", rule.Alert, rule.Labels.Severity)
		}
	}
}
