package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"rostrum/cmd/rostrum/config"
	"rostrum/cmd/rostrum/progress"
)

// flags are the command line.
type flags struct{ json, live, ready bool }

// Command is `rostrum doctor`.
func Command() *cobra.Command {
	var f flags
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look whether the server can work here, and say what to do where not",
		Long: "Looks at all that a server of the same configuration needs: ports, UDP over loopback and to the announced\n" +
			"addresses, STUN and TURN servers, database, store, spool, clock, TLS, the issuer of tokens, webhooks, buffers,\n" +
			"open files. A line each, and below what is wrong how to mend it. An object is written to the store, read\n" +
			"back and deleted again; nothing else is changed, and no secret is shown.\n\n" +
			"--live asks the server that runs with this configuration whether it lives, --ready whether it takes new\n" +
			"sessions: for the health checks of containers and load balancers.",
		Example: "  rostrum doctor --config rostrum.yaml\n" +
			"  rostrum doctor --json | jq '.checks[] | select(.status == \"fail\")'\n" +
			"  rostrum doctor --live --config rostrum.yaml",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	set := cmd.Flags()
	set.BoolVar(&f.json, "json", false, "print JSON, also of errors")
	set.BoolVar(&f.live, "live", false, "only ask the running server whether it lives (/healthz)")
	set.BoolVar(&f.ready, "ready", false, "only ask the running server whether it takes new sessions (/readyz)")
	cmd.MarkFlagsMutuallyExclusive("live", "ready")
	config.Flags(set)
	return cmd
}

func (f flags) run(cmd *cobra.Command) error {
	cfg, err := config.Load(cmd.Flags())
	switch {
	case f.live || f.ready:
		return f.ask(cmd, cfg, err)
	case err != nil:
		unfit := fail("it is not valid: the standard error says why", "Correct what each line there names; \"rostrum config\" tells when it is valid.")
		return errors.Join(f.write(cmd.OutOrStdout(), []Finding{{"configuration", unfit}}), err)
	}
	line := progress.New(cmd.ErrOrStderr())
	tell := func(int, int) {}
	if line.Terminal() {
		tell = func(done, of int) { line.Count("checking", done, of) }
	}
	findings := examine(cmd.Context(), checks(cfg), tell)
	line.End()
	if cmd.Context().Err() != nil {
		return context.Cause(cmd.Context()) // that checks were ended is nothing that they have found
	}
	if err := f.write(cmd.OutOrStdout(), findings); err != nil {
		return err
	}
	if worst(findings) == Fail {
		return errFailed
	}
	return nil
}

var errFailed = errors.New("something would not work: see what has failed above")

func (f flags) write(out io.Writer, findings []Finding) error {
	if f.json {
		return writeJSON(out, findings)
	}
	return writeText(out, findings)
}

// ask is --live and --ready. Orchestrators know 0 and 1 alone, also where the configuration
// is not valid.
func (f flags) ask(cmd *cobra.Command, cfg *config.Config, invalid error) error {
	if invalid != nil {
		return fmt.Errorf("%s", invalid.Error())
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), askPatience)
	defer cancel()
	place, path := newInstance(cfg.HTTP), "/healthz"
	if f.ready {
		path = "/readyz"
	}
	result := place.probe(ctx, path)
	if err := f.write(cmd.OutOrStdout(), []Finding{{path[1:], result}}); err != nil {
		return err
	}
	if result.Status == Fail {
		return errors.New(result.Seen)
	}
	return nil
}
