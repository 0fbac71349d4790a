package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// inBash has bash complete a command line by the script that the program prints. Bash alone
// lacks what the package bash-completion has: taking the line apart.
const inBash = `
_get_comp_words_by_ref() { cur=${COMP_WORDS[COMP_CWORD]}; prev=${COMP_WORDS[COMP_CWORD-1]}; words=("${COMP_WORDS[@]}"); cword=$COMP_CWORD; }
source <(rostrum completion bash)
complete -p rostrum >/dev/null || exit 1
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
__start_rostrum
printf '%s\n' "${COMPREPLY[@]}"
`

// inFish has fish do it.
const inFish = `rostrum completion fish | source; complete -C "$argv"`

// inZsh has zsh do it on a terminal, where alone it completes, and prints the line that it
// has made.
const inZsh = `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PROMPT=; autoload -Uz compinit; compinit -D -u; source <(rostrum completion zsh)'
zpty -w shell 'show() { print -r -- "<<$BUFFER>>" }; zle -N show; bindkey "^X" show; print rea""dy'
zpty -r shell said "*ready*"
zpty -w -n shell "$*"$'\t\x18'
zpty -r shell said "*<<*>>*"
said=${said##*<<}
print -r -- "${said%%>>*}"
zpty -d shell
`

// completed has a shell complete a line, in a directory with some files.
func completed(t *testing.T, shell string, args ...string) []string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"talk.webm", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), shell, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), asProgram+"=1", "PATH="+onPath(t)+":"+os.Getenv("PATH"), "HOME="+dir, "TERM=dumb")
	said, err := cmd.Output() // its errors are that bash is no line editor here
	if err != nil {
		t.Fatalf("%s (.ci/test-needs.sh brings it): %v", shell, err)
	}
	return strings.Split(strings.TrimRight(string(said), "\n"), "\n")
}

// Bash and fish tell what they would offer.
func TestCompletion(t *testing.T) {
	script := filepath.Join(t.TempDir(), "complete.sh")
	if err := os.WriteFile(script, []byte(inBash), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		line string
		want []string
	}{
		{"rostrum pl", []string{"play"}},
		{"rostrum migrate ", []string{"status", "up"}},
		{"rostrum --log.level ", []string{"debug", "error", "info", "warn"}},
		{"rostrum serve --log.format j", []string{"json"}},
		{"rostrum token --action p", []string{"play", "publish"}},
		{"rostrum openapi --spec ", []string{"3.0", "3.1"}},
		{"rostrum bench --codec ", []string{"h264", "vp8"}},
		{"rostrum doctor --liv", []string{"--live"}},
		{"rostrum help exit", []string{"exit-codes"}},
		{"rostrum play ", nil}, // a room is no file
		{"rostrum publish talk.webm ", nil},
		{"rostrum play lobby --duration ", nil},
	} {
		t.Run(c.line, func(t *testing.T) {
			t.Parallel()
			words := append([]string{"--norc", "--noprofile", script}, strings.Split(c.line, " ")...)
			for shell, said := range map[string][]string{
				"bash": completed(t, "bash", words...), "fish": completed(t, "fish", "--no-config", "-c", inFish, c.line),
			} {
				var got []string
				for _, offer := range said {
					if words := strings.Fields(offer); len(words) > 0 { // behind the first stands what it means
						got = append(got, words[0])
					}
				}
				if slices.Sort(got); !slices.Equal(got, c.want) {
					t.Errorf("%s completes %q by %q, want %q", shell, c.line, said, c.want)
				}
			}
		})
	}
}

// Zsh writes what there is one of.
func TestCompletionByZsh(t *testing.T) {
	for line, want := range map[string]string{
		"rostrum pl":                   "rostrum play ",
		"rostrum serve --log.format j": "rostrum serve --log.format json ",
		"rostrum doctor --liv":         "rostrum doctor --live ",
		"rostrum help exit":            "rostrum help exit-codes ",
		"rostrum publish ":             "rostrum publish talk.webm ",
		"rostrum play ":                "rostrum play ",
		"rostrum play lobby --out ta":  "rostrum play lobby --out talk.webm ",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			if got := completed(t, "zsh", "-f", "-c", inZsh, "zsh", line); !slices.Equal(got, []string{want}) {
				t.Errorf("zsh makes %q of %q, want %q", got, line, want)
			}
		})
	}
}

// Each script is one that its shell can read.
func TestCompletionScripts(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		got := line(t, "completion", shell)
		if got.exit != exitDone || !strings.Contains(got.out, "rostrum") {
			t.Errorf("completion %s: %+v", shell, got)
		}
		cmd := exec.CommandContext(t.Context(), shell, "-n")
		cmd.Stdin = strings.NewReader(got.out)
		if said, err := cmd.CombinedOutput(); err != nil || len(said) > 0 {
			t.Errorf("%s -n says %q (%v)", shell, said, err)
		}
	}
}
