// Package draining holds the tests of how the server stops, from outside: they build it,
// fill it with real clients, ask it to stop by the signals that operators, systemd and
// Kubernetes send, and look at what everybody gets to see meanwhile, how it exits, and what
// became of the recordings.
package draining
