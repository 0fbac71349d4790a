package egress

import (
	"encoding/binary"

	"rostrum/adapters/pion/fanout"
)

// Packet types of RTCP, and the item that names a source (RFC 3550 §12.1, §12.2).
const (
	senderReport      = 200
	sourceDescription = 202
	canonicalName     = 1
)

// cname is the same for all streams, so that players keep sound and picture together.
const cname = "rostrum"

// appendReport appends a compound packet to dst: a sender report without report
// blocks (RFC 3550 §6.4.1) and the source's name (§6.5).
func appendReport(dst []byte, r fanout.SenderReport) []byte {
	dst = append(dst, 2<<6, senderReport, 0, 6)
	dst = binary.BigEndian.AppendUint32(dst, r.SSRC)
	dst = binary.BigEndian.AppendUint64(dst, r.NTPTime)
	dst = binary.BigEndian.AppendUint32(dst, r.RTPTime)
	dst = binary.BigEndian.AppendUint32(dst, r.Packets)
	dst = binary.BigEndian.AppendUint32(dst, r.Octets)

	dst = append(dst, 2<<6|1, sourceDescription, 0, 4)
	dst = binary.BigEndian.AppendUint32(dst, r.SSRC)
	dst = append(dst, canonicalName, uint8(len(cname)))
	dst = append(dst, cname...)
	return append(dst, 0, 0, 0) // the list's end, up to a word
}
