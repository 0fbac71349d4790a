package domain_test

import (
	"testing"
	"time"

	"rostrum/domain"
)

func TestGoneInAllButName(t *testing.T) {
	const (
		silence = 2 * time.Second  // of one that was connected
		start   = 10 * time.Second // of one that never was
		forever = 1000 * time.Hour
	)
	for name, c := range map[string]struct {
		vitals domain.Vitals
		want   bool
	}{
		"just begun":                            {domain.Vitals{}, false},
		"connecting":                            {domain.Vitals{Age: start - 1, Silence: start - 1}, false},
		"not connected for long":                {domain.Vitals{Age: start, Silence: start}, true},
		"not connected for ever":                {domain.Vitals{Age: forever, Silence: forever}, true},
		"not connected, though it says a word":  {domain.Vitals{Age: start}, true},
		"not connected, and silence is not age": {domain.Vitals{Age: start - 1, Silence: forever}, false},
		"connected and alive":                   {domain.Vitals{Connected: true, Age: forever}, false},
		"connected and nearly silent":           {domain.Vitals{Connected: true, Age: forever, Silence: silence - 1}, false},
		"connected and silent":                  {domain.Vitals{Connected: true, Age: silence, Silence: silence}, true},
		"connected and silent for ever":         {domain.Vitals{Connected: true, Age: forever, Silence: forever}, true},
	} {
		if got := c.vitals.GoneInAllButName(); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
