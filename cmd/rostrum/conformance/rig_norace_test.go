//go:build !race

package conformance

// buildFlags build the server as the tests were built.
var buildFlags []string
