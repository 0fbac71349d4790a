package bench

import (
	"encoding/binary"
	"time"
)

// A stamp is the last bytes of every payload: what it is recognized by, the packet's number within its track, and when it was
// handed to the kernel, in nanoseconds since 1970. It survives whatever a server does to headers.
const (
	stampSize  = 16
	stampMagic = 0x526f7374
)

func putStamp(payload []byte, number uint32, at time.Time) {
	stamp := payload[len(payload)-stampSize:]
	binary.BigEndian.PutUint32(stamp, stampMagic)
	binary.BigEndian.PutUint32(stamp[4:], number)
	binary.BigEndian.PutUint64(stamp[8:], uint64(at.UnixNano()))
}

// readStamp returns what putStamp wrote; not ok for the payload of somebody else.
func readStamp(payload []byte) (number uint32, at time.Time, ok bool) {
	if len(payload) < stampSize {
		return 0, time.Time{}, false
	}
	stamp := payload[len(payload)-stampSize:]
	if binary.BigEndian.Uint32(stamp) != stampMagic {
		return 0, time.Time{}, false
	}
	return binary.BigEndian.Uint32(stamp[4:]), time.Unix(0, int64(binary.BigEndian.Uint64(stamp[8:]))), true //nolint:gosec // as it was written
}
