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
	"github.com/pion/webrtc/v4"
)

// Buffers of sockets. The kernel may give a UDP socket less; a TCP connection that
// is slow loses what is more.
const (
	udpBuffer = 4 << 20 // bytes, each direction
	tcpBuffer = 1 << 20 // bytes of writes that wait, for each connection
	tcpQueue  = 64      // packets read ahead
)

// sockets are what all sessions share: one UDP port, and one TCP port for networks
// without UDP. There is a socket for each address of this machine, so that an
// answer leaves from where its question came in.
type sockets struct {
	udp    ice.UDPMux
	tcp    ice.TCPMux   // nil: no ICE-TCP
	ips    []netip.Addr // that TCP listens on
	closer []func() error
	public []string // announced instead of this machine's own addresses
}

// listen opens the sockets. Where an address of config names no host they are on
// every address of this machine, IPv4 before IPv6; loopback addresses are left out
// where there are others.
func listen(config Config, logger logging.LeveledLogger) (*sockets, error) {
	s := &sockets{public: config.PublicIPs}
	if err := s.listenUDP(config.UDPAddr, logger); err != nil {
		return nil, errors.Join(err, s.close())
	}
	if config.TCPAddr == "" {
		return s, nil
	}
	if err := s.listenTCP(config.TCPAddr, logger); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *sockets) listenUDP(addr string, logger logging.LeveledLogger) error {
	places, err := addresses("webrtc.udp_addr", addr)
	if err != nil {
		return err
	}
	var muxes []ice.UDPMux
	for _, place := range places {
		conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(place))
		if err != nil {
			return fmt.Errorf("webrtc.udp_addr: %s cannot be opened (is another server using it?): %w", place, err)
		}
		_ = conn.SetReadBuffer(udpBuffer)  // a smaller one works,
		_ = conn.SetWriteBuffer(udpBuffer) // with less room for bursts
		mux := ice.NewUDPMuxDefault(ice.UDPMuxParams{Logger: logger, UDPConn: conn})
		muxes = append(muxes, mux)
		s.closer = append(s.closer, mux.Close)
	}
	s.udp = ice.NewMultiUDPMuxDefault(muxes...)
	return nil
}

func (s *sockets) listenTCP(addr string, logger logging.LeveledLogger) error {
	places, err := addresses("webrtc.tcp_addr", addr)
	if err != nil {
		return err
	}
	var muxes []ice.TCPMux
	for _, place := range places {
		listener, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(place))
		if err != nil {
			return fmt.Errorf("webrtc.tcp_addr: %s cannot be opened (is another server using it?): %w", place, err)
		}
		s.ips = append(s.ips, place.Addr())
		mux := ice.NewTCPMuxDefault(ice.TCPMuxParams{Listener: listener, Logger: logger, ReadBufferSize: tcpQueue, WriteBufferSize: tcpBuffer})
		muxes = append(muxes, mux)
		s.closer = append(s.closer, mux.Close)
	}
	s.tcp = ice.NewMultiTCPMuxDefault(muxes...)
	return nil
}

// apply has a session use the sockets.
func (s *sockets) apply(setting *webrtc.SettingEngine) error {
	setting.SetICEUDPMux(s.udp)
	setting.SetIncludeLoopbackCandidate(true) // where the sockets are is decided by listen
	networks := []webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6}
	if s.tcp != nil {
		setting.SetICETCPMux(s.tcp)
		setting.DisableActiveTCP(true)             // clients connect to us
		setting.SetIPFilter(func(ip net.IP) bool { // pion would announce every address of the machine
			addr, ok := netip.AddrFromSlice(ip)
			return ok && slices.Contains(s.ips, addr.Unmap())
		})
		networks = append(networks, webrtc.NetworkTypeTCP4, webrtc.NetworkTypeTCP6)
	}
	setting.SetNetworkTypes(networks)
	if len(s.public) == 0 {
		return nil
	}
	return setting.SetICEAddressRewriteRules(webrtc.ICEAddressRewriteRule{External: s.public, AsCandidateType: webrtc.ICECandidateTypeHost})
}

// close closes every socket.
func (s *sockets) close() error {
	var errs []error
	for _, c := range s.closer {
		errs = append(errs, c())
	}
	return errors.Join(errs...)
}

// addresses returns where to listen for what the operator gave under key.
func addresses(key, addr string) ([]netip.AddrPort, error) {
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
