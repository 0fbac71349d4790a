// Package transport connects peers by pion's parts: an ICE agent over the sockets
// that all sessions share, DTLS over what ICE has found, and the SRTP keys that
// come of the handshake (RFC 8445, RFC 5764). Of media it knows where it comes in
// and nothing else: packets are handed on as they are, still encrypted.
//
// It stands where a PeerConnection would. docs/transport.md says what that saves.
package transport
