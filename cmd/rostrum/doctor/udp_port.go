package doctor

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"rostrum/cmd/rostrum/config"
)

// datagramPatience is how long a datagram may take to its own machine.
const datagramPatience = 2 * time.Second

// udpPort binds the port on every address that the server would, and has a datagram go to
// each.
func udpPort(cfg config.WebRTC, now *instance) func(context.Context) Result {
	return func(ctx context.Context) Result {
		if cfg.UDPAddr == "" {
			return warn("webrtc.udp_addr is empty: media comes by TCP alone, and stutters where packets are lost", "Give webrtc.udp_addr a port, such as :8189.")
		}
		places, err := mediaAddresses(cfg.UDPAddr)
		if err != nil {
			return fail(err.Error(), "Correct webrtc.udp_addr.")
		}
		var reached []string
		for _, place := range places {
			socket, err := new(net.ListenConfig).ListenPacket(ctx, "udp", place.String())
			if err != nil {
				return taken("webrtc.udp_addr", "udp", place.String(), err, now)
			}
			to := socket.LocalAddr().String()
			err = errors.Join(carry(socket, to), socket.Close())
			if err != nil {
				return fail(fmt.Sprintf("%s is free, but a datagram to it does not arrive: %v", to, errno(err)), allow(place.Port(), "udp"))
			}
			reached = append(reached, to)
		}
		return ok("free, and a datagram arrives at %s", strings.Join(reached, ", "))
	}
}

// allow is what lets packets through a firewall on this machine.
func allow(port uint16, network string) string {
	return fmt.Sprintf("A firewall on this machine drops them: nft list ruleset shows it; let %s port %d in, for instance by ufw allow %d/%s.", network, port, port, network)
}

// carry has a datagram go from a socket of its own to an address that socket receives at.
func carry(socket net.PacketConn, to string) error {
	sender, err := new(net.Dialer).Dial("udp", to)
	if err != nil {
		return err
	}
	defer func() { _ = sender.Close() }() // nothing is left in it
	text := []byte("rostrum doctor " + rand.Text())
	if _, err := sender.Write(text); err != nil {
		return err
	}
	if err := socket.SetReadDeadline(time.Now().Add(datagramPatience)); err != nil {
		return err
	}
	for got := make([]byte, 128); ; {
		n, _, err := socket.ReadFrom(got)
		if err != nil || string(got[:n]) == string(text) {
			return err
		}
	}
}

// mediaAddresses are where the server listens for what the operator gave: on every address
// of this machine where no host is named, loopback only where there is nothing else.
func mediaAddresses(addr string) ([]netip.AddrPort, error) {
	host, text, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return nil, err
	}
	ips, err := ownAddresses()
	if host != "" {
		ip, wrong := netip.ParseAddr(host)
		if wrong != nil {
			return nil, wrong
		}
		if !ip.IsUnspecified() {
			ips, err = []netip.Addr{ip}, nil
		}
	}
	var places []netip.AddrPort
	for _, ip := range ips {
		if host != "0.0.0.0" || ip.Is4() {
			places = append(places, netip.AddrPortFrom(ip, uint16(port)))
		}
	}
	return places, err
}

// ownAddresses are this machine's, without those of one link, and loopback only where there
// is nothing else.
func ownAddresses() ([]netip.Addr, error) {
	own, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("this machine's addresses cannot be listed: %w", err)
	}
	var ips, loopback []netip.Addr
	for _, a := range own {
		prefix, err := netip.ParsePrefix(a.String())
		switch ip := prefix.Addr().Unmap(); {
		case err != nil || ip.IsLinkLocalUnicast():
		case ip.IsLoopback():
			loopback = append(loopback, ip)
		default:
			ips = append(ips, ip)
		}
	}
	if len(ips) == 0 {
		return loopback, nil
	}
	return ips, nil
}
