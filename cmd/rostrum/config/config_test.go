package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/spf13/pflag"

	"rostrum/cmd/rostrum/config"
)

// given is what one start of the program finds.
type given struct {
	file string            // the text of rostrum.yaml; empty: there is none
	env  map[string]string // without others that begin with ROSTRUM_
	args []string
}

// load starts in an empty directory that holds the file, and names it by --config.
func load(t *testing.T, g given) (*config.Config, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	setenv(t, g.env)
	if g.file != "" {
		write(t, "rostrum.yaml", g.file)
		g.args = append([]string{"--config=rostrum.yaml"}, g.args...)
	}
	flags := pflag.NewFlagSet("rostrum", pflag.ContinueOnError)
	config.Flags(flags)
	if err := flags.Parse(g.args); err != nil {
		t.Fatal(err)
	}
	return config.Load(flags)
}

func mustLoad(t *testing.T, g given) *config.Config {
	t.Helper()
	cfg, err := load(t, g)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func setenv(t *testing.T, env map[string]string) {
	t.Helper()
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "ROSTRUM_") {
			t.Setenv(name, "") // restored after the test
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, value := range env {
		t.Setenv(name, value)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// diff compares configurations; what was printed and read back may have an empty
// list for none.
func diff(want, got any) string {
	return cmp.Diff(want, got, cmpopts.EquateEmpty(),
		cmp.Comparer(func(a, b config.Rate) bool { return a == b }), cmp.Comparer(func(a, b config.Size) bool { return a == b }))
}
