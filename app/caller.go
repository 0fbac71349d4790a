package app

import (
	"net/netip"
	"strings"
	"time"
	"unicode"

	"rostrum/domain"
	"rostrum/ports"
)

// Caller is who asks for something: what it may do, from where it asks, and by which
// program.
type Caller struct {
	domain.Grant
	Address   string
	UserAgent string
}

// Addresses says how much of clients' addresses is kept.
type Addresses string

// What is kept of an address.
const (
	WholeAddresses Addresses = "whole"
	Networks       Addresses = "network" // IPv4: its /24, IPv6: its /48
	NoAddresses    Addresses = "none"
)

// of returns what is kept of an address. What is no address is kept where all is.
func (a Addresses) of(address string) string {
	if a == WholeAddresses {
		return clean(address)
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

// ofPair returns what is kept of a candidate pair, the last of which is the client's
// address.
func (a Addresses) ofPair(pair string) string {
	client := strings.LastIndexByte(pair, ' ') + 1
	return strings.TrimSpace(clean(pair[:client]) + a.of(pair[client:]))
}

// act returns the entry of the audit trail that says what the caller does to an object.
func (d *Database) act(by Caller, act, object, detail string) ports.AuditEntry {
	return ports.AuditEntry{
		At: time.Now().UTC(), Subject: domain.Subject(clean(string(by.Subject))), From: d.settings.Addresses.of(by.Address), Act: act, Object: clean(object), Detail: clean(detail),
	}
}

// maxForeign is how much is kept of a text that a client has made up.
const maxForeign = 256

// clean returns a foreign text as it can be kept and shown: no longer than 256, valid
// UTF-8, without control characters.
func clean(foreign string) string {
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
