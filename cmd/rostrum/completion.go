package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rostrum/domain"
)

// choices are the flags whose values are some words.
var choices = map[string][]string{
	"log.level":         {"debug", "info", "warn", "error"},
	"log.format":        {"text", "json"},
	"history.addresses": {"whole", "network", "none"},
	"action":            {string(domain.ActionPublish), string(domain.ActionPlay), string(domain.ActionAdmin)},
	"spec":              specs,
	"format":            formats,
}

// files are the flags that name a file, and what such a file's name ends with; none is any.
var files = map[string][]string{
	"config":             {"yaml", "yml"},
	"key":                {"pem", "key"},
	"out":                {"mp4", "webm"},
	"http.tls_cert":      {"pem", "crt"},
	"http.tls_key":       {"pem", "key"},
	"auth.token_file":    nil,
	"auth.jwt.key_files": {"pem", "pub", "crt"},
}

// directory is the flag that names one.
const directory = "recording.dir"

// completeValues has a shell complete what a command is given. Where nothing is known that
// fits, it offers nothing: left alone, shells offer files everywhere.
func completeValues(cmd *cobra.Command) {
	if cmd.ValidArgsFunction == nil {
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		// What fails is registered already: the flags of serve are the root's as well, and some commands know better.
		switch ends, isFile := files[f.Name]; {
		case isFile:
			_ = cmd.MarkFlagFilename(f.Name, ends...)
		case f.Name == directory:
			_ = cmd.MarkFlagDirname(f.Name)
		default:
			_ = cmd.RegisterFlagCompletionFunc(f.Name, cobra.FixedCompletions(choices[f.Name], cobra.ShellCompDirectiveNoFileComp))
		}
	})
}
