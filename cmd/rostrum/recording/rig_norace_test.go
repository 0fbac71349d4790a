//go:build !race

package recording

// buildFlags build the server as the tests were built.
var buildFlags []string
