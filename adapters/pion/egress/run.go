package egress

import "rostrum/adapters/pion/fanout"

const (
	// maxSegments and maxMessage are what one UDP_SEGMENT message may hold: as many
	// datagrams as every kernel takes, as many bytes as UDP over IPv4 carries.
	maxSegments = 64
	maxMessage  = 65_507

	// maxPadding is how much a packet is lengthened at most for its run to be of one
	// size. Senders that divide a frame evenly leave differences of a few bytes. A
	// message more costs as much as sealing and sending a packet more, lengthening one
	// a twentieth of that; 16 bytes are 1.3 % of a packet of the usual 1,200.
	maxPadding = 16
)

// run is how the first packets of a burst leave as one message: so many, all but the
// last with a payload of size bytes, padding included (RFC 3550 §5.1). The last is not
// longer, and never padded.
type run struct{ packets, size int }

// firstRun returns the longest run that a burst, which must not be empty, begins with.
// Packets are longer by overhead when sealed; they may be lengthened by padding.
// Taking the longest run again and again makes the fewest messages.
func firstRun(burst []*fanout.Packet, overhead, padding int) run {
	least := len(burst[0].Payload)
	most := least
	limit := min(len(burst), maxSegments)
	for n := 1; n < limit; n++ {
		size := len(burst[n].Payload)
		low, high := min(least, size), max(most, size)
		switch {
		case n*(high+overhead)+size+overhead > maxMessage:
			return run{n, most}
		case high-low <= padding:
			least, most = low, high
		case size < most:
			return run{n + 1, most}
		default:
			return run{n, most}
		}
	}
	return run{limit, most}
}
