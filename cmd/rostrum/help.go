package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rostrum/cmd/rostrum/config"
)

// helpWidth is how long a line of help may be.
const helpWidth = 110

// helpCommand is cobra's, but refuses what it has no help for.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Explain a command, or the exit codes",
		Example: "  rostrum help publish\n  rostrum help migrate up\n  rostrum help exit-codes",
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil {
				return err
			}
			if err := noSuchCommand(about, rest); err != nil {
				return err
			}
			about.InitDefaultHelpFlag()
			about.InitDefaultVersionFlag()
			return about.Help()
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []string
			for _, below := range about.Commands() {
				if !below.Hidden {
					names = append(names, cobra.CompletionWithDesc(below.Name(), below.Short))
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
}

// printUsage writes what help says after the description: how to write it, examples,
// commands, flags, exit codes.
func printUsage(cmd *cobra.Command) error {
	var text strings.Builder
	text.WriteString("Usage:\n")
	if cmd.Runnable() && !hasOnlySubcommands(cmd) {
		fmt.Fprintf(&text, "  %s\n", cmd.UseLine())
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&text, "  %s COMMAND\n", cmd.CommandPath())
	}
	if cmd.Example != "" {
		fmt.Fprintf(&text, "\nExamples:\n%s\n", cmd.Example)
	}
	writeCommands(&text, cmd)
	writeFlags(&text, cmd)
	fmt.Fprintf(&text, "\nExit codes: %s (\"rostrum help exit-codes\")\n", exitCodesOf(cmd))
	_, err := io.WriteString(cmd.OutOrStderr(), text.String())
	return err
}

// hasOnlySubcommands reports whether a command does nothing without one.
func hasOnlySubcommands(cmd *cobra.Command) bool {
	return cmd.HasParent() && cmd.HasAvailableSubCommands()
}

func writeCommands(text *strings.Builder, cmd *cobra.Command) {
	groups := cmd.Groups()
	if len(groups) == 0 && cmd.HasAvailableSubCommands() {
		groups = []*cobra.Group{{Title: "Commands"}}
	}
	for _, group := range groups {
		fmt.Fprintf(text, "\n%s:\n", group.Title)
		for _, below := range cmd.Commands() {
			if below.GroupID == group.ID && (below.IsAvailableCommand() || below.Name() == "help") {
				fmt.Fprintf(text, "  %-*s  %s\n", below.NamePadding(), below.Name(), below.Short)
			}
		}
	}
}

// writeFlags lists the flags that are a command's own. Those of the configuration are many,
// and the same for all commands: serve has the list.
func writeFlags(text *strings.Builder, cmd *cobra.Command) {
	own, settings := pflag.NewFlagSet("", pflag.ContinueOnError), pflag.NewFlagSet("", pflag.ContinueOnError)
	config.Flags(settings)
	configured := false
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if settings.Lookup(f.Name) == nil {
			own.AddFlag(f)
		} else {
			configured = true
		}
	})
	fmt.Fprintf(text, "\nFlags:\n%s", own.FlagUsagesWrapped(helpWidth))
	switch {
	case configured && cmd.Name() == "serve":
		fmt.Fprintf(text, "\nConfiguration (each key can be given in the environment and in a file as well):\n%s", settings.FlagUsagesWrapped(helpWidth))
	case configured:
		text.WriteString("\nConfiguration: --config FILE, ROSTRUM_CONFIG, and every other flag that \"rostrum serve --help\" lists\n")
	}
}
