package client

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// ErrServer matches what is wrong with what New was given.
var ErrServer = errors.New("this is no server to talk to")

// parseServer reads a server's address. What may be a secret is not repeated.
func parseServer(server string) (*url.URL, error) {
	address, err := url.Parse(server)
	switch {
	case err == nil && (address.User != nil || strings.ContainsAny(server, "?#")):
		return nil, fmt.Errorf("%w: its address must hold no user, token, query or fragment, because addresses are logged and listed: "+
			"give the token apart from it", ErrServer)
	case err != nil || address.Scheme != "http" && address.Scheme != "https" || address.Hostname() == "":
		return nil, fmt.Errorf("%w: its address must be like http://127.0.0.1:8080 or https://live.example.com%s", ErrServer, instead(server))
	}
	address.Path = strings.TrimRight(address.Path, "/")
	address.RawPath = strings.TrimRight(address.RawPath, "/")
	return address, nil
}

// instead repeats an address that cannot hold a secret.
func instead(server string) string {
	if len(server) > 100 || strings.ContainsAny(server, "@?#=") {
		return ""
	}
	return fmt.Sprintf(", not %q", server)
}

// checkToken refuses a token that no header can carry, which net/http would refuse less
// clearly with every request.
func checkToken(token string) error {
	for _, r := range token {
		if r <= ' ' || r > '~' {
			return fmt.Errorf("%w: the token has a space, a line break or another character that no token has: was it copied whole, and nothing else?", ErrServer)
		}
	}
	return nil
}

// sameOrigin reports whether a URL is answered by the same server as another.
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	default:
		return "80"
	}
}
