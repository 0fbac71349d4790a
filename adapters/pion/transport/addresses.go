package transport

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
)

// Addresses returns where Listen listens for what the operator gave under key: where no host
// is named, on every address of this machine, IPv4 before IPv6, loopback only where there is
// nothing else.
func Addresses(key, addr string) ([]netip.AddrPort, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("%s %q: %w", key, addr, err)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("%s %q: %q is no port number", key, addr, port)
	}
	ips := []netip.Addr{}
	if host == "" || host == "0.0.0.0" || host == "::" {
		if ips, err = ownAddresses(host == "0.0.0.0"); err != nil {
			return nil, err
		}
	} else {
		ip, err := netip.ParseAddr(host)
		if err != nil {
			return nil, fmt.Errorf("%s: %q is no IP address: give one of this machine's, or none for all of them", key, host)
		}
		ips = append(ips, ip)
	}
	places := make([]netip.AddrPort, len(ips))
	for i, ip := range ips {
		places[i] = netip.AddrPortFrom(ip, uint16(number))
	}
	return places, nil
}

// ownAddresses returns this machine's addresses, IPv4 before IPv6.
func ownAddresses(only4 bool) ([]netip.Addr, error) {
	own, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("this machine's addresses cannot be listed: %w", err)
	}
	var ips, loopback []netip.Addr
	for _, a := range own {
		prefix, err := netip.ParsePrefix(a.String())
		switch ip := prefix.Addr().Unmap(); {
		case err != nil || ip.IsLinkLocalUnicast() || only4 && ip.Is6():
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
