package doctor

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"rostrum/adapters/pion/transport"
	"rostrum/cmd/rostrum/config"
)

// announced looks at an address that clients are told. One that a NAT has can be seen from
// here only where the NAT turns packets round.
func announced(cfg config.WebRTC, text string) func(context.Context) Result {
	return func(ctx context.Context) Result {
		ip, err := netip.ParseAddr(text)
		if err != nil {
			return fail(err.Error(), "Correct webrtc.public_ips.")
		}
		own, err := transport.Addresses("", ":0")
		switch {
		case err != nil:
			return fail(err.Error(), "See ip -brief address.")
		case slices.ContainsFunc(own, func(place netip.AddrPort) bool { return place.Addr() == ip.Unmap() }):
			return ok("%s is this machine's own", ip)
		case returns(ctx, ip):
			return ok("%s is not this machine's own, but a datagram to it came back here: a NAT forwards to it", ip)
		}
		_, udp, _ := net.SplitHostPort(cfg.UDPAddr)
		_, tcp, _ := net.SplitHostPort(cfg.TCPAddr)
		return warn(fmt.Sprintf("%s is not this machine's own: a NAT has to forward UDP %s and TCP %s, which cannot be seen from here", ip, udp, tcp),
			fmt.Sprintf("Look from another network: nc -vz %s %s for TCP, and for UDP publish from there: rostrum publish --demo doctor --server URL.", ip, tcp))
	}
}

// returns reports whether a datagram to an address comes back to this machine. It goes from
// a socket of its own to that socket's port, since the server may have its own open.
func returns(ctx context.Context, ip netip.Addr) bool {
	socket, err := new(net.ListenConfig).ListenPacket(ctx, "udp", ":0")
	if err != nil {
		return false
	}
	defer func() { _ = socket.Close() }() // nothing is left in it
	_, port, err := net.SplitHostPort(socket.LocalAddr().String())
	return err == nil && carry(socket, net.JoinHostPort(ip.String(), port)) == nil
}
