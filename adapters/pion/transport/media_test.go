package transport_test

import (
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pion/ice/v4"

	"rostrum/adapters/pion/transport"
)

// Media, as it is, reaches who handles it and the peer, by UDP and by TCP, and DTLS
// does not get it.
func TestMediaBothWays(t *testing.T) {
	network := listen(t)
	for name, c := range map[string]struct {
		networks []ice.NetworkType
		direct   bool
	}{
		"UDP": {overUDP, true},
		"TCP": {[]ice.NetworkType{ice.NetworkTypeTCP4}, false},
	} {
		t.Run(name, func(t *testing.T) {
			n, f := open(t, network), newFar(t, c.networks)
			connect(n, f, true)
			path := n.path()
			if path.Direct != c.direct {
				t.Fatalf("the path is %+v", path)
			}
			if c.direct && net.UDPAddrFromAddrPort(path.Remote).String() != f.conn.LocalAddr().String() {
				t.Errorf("media goes to %v, the peer is at %v", path.Remote, f.conn.LocalAddr())
			}
			if report := n.conn.Report(); !strings.HasPrefix(report.Pair, strings.ToLower(name)+" 127.0.0.1 ") {
				t.Errorf("the pair is %q", report.Pair)
			}
			checkIngress(n, f)
			checkEgress(n, f)
		})
	}
}

// checkIngress makes sure that what the peer sends arrives: the first and the last
// kind of packet that is media (RFC 7983 §7).
func checkIngress(n *near, f *far) {
	n.Helper()
	want := [][]byte{{128, 1, 2, 3}, {191, 200, 5, 6}}
	for _, packet := range want {
		if _, err := f.conn.Write(packet); err != nil {
			n.Fatal(err)
		}
	}
	await(n.T, "media comes", func() bool {
		n.mu.Lock()
		defer n.mu.Unlock()
		return len(n.received) == len(want)
	})
	n.mu.Lock()
	defer n.mu.Unlock()
	if !slices.EqualFunc(n.received, want, slices.Equal) {
		n.Errorf("%v came, want %v", n.received, want)
	}
	if v := n.conn.Vitals(); !v.Connected {
		n.Errorf("its vitals are %+v", v)
	}
}

// checkEgress makes sure that what is written arrives.
func checkEgress(n *near, f *far) {
	n.Helper()
	packet := []byte{128, 7, 8, 9}
	if _, err := n.conn.Write(packet); err != nil {
		n.Fatal(err)
	}
	select {
	case p := <-f.media:
		if !slices.Equal(p, packet) {
			n.Errorf("the peer got %v, want %v", p, packet)
		}
	case <-time.After(patience):
		n.Error("the peer got nothing")
	}
}

// Every address is a candidate with its port, and public ones stand for them.
func TestCandidates(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*transport.Config)
		want   []string
	}{
		"UDP and TCP": {func(*transport.Config) {}, []string{"udp 127.0.0.1", "tcp 127.0.0.1"}},
		"UDP alone":   {func(c *transport.Config) { c.TCPAddr = "" }, []string{"udp 127.0.0.1"}},
		"IPv6":        {func(c *transport.Config) { c.UDPAddr, c.TCPAddr = "[::1]:0", "" }, []string{"udp ::1"}},
		"behind a NAT": {
			func(c *transport.Config) { c.PublicIPs = []string{"203.0.113.7"} },
			[]string{"udp 203.0.113.7", "tcp 203.0.113.7"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, candidate := range open(t, listen(t, c.change)).gather().Candidates {
				fields := strings.Fields(candidate)
				if got = append(got, fields[2]+" "+fields[4]); fields[5] == "0" || fields[5] == "9" {
					t.Errorf("candidate %q has no port", candidate)
				}
			}
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) {
				t.Errorf("candidates %q, want %q", got, c.want)
			}
		})
	}
}
