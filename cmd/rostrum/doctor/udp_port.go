package doctor

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"rostrum/adapters/pion/transport"
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
		places, err := transport.Addresses("webrtc.udp_addr", cfg.UDPAddr)
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
