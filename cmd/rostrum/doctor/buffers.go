package doctor

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/dustin/go-humanize"

	"rostrum/adapters/pion/socket"
	"rostrum/adapters/pion/transport"
)

// socketBuffers asks for them, as the server would.
func socketBuffers(context.Context) Result {
	s, err := socket.Listen(netip.MustParseAddrPort("127.0.0.1:0"), transport.UDPBuffer, transport.UDPBuffer)
	if err != nil {
		return fail(err.Error(), "See the system's log.")
	}
	stats := s.Stats()
	if err := s.Close(); err != nil {
		return fail(err.Error(), "See the system's log.")
	}
	return examineBuffers(stats.ReadBuffer.Granted, stats.WriteBuffer.Granted)
}

// examineBuffers is told 0 where the system does not say what it has granted.
func examineBuffers(read, write int) Result {
	seen := fmt.Sprintf("the system grants %s to receive and %s to send", humanize.IBytes(uint64(max(read, 0))), humanize.IBytes(uint64(max(write, 0))))
	switch {
	case read == 0 || write == 0:
		return ok("this system does not tell what it grants")
	case min(read, write) < transport.UDPBuffer:
		return warn(seen+": bursts of publishers, and to big rooms, can be lost",
			fmt.Sprintf("sysctl -w net.core.rmem_max=%[1]d net.core.wmem_max=%[1]d, and the same in /etc/sysctl.d/rostrum.conf.", transport.UDPBuffer))
	}
	return ok("%s", seen)
}
