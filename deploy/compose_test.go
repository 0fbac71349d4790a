package deploy_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"rostrum/cmd/rostrum/config"
)

// composition is what compose.yaml says, as far as it is checked or run here. Whatever
// else is in it is unknown to this test, which refuses that.
type composition struct {
	Name     string
	Services map[string]service
	Volumes  map[string]struct{}
	Secrets  map[string]struct{ File string }
}

type service struct {
	Image, User string
	Build       struct{ Context, Dockerfile string }
	DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
	Environment map[string]string
	Command     []string
	Secrets     []string
	Ports       []string
	Volumes     []string
	Tmpfs       []string
	Healthcheck struct {
		Test              []string
		Interval, Timeout string
		Retries           int
	}
	ReadOnly        bool     `yaml:"read_only"`
	CapDrop         []string `yaml:"cap_drop"`
	SecurityOpt     []string `yaml:"security_opt"`
	Ulimits         map[string]int
	StopGracePeriod time.Duration `yaml:"stop_grace_period"`
	Restart         string
	Logging         struct{ Driver string }
}

func readComposition(t *testing.T) composition {
	t.Helper()
	file, err := os.Open("compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	decoder := yaml.NewDecoder(file)
	decoder.KnownFields(true)
	var c composition
	if err := decoder.Decode(&c); err != nil {
		t.Fatal(err)
	}
	return c
}

// environment returns a service's variables, with the presets of those that it takes from
// who runs it.
func (s service) environment() []string {
	var all []string
	preset := regexp.MustCompile(`\$\{\w+-([^}]*)\}`)
	for name, value := range s.Environment {
		all = append(all, name+"="+preset.ReplaceAllString(value, "$1"))
	}
	slices.Sort(all)
	return all
}

// Every service is locked in, pinned, watched, bounded in what it logs, and stopped with
// patience.
func TestComposition(t *testing.T) {
	c := readComposition(t)
	for name, s := range c.Services {
		if !s.ReadOnly || !slices.Equal(s.CapDrop, []string{"ALL"}) || !slices.Equal(s.SecurityOpt, []string{"no-new-privileges:true"}) || s.Restart == "" || s.Logging.Driver != "local" {
			t.Errorf("%s may do or keep more than it needs: %+v", name, s)
		}
		if s.Build.Dockerfile == "" && (!regexp.MustCompile(`:\d+\.\d+`).MatchString(s.Image) || len(s.Healthcheck.Test) == 0 || s.Healthcheck.Retries == 0) {
			t.Errorf("%s has no version or no health check: %+v", name, s)
		}
		for other, on := range s.DependsOn {
			if on.Condition != "service_healthy" || c.Services[other].Healthcheck.Test == nil {
				t.Errorf("%s does not wait until %s is healthy", name, other)
			}
		}
		for _, secret := range s.Secrets {
			if c.Secrets[secret].File == "" {
				t.Errorf("%s has the secret %s, which is in no file", name, secret)
			}
		}
		for _, mount := range s.Volumes {
			if volume, _, _ := strings.Cut(mount, ":"); !has(c.Volumes, volume) {
				t.Errorf("%s has the volume %s, which is not declared", name, volume)
			}
		}
	}
	own := c.Services["rostrum"]
	if got, want := own.Ports, []string{"8080:8080/tcp", "8189:8189/udp", "8189:8189/tcp"}; !slices.Equal(got, want) {
		t.Errorf("rostrum has the ports %q, want %q", got, want)
	}
	if !slices.Equal(own.Volumes, []string{"data:/data"}) || own.Ulimits["nofile"] < 65536 || len(own.DependsOn) != 2 {
		t.Errorf("rostrum: %+v", own)
	}
	if strings.Contains(strings.Join(own.environment(), " "), "PASSWORD") {
		t.Error("a password stands in the environment of rostrum")
	}
}

func has[V any](all map[string]V, name string) bool {
	_, ok := all[name]
	return ok
}

// Whatever stops the server leaves it the time that it may take with its defaults.
func TestStopsHavePatience(t *testing.T) {
	drain := config.Default().Drain
	least := drain.Timeout.Duration + drain.Uploads.Duration + 30*time.Second
	if got := readComposition(t).Services["rostrum"].StopGracePeriod; got <= least {
		t.Errorf("stop_grace_period is %v, want more than %v", got, least)
	}
	unit, err := os.ReadFile("rostrum.service")
	if err != nil {
		t.Fatal(err)
	}
	stop := regexp.MustCompile(`(?m)^TimeoutStopSec=(\d+)$`).FindSubmatch(unit)
	if stop == nil {
		t.Fatal("rostrum.service has no TimeoutStopSec")
	}
	if got, err := time.ParseDuration(string(stop[1]) + "s"); err != nil || got <= least {
		t.Errorf("TimeoutStopSec is %v (%v), want more than %v", got, err, least)
	}
}
