//go:build race

package recording

// buildFlags build the server as the tests were built: its races are found too.
var buildFlags = []string{"-race"}
