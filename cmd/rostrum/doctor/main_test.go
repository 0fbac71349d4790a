package doctor

import (
	"context"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"rostrum/cmd/rostrum/config"
	"rostrum/ports/porttest/pgserver"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgserver.Tests{M: m}) }

// see runs a check as doctor does, and returns what it has come to. In all that it says is
// none of the secrets.
func see(t *testing.T, run func(context.Context) Result, secrets ...string) Result {
	t.Helper()
	findings := examine(t.Context(), []Check{{"it", run}}, func(int, int) {})
	result := findings[0].Result
	for _, secret := range secrets {
		if strings.Contains(result.Seen+result.Fix, secret) {
			t.Errorf("%+v has the secret %s", result, secret)
		}
	}
	return result
}

// wants is what a check must come to, and must say.
type wants struct {
	status Status
	seen   string // part of it
	fix    string // part of it; empty: there is none
}

func (w wants) check(t *testing.T, got Result) {
	t.Helper()
	if got.Status != w.status || !strings.Contains(got.Seen, w.seen) || !strings.Contains(got.Fix, w.fix) || (w.fix == "") != (got.Fix == "") {
		t.Errorf("it comes to\n%+v, want\n%+v", got, w)
	}
}

// defaults are a configuration that differs from the defaults as a test wants it.
func defaults(change func(*config.Config)) *config.Config {
	cfg := config.Default()
	change(&cfg)
	return &cfg
}
