// Command rostrum is a WHIP ingest and WHEP fan-out server, the clients to try it with,
// and what an operator needs to look after it.
package main

import (
	"context"
	"io"
	"os"
)

func main() { os.Exit(execute(os.Args[1:], os.Stdout, os.Stderr)) }

// execute runs the command line until it is done or a signal ends it, and returns the exit
// code. Results go to out; errors, logs and how far it is to errOut.
func execute(args []string, out, errOut io.Writer) int {
	ctx, stop := untilSignal(context.Background())
	defer stop()
	root := rootCommand(out, errOut)
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	ended := outcomeOf(ctx, cmd, err)
	ended.tell(errOut, wantsJSON(args))
	return ended.exit
}
