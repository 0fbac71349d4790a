package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// What a build says of itself by -ldflags "-X main.version=1.2.3 ...", as that of the image
// does, which has no repository around it. Where it says nothing, Go has taken note.
var version, commit, built string

// build is which program this is.
type build struct {
	Version  string `json:"version"`
	Commit   string `json:"commit"`
	Built    string `json:"built"`    // of a build in a repository: when the commit was made
	Modified bool   `json:"modified"` // whether something was changed since the commit
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func thisBuild() build {
	b := build{Version: version, Commit: commit, Built: built, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b.known()
	}
	b.Version = cmp.Or(b.Version, info.Main.Version)
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			b.Commit = cmp.Or(b.Commit, setting.Value)
		case "vcs.time":
			b.Built = cmp.Or(b.Built, setting.Value)
		case "vcs.modified":
			b.Modified = commit == "" && setting.Value == "true"
		}
	}
	return b.known()
}

// known has a word for what is not.
func (b build) known() build {
	b.Version, b.Commit, b.Built = cmp.Or(b.Version, "(devel)"), cmp.Or(b.Commit, "unknown"), cmp.Or(b.Built, "unknown")
	return b
}

func (b build) String() string {
	changed := ""
	if b.Modified {
		changed = ", modified"
	}
	return fmt.Sprintf("rostrum %s (commit %s%s, built %s, %s, %s)", b.Version, b.Commit, changed, b.Built, b.Go, b.Platform)
}

func versionCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Tell which version this is",
		Long:    "Tells the version, the commit that it was built of, when, and by which Go for which platform.",
		Example: "  rostrum version\n  rostrum version --json | jq -r .version",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON {
				return printJSON(cmd, thisBuild())
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), thisBuild())
			return err
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}
