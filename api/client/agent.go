package client

import (
	"runtime/debug"
	"strings"
)

const module = "rostrum"

// userAgent names this client and its version.
func userAgent() string { return "rostrum-client/" + version() }

// version is that of the module which this package is a part of, be it the program's own
// or one that the program requires.
func version() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	found := build.Main
	for _, required := range build.Deps {
		if required.Path == module {
			found = *required
		}
	}
	if found.Path != module || found.Version == "" || strings.HasPrefix(found.Version, "(") {
		return "devel"
	}
	return strings.TrimPrefix(found.Version, "v")
}
