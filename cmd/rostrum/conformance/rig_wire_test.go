package conformance

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/crypto/selfsign"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
	"github.com/pion/transport/v5/packetio"
)

// wire is a WebRTC client taken apart: one UDP socket, and ICE, DTLS and SRTP on it
// that do what a test tells them and nothing else. It sends no report, resends
// nothing and asks for no key frame by itself.
//
// Closing it is silent, as when a client's machine is switched off; hangUp is how a
// client takes its leave.
type wire struct {
	t    testing.TB
	cert tls.Certificate

	mu      sync.Mutex // guards what follows
	socket  *net.UDPConn
	own     credentials
	far     credentials
	farAddr *net.UDPAddr
	silent  bool // neither asks nor answers
	closed  bool
	waiting map[[12]byte]chan<- struct{} // for an answer
	out, in *srtp.Context
	early   [][]byte // media that came before in; the server's last flight and its media follow each other closely
	secure  *dtls.Conn

	asked chan *net.UDPAddr // the server's checks, where each came from; bounded, the newest are dropped
	rtp   chan *rtp.Packet  // bounded, the newest are dropped
	rtcp  chan rtcp.Packet  // likewise
	dtls  *packetio.Buffer
	bye   chan struct{} // closed when the server closes DTLS
	done  chan struct{}
	once  sync.Once
	loops sync.WaitGroup
}

// credentials are those of one side of ICE.
type credentials struct{ ufrag, pwd string }

func newCredentials() credentials {
	return credentials{randomToken()[:8], randomToken()[:24]}
}

func randomToken() string { return rand.Text() + rand.Text() }

var certificate = sync.OnceValue(newCertificate)

func newCertificate() tls.Certificate {
	c, err := selfsign.GenerateSelfSigned()
	if err != nil {
		panic(err)
	}
	return c
}

// newWire opens a client's socket. It is closed with the test.
func newWire(t testing.TB) *wire {
	t.Helper()
	w := &wire{
		t: t, cert: certificate(), own: newCredentials(), waiting: map[[12]byte]chan<- struct{}{},
		asked: make(chan *net.UDPAddr, 64), rtp: make(chan *rtp.Packet, 4096), rtcp: make(chan rtcp.Packet, 1024),
		dtls: packetio.NewBuffer(), bye: make(chan struct{}), done: make(chan struct{}),
	}
	w.move()
	t.Cleanup(w.close)
	return w
}

// sockets counts the sockets of all wires.
var sockets atomic.Uint32

// listenUDP opens a socket on a loopback address that no other has had where the
// system has more than one: on a port that is used again, what a server still sends
// to an abandoned client would come to the next one.
func listenUDP() (*net.UDPConn, error) {
	n := sockets.Add(1)
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 1+byte(n>>16), byte(n>>8), byte(n))})
	if err != nil {
		return net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	}
	return socket, nil
}

// move goes over to a new socket, as a client does whose network has changed.
func (w *wire) move() {
	w.t.Helper()
	socket, err := listenUDP()
	if err != nil {
		w.t.Fatal(err)
	}
	_ = socket.SetReadBuffer(4 << 20)
	w.mu.Lock()
	old := w.socket
	w.socket = socket
	w.mu.Unlock()
	if old != nil {
		_ = old.Close()
	}
	w.loops.Go(func() { w.receive(socket) })
}

// begin runs a loop that close waits for, unless the wire is closed already.
func (w *wire) begin(loop func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		w.loops.Go(loop)
	}
}

// receive sorts what comes (RFC 7983) until the socket is closed.
func (w *wire) receive(socket *net.UDPConn) {
	buffer := make([]byte, 2048)
	for {
		n, from, err := socket.ReadFromUDP(buffer)
		if err != nil {
			return
		}
		packet := append([]byte(nil), buffer[:n]...)
		switch {
		case n == 0:
		case packet[0] < 4:
			w.receiveSTUN(packet, from)
		case packet[0] >= 20 && packet[0] < 64:
			_, _ = w.dtls.Write(packet, nil) // full or closed: as if it were lost
		case packet[0] >= 128 && packet[0] < 192 && n > 8:
			w.receiveMedia(packet)
		}
	}
}

// receiveMedia opens what is sealed and hands it to the test.
func (w *wire) receiveMedia(packet []byte) {
	w.mu.Lock()
	in := w.in
	if in == nil {
		w.early = append(w.early, packet)
	}
	w.mu.Unlock()
	if in != nil {
		w.openMedia(in, packet)
	}
}

func (w *wire) openMedia(in *srtp.Context, packet []byte) {
	if packet[1] >= 192 && packet[1] < 224 {
		w.receiveRTCP(in, packet)
		return
	}
	plain, err := in.DecryptRTP(nil, packet, nil)
	if err != nil {
		w.t.Logf("an RTP packet that cannot be opened: %v", err)
		return
	}
	p := &rtp.Packet{}
	if err := p.Unmarshal(plain); err != nil {
		w.t.Errorf("a malformed RTP packet: %v", err)
		return
	}
	select {
	case w.rtp <- p:
	default:
	}
}

func (w *wire) receiveRTCP(in *srtp.Context, packet []byte) {
	plain, err := in.DecryptRTCP(nil, packet, nil)
	if err != nil {
		w.t.Logf("an RTCP packet that cannot be opened: %v", err)
		return
	}
	parts, err := rtcp.Unmarshal(plain)
	if err != nil {
		w.t.Errorf("a malformed RTCP packet: %v", err)
		return
	}
	for _, part := range parts {
		select {
		case w.rtcp <- part:
		default:
		}
	}
}

// send sends a datagram as it stands to the server.
func (w *wire) send(b []byte) {
	w.mu.Lock()
	socket, to := w.socket, w.farAddr
	w.mu.Unlock()
	_, _ = socket.WriteToUDP(b, to) // a closed socket loses it, as networks do
}

// fingerprint is that of the certificate, in upper-case hexadecimal.
func (w *wire) fingerprint() string {
	sum := sha256.Sum256(w.cert.Certificate[0])
	pairs := make([]string, len(sum))
	for i, b := range sum {
		pairs[i] = strings.ToUpper(hex.EncodeToString([]byte{b}))
	}
	return strings.Join(pairs, ":")
}

// close lets go of everything without a word to the server.
func (w *wire) close() {
	w.once.Do(func() {
		close(w.done)
		w.mu.Lock()
		w.closed = true
		_ = w.socket.Close()
		conn := w.secure
		w.mu.Unlock()
		_ = w.dtls.Close()
		if conn != nil {
			_ = conn.Close() // its close_notify finds a closed socket
		}
	})
	w.loops.Wait()
}

// pass lets time pass where time itself is what a test is about.
func pass(d time.Duration) { <-time.After(d) }

// within waits for something to happen and reports whether it did in time.
func within[T any](happened <-chan T, limit time.Duration) bool {
	select {
	case <-happened:
		return true
	case <-time.After(limit):
		return false
	}
}
