// Package privacy says how much of people is kept and told: of their addresses, and of texts
// that they make up.
package privacy

import (
	"net/netip"
	"strings"
	"unicode"
)

// Addresses says how much of clients' addresses is kept.
type Addresses string

// What is kept of an address.
const (
	WholeAddresses Addresses = "whole"
	Networks       Addresses = "network" // IPv4: its /24, IPv6: its /48
	NoAddresses    Addresses = "none"
)

// Of returns what is kept of an address. What is no address is kept where all is.
func (a Addresses) Of(address string) string {
	if a == WholeAddresses {
		return Clean(address)
	}
	ip, err := netip.ParseAddr(address)
	if err != nil || a != Networks {
		return ""
	}
	bits := 48
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		bits = 24
	}
	network, err := ip.Prefix(bits)
	if err != nil {
		return ""
	}
	return network.String()
}

// OfPair returns what is kept of a candidate pair, the last of which is the client's
// address.
func (a Addresses) OfPair(pair string) string {
	client := strings.LastIndexByte(pair, ' ') + 1
	return strings.TrimSpace(Clean(pair[:client]) + a.Of(pair[client:]))
}

// maxForeign is how much is kept of a text that a client has made up.
const maxForeign = 256

// Clean returns a foreign text as it can be kept and shown: no longer than 256, valid
// UTF-8, without control characters.
func Clean(foreign string) string {
	if len(foreign) > maxForeign {
		foreign = foreign[:maxForeign]
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(foreign, ""))
}
