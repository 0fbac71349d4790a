package socket

import (
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// parseControl reads what the kernel tells of a message in its control messages:
// the length of the packets that it joined (UDP_GRO), and how many it has dropped on
// this socket so far (SO_RXQ_OVFL). Each is 0 where it says nothing. It takes any
// bytes.
func parseControl(oob []byte) (segment int, dropped uint32) {
	for len(oob) >= unix.SizeofCmsghdr {
		header, data, rest, err := unix.ParseOneSocketControlMessage(oob)
		if err != nil {
			break
		}
		oob = rest
		if len(data) < 4 {
			continue
		}
		value := binary.NativeEndian.Uint32(data)
		switch {
		case header.Level == unix.IPPROTO_UDP && header.Type == unix.UDP_GRO && value <= maxMessage:
			segment = int(value)
		case header.Level == unix.SOL_SOCKET && header.Type == unix.SO_RXQ_OVFL:
			dropped = value
		}
	}
	return segment, dropped
}
