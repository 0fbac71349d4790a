// Package interop tries the server with the clients that people use: FFmpeg,
// Firefox, the WHIP and WHEP libraries of the npm registry, TURN relays, and
// networks that let only TCP through. It is tests alone, behind the build tag
// interop, and "make interop" runs it; docs/interop.md says what is needed and
// what was seen.
package interop
