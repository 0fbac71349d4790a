package transport

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/pion/dtls/v3/pkg/crypto/selfsign"
	"github.com/pion/ice/v4"
	iface "github.com/pion/transport/v5"
	"github.com/pion/transport/v5/stdnet"

	"rostrum/adapters/pion/socket"
)

// Buffers of sockets, in bytes. The kernel may give a UDP socket less; a TCP
// connection that is slow loses what is more.
const (
	UDPBuffer = 8 << 20 // each direction: what comes while a big room is being sent to waits there
	tcpBuffer = 1 << 20 // of writes that wait, for each connection
	tcpQueue  = 64      // packets read ahead
)

// Config says where media comes in.
type Config struct {
	// UDPAddr is the UDP port of all sessions, ":8189", or with an address of this
	// machine the port there alone. TCPAddr is the TCP port for networks without
	// UDP (RFC 6544). One of them may be empty: none.
	UDPAddr, TCPAddr string

	// PublicIPs are announced instead of this machine's own addresses, which are
	// behind a NAT that forwards the ports.
	PublicIPs []string

	Log *slog.Logger
}

// Network is what all connections share: one UDP port, one TCP port for networks
// without UDP, and a certificate for the life of the process. There is a socket for
// each address of this machine, so that an answer leaves from where its question
// came in.
type Network struct {
	sockets     []*socket.Socket
	places      []netip.AddrPort // of sockets
	udp         ice.UDPMux       // nil: no UDP
	tcp         ice.TCPMux       // nil: no ICE-TCP
	tcpIPs      []netip.Addr     // that TCP listens on
	public      []string         // announced instead of this machine's own addresses
	interfaces  iface.Net
	certificate tls.Certificate
	log         *slog.Logger
	closers     []func() error
}

// Listen opens the sockets. Where an address of config names no host they are on
// every address of this machine, IPv4 before IPv6; loopback addresses are left out
// where there are others.
func Listen(config Config) (*Network, error) {
	n := &Network{public: config.PublicIPs, log: config.Log}
	if err := n.listen(config); err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return n, nil
}

func (n *Network) listen(config Config) error {
	if err := n.sign(); err != nil {
		return fmt.Errorf("make a certificate: %w", err)
	}
	interfaces, err := stdnet.NewNet()
	if err != nil {
		return fmt.Errorf("this machine's networks cannot be listed: %w", err)
	}
	n.interfaces = interfaces
	if config.UDPAddr == "" && config.TCPAddr == "" {
		return errors.New("webrtc.udp_addr and webrtc.tcp_addr are both empty: give one of them, or media has no way in")
	}
	if config.UDPAddr != "" {
		if err := n.listenUDP(config.UDPAddr); err != nil {
			return err
		}
	}
	if config.TCPAddr != "" {
		return n.listenTCP(config.TCPAddr)
	}
	return nil
}

// sign makes the certificate that all sessions show.
func (n *Network) sign() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	n.certificate, err = selfsign.SelfSign(key)
	return err
}

func (n *Network) listenUDP(addr string) error {
	places, err := Addresses("webrtc.udp_addr", addr)
	if err != nil {
		return err
	}
	var muxes []ice.UDPMux
	for _, place := range places {
		s, err := socket.Listen(place, UDPBuffer, UDPBuffer)
		if err != nil {
			return fmt.Errorf("webrtc.udp_addr: %s cannot be opened (is another server using it?): %w", place, err)
		}
		mux := ice.NewUDPMuxDefault(ice.UDPMuxParams{Logger: pionLogger{n.log, "ice"}, UDPConn: s})
		muxes = append(muxes, mux)
		n.sockets, n.places = append(n.sockets, s), append(n.places, netip.MustParseAddrPort(s.LocalAddr().String()))
		n.closers = append(n.closers, mux.Close)
	}
	n.udp = ice.NewMultiUDPMuxDefault(muxes...)
	if len(n.public) > 0 && n.severalOfAFamily() {
		n.log.Warn("only the first address is reached from outside: give webrtc.udp_addr the one that the NAT forwards to", "addresses", n.places)
	}
	return nil
}

// severalOfAFamily reports whether there are sockets that pion announces no candidate
// of behind a public address: it makes one a family.
func (n *Network) severalOfAFamily() bool {
	families := map[bool]int{}
	for _, place := range n.places {
		families[place.Addr().Is4()]++
	}
	return families[true] > 1 || families[false] > 1
}

func (n *Network) listenTCP(addr string) error {
	places, err := Addresses("webrtc.tcp_addr", addr)
	if err != nil {
		return err
	}
	var muxes []ice.TCPMux
	for _, place := range places {
		listener, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(place))
		if err != nil {
			return fmt.Errorf("webrtc.tcp_addr: %s cannot be opened (is another server using it?): %w", place, err)
		}
		n.tcpIPs = append(n.tcpIPs, place.Addr())
		mux := ice.NewTCPMuxDefault(ice.TCPMuxParams{Listener: listener, Logger: pionLogger{n.log, "ice"}, ReadBufferSize: tcpQueue, WriteBufferSize: tcpBuffer})
		muxes = append(muxes, mux)
		n.closers = append(n.closers, mux.Close)
	}
	n.tcp = ice.NewMultiTCPMuxDefault(muxes...)
	return nil
}

// options has an ICE agent use the network.
func (n *Network) options(checks time.Duration) []ice.AgentOption {
	var types []ice.NetworkType
	options := []ice.AgentOption{
		ice.WithNet(n.interfaces),
		ice.WithIncludeLoopback(), // where the sockets are is decided by Listen
		ice.WithCandidateTypes([]ice.CandidateType{ice.CandidateTypeHost}),
		ice.WithMulticastDNSMode(ice.MulticastDNSModeDisabled),
		ice.WithLoggerFactory(loggerFactory{n.log}),
		ice.WithDisconnectedTimeout(iceQuiet),
		ice.WithFailedTimeout(icePatience - iceQuiet),
		ice.WithKeepaliveInterval(checks),
	}
	if n.udp != nil {
		types = append(types, ice.NetworkTypeUDP4, ice.NetworkTypeUDP6)
		options = append(options, ice.WithUDPMux(n.udp))
	}
	if n.tcp != nil {
		types = append(types, ice.NetworkTypeTCP4, ice.NetworkTypeTCP6)
		options = append(options,
			ice.WithTCPMux(n.tcp),
			ice.WithDisableActiveTCP(), // clients connect to us
			ice.WithIPFilter(func(ip net.IP) bool { // pion would announce every address of the machine
				addr, ok := netip.AddrFromSlice(ip)
				return ok && slices.Contains(n.tcpIPs, addr.Unmap())
			}))
	}
	if len(n.public) > 0 {
		options = append(options, ice.WithAddressRewriteRules(ice.AddressRewriteRule{External: n.public, AsCandidateType: ice.CandidateTypeHost}))
	}
	return append(options, ice.WithNetworkTypes(types))
}

// Certificate returns what this side shows in every handshake, in DER.
func (n *Network) Certificate() []byte { return n.certificate.Certificate[0] }

// Sockets returns the UDP sockets. They belong to the network.
func (n *Network) Sockets() []*socket.Socket { return n.sockets }

// Close closes every socket. All connections must have been closed before.
func (n *Network) Close() error {
	var errs []error
	for _, c := range n.closers {
		errs = append(errs, c())
	}
	return errors.Join(errs...)
}
