package bench

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	misuse "rostrum/cmd/rostrum/usage" // usage is what the server has used
)

// flags are the command line; its help texts are the manual.
type flags struct {
	Options
	json, markdown bool
}

// Command is `rostrum bench`. It measures until it is done or the command's context ends: signals are for main to handle.
// The result goes to the command's output, how far it is to its error output.
func Command() *cobra.Command {
	var f flags
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure what a server holds: loss, latency, CPU a packet, memory a subscriber",
		Long: "Publishes a synthetic stream into a room, has many subscribers receive it, and measures exactly what\n" +
			"arrives, how late, and what the server spends on it.\n\n" +
			"Without --url it starts a server of its own, from this executable, with limits off, its data in a\n" +
			"temporary directory and, on Linux with two cores or more, on --cores of them; bench keeps to the others.\n" +
			"With --url it measures a server that runs. The token is taken from --token, else from ROSTRUM_TOKEN,\n" +
			"else, for a server on this machine, from data/token under the current directory.",
		Example: "  rostrum bench --subscribers 400 --runs 5\n" +
			"  rostrum bench --max\n" +
			"  rostrum bench --url http://127.0.0.1:8080 --server-pid $(pidof rostrum) --json",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE:         func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	f.define(cmd)
	return cmd
}

func (f *flags) define(cmd *cobra.Command) {
	set := cmd.Flags()
	set.StringVar(&f.Target.URL, "url", "", "address of a running server; none starts one")
	set.StringVar(&f.Target.Token, "token", "", "bearer token (others on this machine can see it in the list of processes: better use ROSTRUM_TOKEN)")
	set.StringVar(&f.Target.Room, "room", "bench", "room to publish into")
	set.IntVar(&f.Target.PID, "server-pid", 0, "process of the server at --url, for its CPU and memory")
	set.IntVar(&f.Target.Cores, "cores", 1, "cores for the server that bench starts")
	set.BoolVar(&f.Target.Mine, "yes-this-is-my-server", false, "let --url name another machine")
	set.StringVar(&f.Stream.Codec, "codec", "h264", "h264 or vp8")
	set.IntVar(&f.Stream.Bitrate, "bitrate", 2500, "video bitrate in kbit/s")
	set.IntVar(&f.Stream.FPS, "fps", 30, "pictures per second")
	set.IntVarP(&f.Load.Subscribers, "subscribers", "n", 100, "how many receive; with --max, how many at first")
	set.IntVar(&f.Load.Probes, "probes", 8, "subscribers that decrypt everything, for the latency")
	set.IntVar(&f.Load.Joining, "joining", 4, "subscribers that join at a time")
	set.DurationVar(&f.Load.Patience, "patience", 10*time.Second, "how long to wait for a server that refuses everybody")
	set.DurationVar(&f.Load.Settle, "settle", 2*time.Second, "media before it is measured")
	set.DurationVar(&f.Load.Duration, "duration", 10*time.Second, "media while it is measured")
	set.BoolVar(&f.Load.Idle, "idle", false, "send no media while it is measured")
	set.IntVar(&f.Runs, "runs", 1, "how often to do all of it; tells median and spread")
	set.BoolVar(&f.Search, "max", false, "find the most subscribers with loss < 0.1 % and p99 < 100 ms")
	set.DurationVar(&f.Within, "max-time", 10*time.Minute, "how long --max may search")
	set.BoolVar(&f.json, "json", false, "print JSON, also of errors")
	set.BoolVar(&f.markdown, "markdown", false, "print rows for docs/performance.md")
	cmd.MarkFlagsMutuallyExclusive("json", "markdown")
	_ = cmd.RegisterFlagCompletionFunc("codec", cobra.FixedCompletions(videoCodecs, cobra.ShellCompDirectiveNoFileComp)) // it has that flag
}

func (f *flags) run(cmd *cobra.Command) error {
	o := f.Options
	if err := o.check(); err != nil {
		return misuse.Wrap(err)
	}
	var err error
	if o.Target.URL == "" {
		o.Target.executable, err = os.Executable()
	} else {
		o.Target.Token, err = findToken(o.Target)
	}
	if err != nil {
		return err
	}
	progress := newProgress(cmd.ErrOrStderr())
	report, err := Measure(cmd.Context(), o, progress)
	progress.end()
	if err != nil {
		return err
	}
	switch out := cmd.OutOrStdout(); {
	case f.json:
		return report.JSON(out)
	case f.markdown:
		return report.Markdown(out)
	default:
		return report.Table(out)
	}
}

// findToken looks where a token may be. The file is the one that a server on this machine wrote, and is meant for no other.
func findToken(t Target) (string, error) {
	if t.Token != "" {
		return t.Token, nil
	}
	if token := os.Getenv("ROSTRUM_TOKEN"); token != "" {
		return token, nil
	}
	if u, err := url.Parse(t.URL); err != nil || !loopback(u) {
		return "", nil //nolint:nilerr // check has told of a wrong URL
	}
	token, err := os.ReadFile(filepath.Join("data", "token"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("the local server's token can't be read (give it in ROSTRUM_TOKEN instead): %w", err)
	}
	return strings.TrimSpace(string(token)), nil
}
