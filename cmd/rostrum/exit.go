package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rostrum/api/client"
	"rostrum/api/client/rtc"
	"rostrum/cmd/rostrum/config"
	"rostrum/cmd/rostrum/play"
	"rostrum/cmd/rostrum/usage"
)

// The exit codes. Scripts rely on them: they change with the contract's major version.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitRefused     = 3
	exitAway        = 4
	exitInterrupted = 130 // as shells have it: 128 and the number of SIGINT
)

// outcome is how a command has ended.
type outcome struct {
	exit int
	code string // a word that scripts can rely on; of a server's refusal its own
	err  error  // nil: there is nothing to tell
	hint string // how to get help
}

// outcomeOf maps what a command has returned. A server that is interrupted stops as it should,
// so that is no interruption of it.
func outcomeOf(ctx context.Context, cmd *cobra.Command, err error) outcome {
	refused, isRefused := errors.AsType[*client.Problem](err)
	wrongly, isWrong := errors.AsType[*usage.Error](err)
	_, misconfigured := errors.AsType[config.Problems](err)
	hint := fmt.Sprintf("See %q.", cmd.CommandPath()+" --help")
	switch {
	case interrupted(ctx) && !serves(cmd):
		return outcome{exit: exitInterrupted, code: "interrupted"}
	case err == nil:
		return outcome{exit: exitDone}
	case isWrong:
		return outcome{exit: exitUsage, code: "usage", err: wrongly, hint: hint}
	case misconfigured:
		return outcome{exit: exitUsage, code: "configuration", err: err}
	case isRefused && refused.Retryable:
		return outcome{exit: exitAway, code: refused.Code, err: err}
	case isRefused:
		return outcome{exit: exitRefused, code: refused.Code, err: err}
	case errors.Is(err, client.ErrServer):
		return outcome{exit: exitUsage, code: "usage", err: err, hint: hint}
	}
	for _, reason := range reasons {
		if errors.Is(err, reason.err) {
			return outcome{exit: reason.exit, code: reason.code, err: err}
		}
	}
	return outcome{exit: exitFailed, code: "failed", err: err}
}

// reasons are why a client cannot go on: the first that an error is tells how it ends.
var reasons = []struct {
	err  error
	exit int
	code string
}{
	{play.ErrDisk, exitFailed, "disk"}, // to try again would fill it no less
	{client.ErrUntrusted, exitRefused, "untrusted"},
	{client.ErrContract, exitRefused, "contract"},
	{client.ErrUnreachable, exitAway, "unreachable"},
	{rtc.ErrNoMedia, exitAway, "no_media"},
	{rtc.ErrEnded, exitAway, "ended"},
	{rtc.ErrLost, exitAway, "lost"},
	{play.ErrNothing, exitFailed, "nothing_received"},
}

// serves reports whether a command is the server, which has a name of its own and is the
// root as well.
func serves(cmd *cobra.Command) bool { return !cmd.HasParent() || cmd.Name() == "serve" }

// tell writes why a command has failed: for people, or as one line of JSON.
func (o outcome) tell(out io.Writer, asJSON bool) {
	switch {
	case o.err == nil:
	case asJSON:
		_ = json.NewEncoder(out).Encode(struct {
			Error string `json:"error"`
			Code  string `json:"code"`
			Exit  int    `json:"exit"`
		}{o.err.Error(), o.code, o.exit})
	default:
		_, _ = fmt.Fprintln(out, strings.TrimSpace("rostrum: "+o.err.Error()+"\n"+o.hint))
	}
}

// wantsJSON reports whether --json stands on a command line, which may not have been read
// to its end.
func wantsJSON(args []string) bool {
	if end := slices.Index(args, "--"); end >= 0 {
		args = args[:end]
	}
	return slices.ContainsFunc(args, func(arg string) bool {
		value, given := strings.CutPrefix(arg, "--json=")
		wanted, err := strconv.ParseBool(value)
		return arg == "--json" || given && err == nil && wanted
	})
}

// exitCodesTopic is `rostrum help exit-codes`.
func exitCodesTopic() *cobra.Command {
	return &cobra.Command{
		Use:   "exit-codes",
		Short: "What a command's exit code says",
		Long: `Every command ends with one of these exit codes:

    0  done; of doctor: nothing has failed, though there may be warnings
    1  failed
    2  used wrongly: an unknown command, flag or value, or a configuration that is not valid
    3  the server refused, or is not the one that was meant, and trying again does not help:
       the token, the room, the stream, the certificate
    4  the server is away, or refuses for now: try again later
  130  interrupted by Ctrl+C; a server stops then as it should, and ends with 0

The reason is told on the standard error. With --json it is one line of JSON there,
{"error": "...", "code": "...", "exit": N}, whose code is a word to rely on: usage,
configuration, unreachable, untrusted, contract, no_media, ended, lost, disk,
nothing_received, failed, or the code of the server's refusal, such as room_busy.
The standard output has results alone.`,
	}
}

// exitCodesOf is the line that a command's help has of them.
func exitCodesOf(cmd *cobra.Command) string {
	switch {
	case cmd.GroupID == clientGroup.ID && cmd.Name() != "bench":
		return "0 done, 1 failed, 2 used wrongly, 3 refused, 4 the server is away or refuses for now, 130 interrupted"
	case cmd.Name() == "doctor":
		return "0 nothing has failed, 1 something has, 2 used wrongly, 130 interrupted"
	case serves(cmd):
		return "0 stopped as asked, 1 failed, 2 used wrongly or not configured well"
	default:
		return "0 done, 1 failed, 2 used wrongly, 130 interrupted"
	}
}
