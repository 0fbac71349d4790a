package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rostrum/cmd/rostrum/bench"
	"rostrum/cmd/rostrum/config"
	"rostrum/cmd/rostrum/doctor"
	"rostrum/cmd/rostrum/play"
	"rostrum/cmd/rostrum/publish"
	"rostrum/cmd/rostrum/usage"
)

// The groups that help lists commands in.
var (
	serverGroup = &cobra.Group{ID: "server", Title: "Server"}
	clientGroup = &cobra.Group{ID: "client", Title: "Clients of a server that runs"}
	moreGroup   = &cobra.Group{ID: "more", Title: "More"}
)

// rootCommand is the command line. Without a subcommand it serves.
func rootCommand(out, errOut io.Writer) *cobra.Command {
	serve := serveCommand()
	root := &cobra.Command{
		Use:   "rostrum",
		Short: "A WHIP ingest and WHEP fan-out server",
		Long: "Rostrum takes one WebRTC stream into a room by WHIP and hands it to any number of viewers by WHEP.\n" +
			"Without a command it serves; everything has a default, and a first token is made up for you.",
		Example:           "  rostrum\n  rostrum --http.addr :9000 --log.level debug\n  rostrum publish --demo demo",
		Version:           thisBuild().String(),
		Args:              noSuchCommand,
		RunE:              serve.RunE,
		PersistentPreRunE: checkFlagGroups,
		SilenceUsage:      true,
		SilenceErrors:     true,
	}
	root.SetOut(out)
	root.SetErr(errOut)
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.SetUsageFunc(printUsage)
	root.Flags().AddFlagSet(serve.Flags())
	root.AddGroup(serverGroup, clientGroup, moreGroup)
	add(root, serverGroup, serve, configCommand(), migrateCommand(), tokenCommand(), doctor.Command())
	add(root, clientGroup, publish.Command(), play.Command(), bench.Command())
	add(root, moreGroup, openapiCommand(), versionCommand())
	root.AddCommand(exitCodesTopic())
	root.SetHelpCommand(helpCommand())
	root.SetHelpCommandGroupID(moreGroup.ID)
	root.SetCompletionCommandGroupID(moreGroup.ID)
	root.InitDefaultCompletionCmd()
	everywhere(root, finish)
	return root
}

func add(root *cobra.Command, group *cobra.Group, commands ...*cobra.Command) {
	for _, cmd := range commands {
		cmd.GroupID = group.ID
		root.AddCommand(cmd)
	}
}

// everywhere does something for a command and all below it.
func everywhere(cmd *cobra.Command, do func(*cobra.Command)) {
	do(cmd)
	for _, below := range cmd.Commands() {
		everywhere(below, do)
	}
}

// finish has a command refuse what nobody has defined, and complete what can be.
func finish(cmd *cobra.Command) {
	cmd.SuggestionsMinimumDistance = 2
	if cmd.HasSubCommands() && !cmd.Runnable() {
		cmd.Args, cmd.RunE = noSuchCommand, whichCommand
	}
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error { return usage.Wrap(check(cmd, args)) }
	}
	completeValues(cmd)
}

// noSuchCommand is for arguments of a command that has none but its subcommands.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	text := fmt.Sprintf("unknown command %q for %q", args[0], cmd.CommandPath())
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		text += "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return usage.Errorf("%s", text)
}

// whichCommand is for a command that does nothing by itself.
func whichCommand(cmd *cobra.Command, _ []string) error {
	var names []string
	for _, below := range cmd.Commands() {
		if below.IsAvailableCommand() {
			names = append(names, below.Name())
		}
	}
	return usage.Errorf("say which: %s %s", cmd.CommandPath(), strings.Join(names, " | "))
}

// checkFlagGroups does what cobra does after it, so that it is told as wrong usage.
func checkFlagGroups(cmd *cobra.Command, _ []string) error {
	if err := cmd.ValidateRequiredFlags(); err != nil {
		return usage.Wrap(err)
	}
	return usage.Wrap(cmd.ValidateFlagGroups())
}

// flagError says of an unknown flag which one may have been meant. It leaves out what stood
// behind the flag, since that may be a token.
func flagError(cmd *cobra.Command, err error) error {
	unknown, ok := errors.AsType[*pflag.NotExistError](err)
	if !ok {
		return usage.Wrap(err)
	}
	if before := cmd.Flags().Args(); cmd.HasSubCommands() && len(before) > 0 {
		return noSuchCommand(cmd, before) // the flag is that command's
	}
	name, given := unknown.GetSpecifiedName(), "--"+unknown.GetSpecifiedName()
	if letters := unknown.GetSpecifiedShortnames(); letters != "" {
		name, _, _ = strings.Cut(letters, "=")
		given = "-" + unknown.GetSpecifiedName()
	}
	text := "unknown flag " + given
	if near := nearestFlag(cmd, name); near != "" {
		text += "; did you mean --" + near + "?"
	}
	return usage.Errorf("%s", text)
}

// nearestFlag returns the flag that name is the beginning of, else the one that is spelled
// most like it, "" for none.
func nearestFlag(cmd *cobra.Command, name string) string {
	var all, begin []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		all = append(all, f.Name)
		if strings.HasPrefix(f.Name, name) {
			begin = append(begin, f.Name)
		}
	})
	if len(begin) == 1 {
		return begin[0]
	}
	return config.Nearest(name, all)
}
