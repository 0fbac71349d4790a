package egress

import (
	"crypto/rand"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"

	"rostrum/adapters/pion/fanout"
)

const (
	gcm128 = srtp.ProtectionProfileAeadAes128Gcm
	gcm256 = srtp.ProtectionProfileAeadAes256Gcm
	cm80   = srtp.ProtectionProfileAes128CmHmacSha1_80
	cm32   = srtp.ProtectionProfileAes128CmHmacSha1_32
)

var profiles = []srtp.ProtectionProfile{gcm128, gcm256, cm80, cm32}

// What the sessions of these tests have negotiated.
const (
	videoSSRC, rtxSSRC uint32 = 0xfeedbeef, 0x0badcafe
	videoType, rtxType uint8  = 96, 97
)

var video = fanout.Stream{SSRC: videoSSRC, PayloadType: videoType}

// subscriber is the other end of an outlet: a socket and pion's SRTP.
type subscriber struct {
	t       testing.TB
	conn    *net.UDPConn
	context *srtp.Context
}

// session returns an outlet to a new subscriber on that loopback address, and the
// subscriber. The outlet has not been told where it is.
func session(t testing.TB, profile srtp.ProtectionProfile, address string) (*Outlet, *subscriber) {
	t.Helper()
	keySize, err := profile.KeyLen()
	must(t, err)
	saltSize, err := profile.SaltLen()
	must(t, err)
	secret := make([]byte, keySize+saltSize)
	_, _ = rand.Read(secret)
	outlet, err := NewOutlet(profile, secret[:keySize], secret[keySize:])
	must(t, err)
	context, err := srtp.CreateContext(secret[:keySize], secret[keySize:], profile)
	must(t, err)
	return outlet, &subscriber{t: t, conn: listen(t, address), context: context}
}

// listen opens a socket that closes with the test.
func listen(t testing.TB, address string) *net.UDPConn {
	t.Helper()
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(address), 0)))
	must(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// lane returns a lane over one new socket of that address.
func lane(t testing.TB, address string) *Lane {
	t.Helper()
	return NewLane([]*net.UDPConn{listen(t, address)})
}

// addr is where the subscriber is reached.
func (s *subscriber) addr() netip.AddrPort { return s.conn.LocalAddr().(*net.UDPAddr).AddrPort() }

// datagram returns the next datagram as it came. On loopback it is there as soon as
// it has been sent; the deadline only keeps a test from hanging.
func (s *subscriber) datagram() []byte {
	s.t.Helper()
	must(s.t, s.conn.SetReadDeadline(time.Now().Add(time.Minute)))
	buf := make([]byte, maxMessage)
	n, _, err := s.conn.ReadFromUDPAddrPort(buf)
	must(s.t, err)
	return buf[:n]
}

// rtp returns the next packet, decrypted.
func (s *subscriber) rtp() *rtp.Packet {
	s.t.Helper()
	return s.open(s.datagram())
}

// open decrypts a packet.
func (s *subscriber) open(sealed []byte) *rtp.Packet {
	s.t.Helper()
	plain, err := s.context.DecryptRTP(nil, sealed, nil)
	must(s.t, err)
	p := &rtp.Packet{}
	must(s.t, p.Unmarshal(plain))
	return p
}

// rest returns what is still there to be read, decrypted: what came before an empty
// datagram that is sent now.
func (s *subscriber) rest() []*rtp.Packet {
	s.t.Helper()
	_, err := s.conn.WriteToUDPAddrPort(nil, s.addr())
	must(s.t, err)
	var packets []*rtp.Packet
	for {
		sealed := s.datagram()
		if len(sealed) == 0 {
			return packets
		}
		packets = append(packets, s.open(sealed))
	}
}

// frame returns a burst of packets with payloads of these sizes, numbered from first
// on, the last with the marker.
func frame(first uint64, sizes ...int) []*fanout.Packet {
	burst := make([]*fanout.Packet, len(sizes))
	for i, size := range sizes {
		burst[i] = &fanout.Packet{
			Sequence: first + uint64(i), Timestamp: 90_000, Marker: i == len(sizes)-1, Payload: make([]byte, size),
		}
		_, _ = rand.Read(burst[i].Payload)
	}
	return burst
}

// sizes returns n sizes that are equal.
func sizes(n, size int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = size
	}
	return all
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
