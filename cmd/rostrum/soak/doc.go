// Package soak runs the program for a long time with real clients: a publisher, a
// pion subscriber that looks at every packet, and a Chromium that watches. It is
// tests alone, behind the build tag soak, and "make soak" runs it; the variable SOAK
// says for how long, one minute where it is not set.
package soak
