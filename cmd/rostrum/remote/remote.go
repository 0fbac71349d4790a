// Package remote is what the commands have in common that talk to a server as anybody
// else does: which one, with what token, and what to do about its refusals.
package remote

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/pflag"

	"rostrum/api/client"
	"rostrum/cmd/rostrum/usage"
)

// Flags name a server and a token. Their help texts are the manual.
type Flags struct{ Server, Token string }

// TokenHelp tells where the token comes from, for the long help of commands.
const TokenHelp = "The token is taken from --token, else from ROSTRUM_TOKEN, else, for a server on this machine,\n" +
	"from data/token under the current directory. Prefer the environment: others can see a command line."

// Add adds the flags to a command's.
func (f *Flags) Add(set *pflag.FlagSet) {
	set.StringVar(&f.Server, "server", environment("ROSTRUM_SERVER", "http://127.0.0.1:8080"), "the server's address (ROSTRUM_SERVER)")
	set.StringVar(&f.Token, "token", "", "bearer token (ROSTRUM_TOKEN)")
}

func environment(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

// Client returns a client of the server. What the flags have wrong is a usage.Error.
func (f *Flags) Client() (*client.Client, error) {
	nobody, err := client.New(f.Server) // an address that is wrong is told before any token is looked for
	if err != nil {
		return nil, wrongServer(err)
	}
	token, err := f.findToken(nobody.Server())
	if err != nil {
		return nil, err
	}
	c, err := client.New(f.Server, client.Bearer(token))
	return c, wrongServer(err)
}

func wrongServer(err error) error {
	if err == nil {
		return nil
	}
	return usage.Errorf("--server (ROSTRUM_SERVER), with the token in ROSTRUM_TOKEN: %w", err)
}

// findToken looks where a token may be. The file is the one that a server on this machine
// wrote, and is meant for no other.
func (f *Flags) findToken(server string) (string, error) {
	if f.Token != "" {
		return f.Token, nil
	}
	if token := os.Getenv("ROSTRUM_TOKEN"); token != "" {
		return token, nil
	}
	if !loopback(server) {
		return "", nil
	}
	token, err := os.ReadFile(filepath.Join("data", "token"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("the local server's token can't be read (give it in ROSTRUM_TOKEN instead): %w", err)
	}
	return strings.TrimSpace(string(token)), nil
}

func loopback(server string) bool {
	u, err := url.Parse(server)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

var roomName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// CheckRoom refuses what is no room's name before anything is sent anywhere.
func CheckRoom(room string) error {
	if !roomName.MatchString(room) {
		return usage.Errorf("%q is not a room name: use 1 to 64 letters, digits, - and _", room)
	}
	return nil
}
