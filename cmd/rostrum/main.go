// Command rostrum is a WHIP ingest and WHEP fan-out server, and a WHIP client to
// try it with.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"rostrum/cmd/rostrum/bench"
	"rostrum/cmd/rostrum/publish"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := rootCommand().ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "rostrum:", err)
		os.Exit(1)
	}
}

// rootCommand is the command line. Without a subcommand it serves.
func rootCommand() *cobra.Command {
	serve := serveCommand()
	root := &cobra.Command{
		Use:           "rostrum",
		Short:         "A WHIP ingest and WHEP fan-out server",
		Long:          "Rostrum takes one WebRTC stream into a room by WHIP and hands it to any number of viewers by WHEP.\nWithout a command it serves; everything has a default, and a first token is made up for you.",
		Example:       "  rostrum\n  rostrum --http.addr :9000 --log.level debug\n  rostrum publish --demo demo",
		Args:          cobra.NoArgs,
		RunE:          serve.RunE,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.Flags().AddFlagSet(serve.Flags())
	root.AddCommand(serve, publish.Command(), tokenCommand(), migrateCommand(), bench.Command(), configCommand(), openapiCommand())
	return root
}
