package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"

	"rostrum/adapters/pion/transport"
	"rostrum/cmd/rostrum/config"
)

// tcpPort listens where the server would, and connects to that.
func tcpPort(cfg config.WebRTC, now *instance) func(context.Context) Result {
	return func(ctx context.Context) Result {
		if cfg.TCPAddr == "" {
			return warn("webrtc.tcp_addr is empty: who is behind a firewall that lets no UDP through cannot take part", "Give webrtc.tcp_addr a port, such as :8189.")
		}
		places, err := transport.Addresses("webrtc.tcp_addr", cfg.TCPAddr)
		if err != nil {
			return fail(err.Error(), "Correct webrtc.tcp_addr.")
		}
		for _, place := range places {
			listener, err := new(net.ListenConfig).Listen(ctx, "tcp", place.String())
			if err != nil {
				return taken("webrtc.tcp_addr", "tcp", place.String(), err, now)
			}
			err = errors.Join(connect(ctx, listener.Addr().String()), listener.Close())
			if err != nil {
				return fail(fmt.Sprintf("%s is free, but nobody can connect to it: %v", place, errno(err)), allow(place.Port(), "tcp"))
			}
		}
		return ok("%s is free on %d addresses, and takes connections", cfg.TCPAddr, len(places))
	}
}

// connect opens a connection and closes it.
func connect(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return conn.Close()
}
