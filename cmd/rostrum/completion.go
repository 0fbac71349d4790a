package main

import (
	"github.com/spf13/cobra"

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

// files are the flags that name a file, and what such a file's name ends with.
var files = map[string][]string{
	"config":        {"yaml", "yml"},
	"key":           {"pem", "key"},
	"http.tls_cert": {"pem", "crt"},
	"http.tls_key":  {"pem", "key"},
}

// completeValues has a shell complete the values of a command's flags.
func completeValues(cmd *cobra.Command) {
	for name, words := range choices {
		if cmd.Flags().Lookup(name) != nil {
			// It fails for flags that are unknown or registered already: serve's are the root's as well.
			_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
		}
	}
	for name, ends := range files {
		if cmd.Flags().Lookup(name) != nil {
			_ = cmd.MarkFlagFilename(name, ends...) // likewise
		}
	}
}
