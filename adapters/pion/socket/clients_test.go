package socket

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must come before it says what is missing.
const patience = 20 * time.Second

// onBoth runs a test over IPv4 and over IPv6, on loopback.
func onBoth(t *testing.T, test func(t *testing.T, s *Socket)) {
	for _, ip := range []string{"127.0.0.1", "::1"} {
		t.Run(ip, func(t *testing.T) { test(t, open(t, ip)) })
	}
}

// open opens a socket of the server on any port, closed when the test ends.
func open(t testing.TB, ip string) *Socket {
	t.Helper()
	s, err := Listen(netip.AddrPortFrom(netip.MustParseAddr(ip), 0), 1<<20, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// dial opens a client of s.
func dial(t testing.TB, s *Socket) *net.UDPConn {
	t.Helper()
	c, err := net.DialUDP("udp", nil, s.LocalAddr().(*net.UDPAddr))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// port is the address that a client or a socket has.
func port(c interface{ LocalAddr() net.Addr }) netip.AddrPort {
	return c.LocalAddr().(*net.UDPAddr).AddrPort()
}

// send sends packets one by one.
func send(t testing.TB, c *net.UDPConn, packets ...string) {
	t.Helper()
	for _, p := range packets {
		if _, err := c.Write([]byte(p)); err != nil {
			t.Fatal(err)
		}
	}
}

// media are n packets whose first byte is that of RTP, all different, of lengths
// that differ.
func media(n int) []string { return numbered("\x80", n) }

// checks are n packets that begin as STUN does.
func checks(n int) []string { return numbered("\x00", n) }

func numbered(prefix string, n int) []string {
	packets := make([]string, n)
	for i := range packets {
		packets[i] = fmt.Sprintf("%s%d.%s", prefix, i, strings.Repeat("x", i*37%1200))
	}
	return packets
}

// read reads a socket until it is closed. It is what ICE's mux is to it.
func read(t *testing.T, s *Socket) <-chan string {
	t.Helper()
	rest, done := make(chan string, 4096), make(chan struct{})
	go func() {
		defer close(done)
		buffer := make([]byte, 2048)
		for {
			n, _, err := s.ReadFromAddrPort(buffer)
			if err != nil {
				return
			}
			rest <- string(buffer[:n])
		}
	}()
	t.Cleanup(func() { s.Close(); <-done })
	return rest
}

// over is what a session notes for the end of a batch.
const over = ""

// session is a Receiver that keeps what it gets.
type session struct{ got chan string }

func newSession() *session { return &session{make(chan string, 4096)} }

func (s *session) Receive(packet []byte) { s.got <- string(packet) }
func (s *session) Received()             { s.got <- over }

// next waits for the next of a channel.
func next(t *testing.T, from <-chan string) string {
	t.Helper()
	select {
	case packet := <-from:
		return packet
	case <-time.After(patience):
		t.Fatal("nothing more came")
		return ""
	}
}

// want waits for packets, in this order. Ends of batches do not count, but for the
// last: it returns how many there were.
func want(t *testing.T, s *session, packets ...string) (batches int) {
	t.Helper()
	open := false
	for len(packets) > 0 || open {
		got := next(t, s.got)
		switch {
		case got == over && !open:
			t.Fatal("a batch is over in which there was nothing")
		case got == over:
			batches, open = batches+1, false
		case len(packets) == 0 || got != packets[0]:
			t.Fatalf("got %.20q of %d bytes, with %d still to come", got, len(got), len(packets))
		default:
			packets, open = packets[1:], true
		}
	}
	return batches
}

// wantRest waits for packets that are no session's, in this order.
func wantRest(t *testing.T, rest <-chan string, packets ...string) {
	t.Helper()
	for _, p := range packets {
		if got := next(t, rest); got != p {
			t.Fatalf("read %.20q of %d bytes, want %.20q of %d", got, len(got), p, len(p))
		}
	}
}
