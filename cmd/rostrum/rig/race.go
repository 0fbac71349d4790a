//go:build race

package rig

// buildFlags build the program as the tests were built: its races are found too.
var buildFlags = []string{"-race"}
