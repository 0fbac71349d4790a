// Package negotiation is offer and answer (RFC 3264, RFC 9429) without any
// connection: SDP in, SDP out. It holds no state and starts nothing; whoever calls
// it owns sockets, ICE and DTLS, and gives their facts to the answer.
//
// The way of a session: ParseOffer reads and checks the offer, PlanOutputs chooses
// what a subscriber is sent, Answer writes the answer. Afterwards ParseFragment reads
// what the peer trickles, and Fragment writes what its ICE restart is answered with.
package negotiation
