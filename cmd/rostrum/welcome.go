package main

import (
	"fmt"
	"io"

	"rostrum/cmd/rostrum/config"
	"rostrum/cmd/rostrum/progress"
)

// welcome tells whoever started the server how to go on: pages to open, settings
// to paste. A token that this start made up is shown once, to a person at a terminal: a
// journal keeps what is written to it. It is in auth.token_file as well.
func welcome(out io.Writer, cfg *config.Config, p *program) {
	url, fragment, token := p.http.url(), "", "your token"
	switch {
	case p.token != "" && progress.IsTerminal(out):
		fragment, token = "#token="+string(p.token), string(p.token)
	case cfg.Auth.Token != "" || len(cfg.Auth.Tokens) > 0:
	case cfg.Auth.JWT.On():
		token = "one that your identity provider has issued, or \"rostrum token\" makes"
	default:
		token = "the one in " + cfg.Auth.TokenFile
	}
	_, _ = fmt.Fprintf(out, `
Rostrum is ready at %[1]s

  See it work   rostrum publish --demo demo, then open the watch page
  Publish       %[1]s/publish/demo%[2]s
  Watch         %[1]s/watch/demo%[2]s
  API           %[1]s/docs

  OBS Studio, Settings, Stream:
    Service       WHIP
    Server        %[1]s/api/whip/publish/demo
    Bearer Token  %[3]s

`, url, fragment, token) // a closed standard output is no reason to stop
}
