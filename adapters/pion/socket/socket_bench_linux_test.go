package socket

import (
	"encoding/binary"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// benchBurst is a key frame's packets.
const benchBurst = 35

// BenchmarkMedia measures what a packet costs from the kernel to its Receiver, in
// bursts of a publisher, against reading them one by one with net. What sending
// them costs is left out.
func BenchmarkMedia(b *testing.B) {
	burst := []byte(strings.Join(equal(benchBurst, 1200), ""))
	oob := control(unix.IPPROTO_UDP, unix.UDP_SEGMENT, binary.NativeEndian.AppendUint16(nil, 1200)...)
	singly := func(c *net.UDPConn) {
		for i := range benchBurst {
			c.Write(burst[i*1200:][:1200])
		}
	}
	joined := func(c *net.UDPConn) { c.WriteMsgUDP(burst, oob, nil) }
	end := []byte("\x00") // what the mux reads
	for name, send := range map[string]func(*net.UDPConn){"singly": singly, "joined": joined} {
		b.Run("socket/"+name, func(b *testing.B) {
			s, r := open(b, "127.0.0.1"), &null{}
			client := dial(b, s)
			s.Attach(port(client), r)
			buffer := make([]byte, 2048)
			measure(b, func() { send(client); client.Write(end) }, func() { s.ReadFromAddrPort(buffer) })
			if want := b.N * benchBurst; r.packets != want {
				b.Errorf("%d packets were delivered, want %d", r.packets, want)
			}
		})
		b.Run("net/"+name, func(b *testing.B) {
			conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
			if err != nil {
				b.Fatal(err)
			}
			defer conn.Close()
			client, err := net.DialUDP("udp4", nil, conn.LocalAddr().(*net.UDPAddr))
			if err != nil {
				b.Fatal(err)
			}
			defer client.Close()
			buffer := make([]byte, 2048)
			measure(b, func() { send(client); client.Write(end) }, func() {
				for range benchBurst + 1 {
					conn.ReadFromUDPAddrPort(buffer)
				}
			})
		})
	}
}

// measure reports what receive costs a packet of a burst, without send.
func measure(b *testing.B, send, receive func()) {
	var spent time.Duration
	b.ReportAllocs()
	for b.Loop() {
		send()
		start := time.Now()
		receive()
		spent += time.Since(start)
	}
	b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N*benchBurst), "ns/packet")
	b.ReportMetric(0, "ns/op") // has the senders in it
}

// BenchmarkDeliver measures the way from a batch to 5,000 Receivers, one packet each.
func BenchmarkDeliver(b *testing.B) {
	const sessions = 5000
	table, r := receivers{byRemote: map[netip.AddrPort]Receiver{}}, make([]null, sessions)
	messages := make([]message, sessions)
	packet := []byte("\x80 media")
	for i := range messages {
		messages[i].from = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 5000)
		table.attach(messages[i].from, &r[i])
	}
	const batch = 32
	var next int
	b.ReportAllocs()
	for b.Loop() {
		part := messages[next : next+batch]
		for i := range part {
			part[i].data = packet
		}
		table.deliver(part, nil)
		next = (next + batch) % (sessions - batch)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*batch), "ns/packet")
}
