package api

import (
	"net"
	"net/netip"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// clientAddress returns what a request is counted by: the address that it comes from,
// an IPv6 address as its /64, which one customer has whole.
func (s *service) clientAddress(ctx huma.Context) string {
	address, said := s.remoteAddress(ctx)
	if !address.IsValid() {
		return said
	}
	return block(address)
}

// remoteAddress returns the address that a request comes from: its connection's, or
// where that is a trusted proxy's the nearest one of X-Forwarded-For that is not. What
// is no address is returned as it is said.
func (s *service) remoteAddress(ctx huma.Context) (address netip.Addr, said string) {
	r, _ := humago.Unwrap(ctx)
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, r.RemoteAddr
	}
	address, err = netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}, host
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.trusted(address); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break // what stands beyond it may be made up
		}
		address = hop
	}
	return address, address.String()
}

func (s *service) trusted(address netip.Addr) bool {
	for _, p := range s.proxies {
		if p.Contains(address.Unmap().WithZone("")) {
			return true
		}
	}
	return false
}

func block(address netip.Addr) string {
	address = address.Unmap().WithZone("")
	if address.Is4() {
		return address.String()
	}
	prefix, err := address.Prefix(64)
	if err != nil {
		return address.String()
	}
	return prefix.String()
}
