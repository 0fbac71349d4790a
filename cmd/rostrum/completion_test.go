package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// completed has bash complete a command line by the script that the program prints. Bash
// alone lacks what the package bash-completion has: taking the line apart.
const completed = `
_get_comp_words_by_ref() { cur=${COMP_WORDS[COMP_CWORD]}; prev=${COMP_WORDS[COMP_CWORD-1]}; words=("${COMP_WORDS[@]}"); cword=$COMP_CWORD; }
source <(rostrum completion bash)
complete -p rostrum >/dev/null || exit 1
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
__start_rostrum
printf '%s\n' "${COMPREPLY[@]}"
`

func TestCompletion(t *testing.T) {
	script, path := filepath.Join(t.TempDir(), "complete.sh"), onPath(t)+":"+os.Getenv("PATH")
	if err := os.WriteFile(script, []byte(completed), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		words []string
		want  []string
	}{
		{[]string{"rostrum", "pl"}, []string{"play"}},
		{[]string{"rostrum", "migrate", ""}, []string{"status", "up"}},
		{[]string{"rostrum", "--log.level", ""}, []string{"debug", "error", "info", "warn"}},
		{[]string{"rostrum", "serve", "--log.format", "j"}, []string{"json"}},
		{[]string{"rostrum", "token", "--action", "p"}, []string{"play", "publish"}},
		{[]string{"rostrum", "openapi", "--spec", ""}, []string{"3.0", "3.1"}},
		{[]string{"rostrum", "bench", "--codec", ""}, []string{"h264", "vp8"}},
		{[]string{"rostrum", "doctor", "--liv"}, []string{"--live"}},
		{[]string{"rostrum", "help", "exit"}, []string{"exit-codes"}},
	} {
		t.Run(strings.Join(c.words, " "), func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), "bash", append([]string{"--norc", "--noprofile", script}, c.words...)...)
			cmd.Env = append(os.Environ(), asProgram+"=1", "PATH="+path)
			said, err := cmd.Output() // its errors are that this is no line editor
			var got []string
			for word := range strings.Lines(string(said)) {
				first, _, _ := strings.Cut(strings.TrimSpace(word), " ") // behind it stands what it means
				got = append(got, first)
			}
			if slices.Sort(got); err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%q is completed by %q (%v), want %q", c.words, said, err, c.want)
			}
		})
	}
}

// Each script is one that its shell takes, where that is installed; there is always bash.
func TestCompletionScripts(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		got := line(t, "completion", shell)
		if got.exit != exitDone || !strings.Contains(got.out, "rostrum") {
			t.Errorf("completion %s: %+v", shell, got)
		}
		if _, err := exec.LookPath(shell); err != nil && shell != "bash" {
			continue
		}
		cmd := exec.CommandContext(t.Context(), shell, "-n")
		cmd.Stdin = strings.NewReader(got.out)
		if said, err := cmd.CombinedOutput(); err != nil || len(said) > 0 {
			t.Errorf("%s -n says %q (%v)", shell, said, err)
		}
	}
}
