//go:build race

package conformance

// buildFlags build the server as the tests were built: its races are found too.
var buildFlags = []string{"-race"}
