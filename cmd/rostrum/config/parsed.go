package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"path"
	"strings"

	"rostrum/domain"
)

// Proxies returns the trusted proxies, an address as the prefix that holds it alone.
// IPv4 is never given in its IPv6 form: unmap an address before comparing it.
func (h HTTP) Proxies() []netip.Prefix {
	var prefixes []netip.Prefix
	for _, text := range h.TrustedProxies {
		if prefix, err := parseProxy(text); err == nil {
			prefixes = append(prefixes, prefix)
		}
	}
	return prefixes
}

func parseProxy(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
		return addr.Unmap().Prefix(addr.Unmap().BitLen())
	}
	prefix, err := netip.ParsePrefix(text)
	if err != nil || prefix.Addr().Is4In6() {
		return netip.Prefix{}, fmt.Errorf("must be an IP address or a CIDR such as 10.0.0.0/8, not %q", text)
	}
	return prefix.Masked(), nil
}

// checkAnonymous makes sure that an entry is ACTION:ROOMS and no administrator's.
func checkAnonymous(entry string) error {
	name, glob, _ := strings.Cut(entry, ":")
	action, known := domain.ParseAction(name)
	switch {
	case action == domain.ActionAdmin:
		return errors.New("must not let anybody administer; make a token with the action admin in auth.tokens")
	case !known || glob == "":
		return fmt.Errorf("must be publish:ROOMS or play:ROOMS such as \"play:*\", not %q", entry)
	}
	return checkGlob(glob)
}

func checkGlob(glob string) error {
	if _, err := path.Match(glob, ""); err != nil || glob == "" {
		return fmt.Errorf("must be a room name or a glob such as studio-*, not %q", glob)
	}
	return nil
}

// Slog returns the level as log/slog names it.
func (l Log) Slog() slog.Level {
	var level slog.Level
	_ = level.UnmarshalText([]byte(l.Level)) // of a valid configuration: never fails
	return level
}
