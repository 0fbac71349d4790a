//go:build !race

package rig

// buildFlags build the program as the tests were built.
var buildFlags []string
