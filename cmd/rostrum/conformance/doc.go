// Package conformance checks, from outside, that the server does what WHIP and WHEP
// ask of it: its tests build the binary, start it on ports of its own and speak
// plain HTTP, ICE, DTLS and SRTP to it. Each line of the requirements is a subtest;
// docs/conformance.md says which.
//
// Files that begin with rig_ are the tests' own clients: a server process, HTTP over
// net/http and over bare sockets, and a WebRTC client in which every packet is the
// test's to send or to hold back.
package conformance
