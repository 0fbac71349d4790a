package transport

import (
	"net/netip"
	"testing"

	"github.com/pion/ice/v4"
)

// Media goes by the socket that ICE uses, where that is known.
func TestPaths(t *testing.T) {
	const (
		private4, private6 = "192.0.2.2:8189", "[2001:db8::2]:8189"
		second4            = "198.51.100.2:8189"
	)
	for name, c := range map[string]struct {
		places        []string
		network       string
		local, remote string
		want          Path
	}{
		"the only socket":                   {[]string{private4}, "udp4", "192.0.2.2", "203.0.113.9", Path{Direct: true, Socket: 0}},
		"one of several":                    {[]string{private4, second4, private6}, "udp4", "198.51.100.2", "203.0.113.9", Path{Direct: true, Socket: 1}},
		"of IPv6":                           {[]string{private4, private6}, "udp6", "2001:db8::2", "2001:db8::9", Path{Direct: true, Socket: 1}},
		"a public address":                  {[]string{private4}, "udp4", "203.0.113.7", "203.0.113.9", Path{Direct: true, Socket: 0}},
		"a public address of one family":    {[]string{private4, private6}, "udp4", "203.0.113.7", "203.0.113.9", Path{Direct: true, Socket: 0}},
		"a public address of many":          {[]string{private6, private4, second4}, "udp4", "203.0.113.7", "203.0.113.9", Path{Direct: true, Socket: 1}},
		"TCP, on the address of the socket": {[]string{private4}, "tcp4", "192.0.2.2", "203.0.113.9", Path{}},
	} {
		t.Run(name, func(t *testing.T) {
			n := &Network{}
			for _, place := range c.places {
				n.places = append(n.places, netip.MustParseAddrPort(place))
			}
			if c.want.Direct {
				c.want.Remote = netip.AddrPortFrom(netip.MustParseAddr(c.remote), 4000)
			}
			pair := &ice.CandidatePair{Local: host(t, c.network, c.local, 8189), Remote: host(t, c.network, c.remote, 4000)}
			if got := n.pathOf(pair); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func host(t *testing.T, network, address string, port int) ice.Candidate {
	t.Helper()
	config := &ice.CandidateHostConfig{Network: network, Address: address, Port: port, Component: 1}
	if network == "tcp4" {
		config.TCPType = ice.TCPTypePassive
	}
	candidate, err := ice.NewCandidateHost(config)
	if err != nil {
		t.Fatal(err)
	}
	return candidate
}
