package egress

import (
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"

	"rostrum/adapters/pion/fanout"
)

// A frame of 2.5 Mbit/s at 30 frames a second.
const (
	framePackets = 9
	packetSize   = 1200
)

// BenchmarkSend sends frames to many subscribers: through a Lane, and packet by packet
// as pion does. The time that the subscribers' ends take for reading is not counted.
func BenchmarkSend(b *testing.B) {
	for _, n := range []int{1, 100, 400} {
		b.Run(fmt.Sprintf("way=lane/to=%d", n), func(b *testing.B) { benchmarkSend(b, n, throughLane) })
		b.Run(fmt.Sprintf("way=pion/to=%d", n), func(b *testing.B) { benchmarkSend(b, n, throughPion) })
	}
}

// way is a way of sending a burst to subscribers.
type way func(b *testing.B, to []*subscriber, outlets []*Outlet) func(burst []*fanout.Packet)

func benchmarkSend(b *testing.B, n int, by way) {
	outlets, to := make([]*Outlet, n), make([]*subscriber, n)
	for i := range to {
		outlets[i], to[i] = session(b, gcm128, "127.0.0.1")
		outlets[i].To(0, to[i].addr())
	}
	send := by(b, to, outlets)
	burst := frame(1, sizes(framePackets, packetSize-headerSize)...)
	buf := make([]byte, maxMessage)
	var spent time.Duration
	b.ReportAllocs()
	for b.Loop() {
		start := time.Now()
		send(burst)
		spent += time.Since(start)
		for _, s := range to {
			for range burst {
				if _, _, err := s.conn.ReadFromUDPAddrPort(buf); err != nil {
					b.Fatal(err)
				}
			}
		}
		for _, p := range burst {
			p.Sequence += framePackets
		}
	}
	b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N*n*framePackets), "ns/packet")
}

func throughLane(b *testing.B, _ []*subscriber, outlets []*Outlet) func([]*fanout.Packet) {
	l := lane(b, "127.0.0.1")
	senders := make([]*Sender, len(outlets))
	for i, o := range outlets {
		senders[i] = o.NewSender(rtxSSRC, map[uint8]uint8{videoType: rtxType})
	}
	return func(burst []*fanout.Packet) {
		for _, s := range senders {
			s.Send(l, video, burst)
		}
		l.Flush()
	}
}

func throughPion(b *testing.B, to []*subscriber, _ []*Outlet) func([]*fanout.Packet) {
	conn := listen(b, "127.0.0.1")
	contexts, addrs := make([]*srtp.Context, len(to)), make([]net.Addr, len(to))
	for i, s := range to {
		context, err := srtp.CreateContext(make([]byte, 16), make([]byte, 12), gcm128)
		must(b, err)
		contexts[i], addrs[i] = context, net.UDPAddrFromAddrPort(s.addr())
	}
	var header rtp.Header
	plain, sealed := make([]byte, 0, maxMessage), make([]byte, 0, maxMessage)
	return func(burst []*fanout.Packet) {
		for i, context := range contexts {
			for _, p := range burst {
				r := rewritten(video, p, 0)
				plain = plain[:headerSize]
				r.header(plain)
				plain = append(plain, p.Payload...)
				out, err := context.EncryptRTP(sealed, plain, &header)
				must(b, err)
				_, err = conn.WriteTo(out, addrs[i])
				must(b, err)
			}
		}
	}
}
