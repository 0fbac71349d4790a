package socket

import "net/netip"

// maxMessage is the longest message that the kernel gives: a whole UDP packet, or
// as many as UDP_GRO joins.
const maxMessage = 1 << 16

// message is what the kernel gave as one: a packet, or several of one sender.
type message struct {
	from    netip.AddrPort
	data    []byte // what next has not taken yet
	segment int    // length of each packet but the last, which may be shorter; 0: there is one
	dropped uint32 // packets that the kernel has dropped so far; 0: it does not say
}

// joined is whether there are several packets, or were before the first next.
func (m *message) joined() bool { return m.segment > 0 && m.segment < len(m.data) }

// next takes the first packet that is left, and is nil when none is. Packets are
// parts of data and cannot grow into each other. An empty one, of which UDP knows,
// is no packet: it means nothing to ICE, DTLS or RTP.
func (m *message) next() []byte {
	n := len(m.data)
	if n == 0 {
		return nil
	}
	if m.segment > 0 {
		n = min(n, m.segment)
	}
	packet := m.data[:n:n]
	m.data = m.data[n:]
	return packet
}

// datagram is a packet that is read by ReadFromAddrPort.
type datagram struct {
	packet []byte
	from   netip.AddrPort
}

// isMedia is whether a packet is RTP or RTCP by its first byte (RFC 7983, 7).
func isMedia(packet []byte) bool { return packet[0] >= 128 && packet[0] <= 191 }

// key is the one form of an address: IPv4 is IPv4, also on a socket of both, and the
// zone of a link-local address is left out, since a socket on one hears one link.
func key(addr netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(addr.Addr().Unmap().WithZone(""), addr.Port())
}
