package pion

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"

	"github.com/pion/ice/v4"
	"github.com/pion/logging"
)

// socketBuffer is what is asked of the kernel for each direction of a socket; it
// may give less.
const socketBuffer = 4 << 20

// listen opens the one UDP port that all sessions share, on the host of addr or,
// where addr names none, on every address of this machine (one socket an address,
// so that an answer leaves from where its question came in). IPv4 comes before
// IPv6; loopback addresses are left out where there are others.
func listen(addr string, logger logging.LeveledLogger) (ice.UDPMux, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("webrtc.udp_addr %q: %w", addr, err)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("webrtc.udp_addr %q: %q is no port number", addr, port)
	}
	ips, err := addresses(host)
	if err != nil {
		return nil, err
	}
	var muxes []ice.UDPMux
	for _, ip := range ips {
		conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(ip, uint16(number))))
		if err != nil {
			return nil, errors.Join(fmt.Errorf("webrtc.udp_addr: UDP port %s of %s cannot be opened (is another server using it?): %w", port, ip, err),
				ice.NewMultiUDPMuxDefault(muxes...).Close())
		}
		_ = conn.SetReadBuffer(socketBuffer)  // a smaller one works,
		_ = conn.SetWriteBuffer(socketBuffer) // with less room for bursts
		muxes = append(muxes, ice.NewUDPMuxDefault(ice.UDPMuxParams{Logger: logger, UDPConn: conn}))
	}
	return ice.NewMultiUDPMuxDefault(muxes...), nil
}

// addresses returns the IP addresses to listen on.
func addresses(host string) ([]netip.Addr, error) {
	if host != "" && host != "0.0.0.0" && host != "::" {
		ip, err := netip.ParseAddr(host)
		if err != nil {
			return nil, fmt.Errorf("webrtc.udp_addr: %q is no IP address: give one of this machine's, or none for all of them", host)
		}
		return []netip.Addr{ip}, nil
	}
	own, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("this machine's addresses cannot be listed: %w", err)
	}
	var ips, loopback []netip.Addr
	for _, a := range own {
		prefix, err := netip.ParsePrefix(a.String())
		switch ip := prefix.Addr().Unmap(); {
		case err != nil || ip.IsLinkLocalUnicast() || host == "0.0.0.0" && ip.Is6():
		case ip.IsLoopback():
			loopback = append(loopback, ip)
		default:
			ips = append(ips, ip)
		}
	}
	if len(ips) == 0 {
		ips = loopback
	}
	slices.SortStableFunc(ips, func(a, b netip.Addr) int { return a.BitLen() - b.BitLen() })
	return ips, nil
}
