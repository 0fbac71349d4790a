package deploy_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// step is an instruction of a Dockerfile.
type step struct {
	name  string            // RUN, COPY, ...
	flags map[string]string // --from=build
	args  string            // what stands behind them, on one line
}

// stage is a FROM and what follows it.
type stage struct {
	base, name string
	steps      []step
}

// readDockerfile reads the stages of the Dockerfile beside this test, which uses no more of
// the language than this understands.
func readDockerfile(t *testing.T) []stage {
	t.Helper()
	text, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	var stages []stage
	var line string
	for part := range strings.Lines(string(text)) {
		part = strings.TrimSpace(part)
		if part == "" || strings.HasPrefix(part, "#") {
			continue
		}
		line += strings.TrimSuffix(part, `\`)
		if strings.HasSuffix(part, `\`) {
			continue
		}
		s := readStep(line)
		line = ""
		if s.name == "FROM" {
			base, name, _ := strings.Cut(s.args, " AS ")
			stages = append(stages, stage{base: base, name: name})
			continue
		}
		if len(stages) == 0 {
			t.Fatalf("%s stands before the first FROM", s.name)
		}
		last := &stages[len(stages)-1]
		last.steps = append(last.steps, s)
	}
	if line != "" {
		t.Fatalf("the file ends within %q", line)
	}
	return stages
}

func readStep(line string) step {
	name, rest, _ := strings.Cut(line, " ")
	s := step{name: name, flags: map[string]string{}, args: strings.TrimSpace(rest)}
	for strings.HasPrefix(s.args, "--") {
		flag, rest, _ := strings.Cut(s.args, " ")
		key, value, _ := strings.Cut(strings.TrimPrefix(flag, "--"), "=")
		s.flags[key], s.args = value, strings.TrimSpace(rest)
	}
	return s
}

// The bases are pinned, and build with what go.mod asks for at least.
func TestBaseIsPinned(t *testing.T) {
	base := readDockerfile(t)[0].base
	pinned := regexp.MustCompile(`^golang:(1\.\d+\.\d+)-[a-z]+$`).FindStringSubmatch(base)
	if pinned == nil {
		t.Fatalf("FROM %s: want a whole version and a release of Debian", base)
	}
	module, err := os.ReadFile(filepath.Join(repository, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	asked := regexp.MustCompile(`(?m)^go (1\.\d+)`).FindSubmatch(module)
	if asked == nil || !strings.HasPrefix(pinned[1], string(asked[1])+".") {
		t.Errorf("FROM %s, but go.mod asks for %s", base, asked)
	}
}
