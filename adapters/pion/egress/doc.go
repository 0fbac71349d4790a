// Package egress is the last step on the way to a subscriber: it seals RTP and RTCP
// as SRTP and sends them.
//
// An Outlet is one subscriber's connection: its keys, and where it is reached now. A
// Sender numbers and seals one leg's packets for it. A Lane is one worker's way to
// the network: senders seal straight into its buffer, encryption being the only copy
// that a packet is given, and the lane sends what has gathered there in few system
// calls: packets of equal size to one subscriber as one message that the kernel or
// the network card segments (UDP_SEGMENT), several messages a sendmmsg.
//
// Per subscriber and packet there is no lock, map look-up, allocation or closure in
// the AES-GCM profiles. Other profiles are sealed by pion, under a lock.
package egress
