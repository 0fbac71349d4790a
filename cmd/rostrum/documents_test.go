package main

import (
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rostrum/cmd/rostrum/config"
)

// documents are the pages that people read: every Markdown file of the repository.
func documents(t *testing.T) map[string]string {
	t.Helper()
	pages := map[string]string{}
	for _, name := range sources(t, ".md") {
		pages[name] = document(t, name)
	}
	return pages
}

var (
	fence = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```")
	span  = regexp.MustCompile("`([^`\n]+)`")
	link  = regexp.MustCompile(`\]\(([^)\s]+)\)`)
)

// prose returns a page without its code blocks.
func prose(page string) string { return fence.ReplaceAllString(page, "") }

// blocks returns the code blocks of a page in one language.
func blocks(page, language string) []string {
	var found []string
	for _, block := range fence.FindAllStringSubmatch(page, -1) {
		if block[1] == language {
			found = append(found, block[2])
		}
	}
	return found
}

// shellLines returns what a page shows of a shell: in blocks, and as code within its text.
func shellLines(page string) []string {
	var lines []string
	for _, block := range blocks(page, "sh") {
		lines = append(lines, strings.Split(block, "\n")...)
	}
	for _, found := range span.FindAllStringSubmatch(prose(page), -1) {
		lines = append(lines, found[1])
	}
	return lines
}

// TestLinksResolve follows the links from each page to files of the repository, and to
// headings of pages.
func TestLinksResolve(t *testing.T) {
	pages := documents(t)
	for name, page := range pages {
		for _, found := range link.FindAllStringSubmatch(prose(page), -1) {
			target, heading, _ := strings.Cut(found[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			file := path.Join(path.Dir(name), target)
			if target == "" {
				file = name
			}
			if !exists(file) {
				t.Errorf("%s leads to %s, which is not there", name, found[1])
			} else if heading != "" && !slices.Contains(headings(pages[file]), heading) {
				t.Errorf("%s leads to %s: that page has no such heading", name, found[1])
			}
		}
	}
}

// headings returns the anchors of a page's headings as GitHub makes them.
func headings(page string) []string {
	var anchors []string
	for _, line := range strings.Split(prose(page), "\n") {
		if title := strings.TrimLeft(line, "#"); title != line {
			anchor := regexp.MustCompile(`[^\w\- ]`).ReplaceAllString(strings.ToLower(strings.TrimSpace(title)), "")
			anchors = append(anchors, strings.ReplaceAll(anchor, " ", "-"))
		}
	}
	return anchors
}

// TestPathsExist looks for every file and folder of the repository that a page names.
func TestPathsExist(t *testing.T) {
	named := regexp.MustCompile(`^(?:\.ci|adapters|api|app|cmd|deploy|docs|domain|migrations|ports|tools)/[\w./-]*$`)
	for name, page := range documents(t) {
		for _, found := range span.FindAllStringSubmatch(prose(page), -1) {
			if file := found[1]; named.MatchString(file) && !exists(file) && !exists(path.Join(path.Dir(name), file)) {
				t.Errorf("%s names %s, which is not there", name, file)
			}
		}
	}
}

// TestKeysExist looks up every configuration key that a page names.
func TestKeysExist(t *testing.T) {
	keys, sections := configurationKeys()
	named := regexp.MustCompile(`^(` + strings.Join(sections, "|") + `)(\.[a-z_]+)+\b`)
	events := []string{"recording.completed", "recording.failed"} // of webhooks
	for name, page := range documents(t) {
		for _, found := range span.FindAllStringSubmatch(prose(page), -1) {
			key := named.FindString(strings.TrimPrefix(found[1], "--"))
			switch {
			case key == "" || strings.HasSuffix(key, ".md") || strings.HasSuffix(key, ".go") || slices.Contains(events, key):
			case !keys[key]:
				t.Errorf("%s names the key %s, which the configuration does not have", name, key)
			}
		}
	}
}

// configurationKeys returns every key by its path, and the sections that keys stand in.
func configurationKeys() (keys map[string]bool, sections []string) {
	keys = map[string]bool{"auth.jwt": true, "auth.tokens": true, "webrtc.ice_servers": true, "recording.retention_rooms": true} // no flags
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	config.Flags(flags)
	flags.VisitAll(func(f *pflag.Flag) {
		keys[f.Name] = true
		if section, _, inside := strings.Cut(f.Name, "."); inside && !slices.Contains(sections, section) {
			sections = append(sections, section)
		}
	})
	return keys, sections
}

// TestCommandsExist looks up each command of this program that a page shows, and its flags.
func TestCommandsExist(t *testing.T) {
	call := regexp.MustCompile(`^(?:[A-Z_]+=\S+ +)?(?:bin/)?rostrum((?: +[^\s|;&#)]+)*)`)
	for name, page := range documents(t) {
		for _, line := range shellLines(page) {
			if found := call.FindStringSubmatch(line); found != nil {
				checkCall(t, name, strings.Fields(found[1]))
			}
		}
	}
}

func checkCall(t *testing.T, page string, args []string) {
	t.Helper()
	cmd := rootCommand(io.Discard, io.Discard)
	for len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		below := slices.IndexFunc(cmd.Commands(), func(c *cobra.Command) bool { return c.Name() == args[0] })
		if below < 0 {
			break
		}
		cmd, args = cmd.Commands()[below], args[1:]
	}
	if !cmd.HasParent() && len(args) > 0 && !strings.HasPrefix(args[0], "-") && args[0] != "help" {
		t.Errorf("%s shows the command %q, which there is not", page, args[0])
	}
	cmd.InitDefaultHelpFlag()
	for _, arg := range args {
		flag, _, _ := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
		if strings.HasPrefix(arg, "--") && cmd.Flags().Lookup(flag) == nil {
			t.Errorf("%s gives --%s to %q, which does not have it", page, flag, cmd.CommandPath())
		}
	}
}

// TestTargetsExist looks up each target of make that a page shows.
func TestTargetsExist(t *testing.T) {
	rules, call := document(t, "Makefile"), regexp.MustCompile(`(?:^| )make ([a-z][a-z-]*)`)
	for name, page := range documents(t) {
		for _, line := range shellLines(page) {
			found := call.FindStringSubmatch(line)
			if found != nil && !strings.Contains(rules, "\n"+found[1]+":") {
				t.Errorf("%s says make %s, which the Makefile does not have", name, found[1])
			}
		}
	}
}

// TestAdapterIsTheOneThatIsTested has docs/adapters.md show what ports/porttest runs.
func TestAdapterIsTheOneThatIsTested(t *testing.T) {
	tested := document(t, "ports/porttest/example_test.go") + document(t, "ports/access.go")
	shown := blocks(document(t, "docs/adapters.md"), "go")
	if len(shown) < 4 {
		t.Fatalf("the page shows %d pieces of code", len(shown))
	}
	for _, block := range shown {
		if !strings.Contains(tested, block) {
			t.Errorf("docs/adapters.md shows what is not tested:\n%s", block)
		}
	}
}
