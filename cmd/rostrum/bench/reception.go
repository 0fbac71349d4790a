package bench

import "github.com/pion/rtcp"

// reception counts the packets of one track by their clear headers. The zero value has received nothing.
type reception struct {
	ssrc    uint32
	begun   bool
	first   uint64 // extended sequence number (RFC 3550 §A.1) of the first packet, from 65536
	highest uint64
	seen    uint64 // bit i: highest - i has come
	packets uint64 // distinct ones

	reportedExpected, reportedPackets uint64 // as of the last report
}

// count takes a packet, and reports whether it is no duplicate of one of the last 64. Another SSRC begins anew, its packets on top.
func (r *reception) count(ssrc uint32, sequence uint16) bool {
	if !r.begun || ssrc != r.ssrc {
		start := uint64(sequence) + 1<<16
		*r = reception{ssrc: ssrc, begun: true, first: start, highest: start, seen: 1, packets: r.packets + 1, reportedPackets: r.packets}
		return true
	}
	switch ahead := int16(sequence - uint16(r.highest)); { //nolint:gosec // modulo 65536, both (RFC 3550 §A.1)
	case ahead > 0:
		r.highest += uint64(ahead)
		r.seen = r.seen<<uint(ahead) | 1
	case ahead > -64:
		bit := uint64(1) << uint(-ahead)
		if r.seen&bit != 0 {
			return false
		}
		r.seen |= bit
	}
	r.packets++
	return true
}

// rollovers is how often the sequence number has passed 65535 since the first packet.
func (r *reception) rollovers() uint32 { return uint32(r.highest>>16 - 1) }

// report is a report block about what came since the last one (RFC 3550 §6.4.1); not ok before the first packet.
func (r *reception) report() (_ rtcp.ReceptionReport, ok bool) {
	if !r.begun {
		return rtcp.ReceptionReport{}, false
	}
	expected := r.highest - r.first + 1
	came, meant := r.packets-r.reportedPackets, expected-r.reportedExpected
	block := rtcp.ReceptionReport{SSRC: r.ssrc, LastSequenceNumber: uint32(r.highest - 1<<16)} //nolint:gosec // modulo 2^32
	if meant > came {
		block.FractionLost = uint8((meant - came) << 8 / meant) //nolint:gosec // less than 256 of 256
		block.TotalLost = uint32(meant - came)                  //nolint:gosec // see there
	}
	r.reportedExpected, r.reportedPackets = expected, r.packets
	return block, true
}
