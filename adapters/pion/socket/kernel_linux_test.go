package socket

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// control is one control message as the kernel writes it.
func control(level, kind int32, data ...byte) []byte {
	b := make([]byte, unix.CmsgSpace(len(data)))
	length := unix.CmsgLen(len(data))
	if unix.SizeofCmsghdr == 16 {
		binary.NativeEndian.PutUint64(b, uint64(length))
	} else {
		binary.NativeEndian.PutUint32(b, uint32(length))
	}
	binary.NativeEndian.PutUint32(b[unix.SizeofCmsghdr-8:], uint32(level))
	binary.NativeEndian.PutUint32(b[unix.SizeofCmsghdr-4:], uint32(kind))
	copy(b[unix.CmsgLen(0):], data)
	return b
}

// number is n as the kernel writes numbers.
func number(n uint32) []byte { return binary.NativeEndian.AppendUint32(nil, n) }

// sendJoined sends packets of one length, the last may be shorter, by one call.
func sendJoined(t testing.TB, c *net.UDPConn, packets ...string) {
	t.Helper()
	oob := control(unix.IPPROTO_UDP, unix.UDP_SEGMENT, binary.NativeEndian.AppendUint16(nil, uint16(len(packets[0])))...)
	if _, _, err := c.WriteMsgUDP([]byte(strings.Join(packets, "")), oob, nil); err != nil {
		t.Fatal(err)
	}
}

// equal are n packets of media of the same length.
func equal(n, length int) []string {
	packets := make([]string, n)
	for i := range packets {
		packets[i] = fmt.Sprintf("\x80%0*d", length-1, i)
	}
	return packets
}

// What one sender has sent at once comes in one piece, and is taken apart.
func TestJoinedPacketsAreTakenApart(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Socket) {
		client, r := dial(t, s), newSession()
		s.Attach(port(client), r)
		rest := read(t, s)
		burst := append(equal(9, 1200), "\x80 a short one")
		sendJoined(t, client, burst...)
		if batches := want(t, r, burst...); batches != 1 {
			t.Errorf("one burst was over %d times", batches)
		}
		if stats := s.Stats(); stats.Joined != 10 || stats.Packets != 10 || stats.Batches != 1 {
			t.Errorf("%+v", stats)
		}
		full := equal(54, 1200) // nearly 64 KB
		sendJoined(t, client, full...)
		want(t, r, full...)
		mixed := []string{"\x80 one", "\x00 two", "\x80 3"}
		sendJoined(t, client, mixed...)
		want(t, r, mixed[0], mixed[2])
		wantRest(t, rest, mixed[1])
	})
}

// What does not fit the buffer is lost, and counted.
func TestDropsOfTheKernelAreCounted(t *testing.T) {
	s, err := Listen(netip.MustParseAddrPort("127.0.0.1:0"), 1<<14, 0)
	if err != nil {
		t.Fatal(err)
	}
	client, sent := dial(t, s), 500
	send(t, client, equal(sent, 1200)...)
	rest := read(t, s)
	for last := ""; last == ""; {
		sent++
		again := strconv.Itoa(sent)
		send(t, client, again)
		for try := time.After(patience / 100); last == "" && try != nil; {
			select {
			case got := <-rest:
				if got == again {
					last = got
				}
			case <-try:
				try = nil // it was lost as well
			}
		}
	}
	if stats := s.Stats(); stats.Dropped == 0 || stats.Packets+stats.Dropped != uint64(sent) {
		t.Errorf("%d packets were sent, %+v", sent, stats)
	}
}

// The kernel's count has 32 bits, ours does not go back to 0.
func TestDropsAreCountedOn(t *testing.T) {
	var c counters
	for _, count := range []uint32{0, 3, 0, 0xffff_fff0, 5} {
		c.countDropped(count)
	}
	if c.Dropped != 1<<32+5 {
		t.Errorf("%d drops", c.Dropped)
	}
}

// An error of the socket that passes does not end reading.
func TestFailedReadsAreTriedAgain(t *testing.T) {
	s, gone := open(t, "127.0.0.1"), open(t, "127.0.0.1")
	raw, _ := s.conn.SyscallConn()
	raw.Control(func(fd uintptr) { // reads then tell of packets that nobody took
		if err := unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_RECVERR, 1); err != nil {
			t.Fatal(err)
		}
	})
	gone.Close()
	s.WriteToAddrPort([]byte("to nobody"), port(gone))
	send(t, dial(t, s), "\x00 after the error")
	wantRest(t, read(t, s), "\x00 after the error")
	if stats := s.Stats(); stats.Failed != 1 {
		t.Errorf("%d reads have failed, want 1", stats.Failed)
	}
}

func TestBuffersAreGranted(t *testing.T) {
	s, err := Listen(netip.MustParseAddrPort("127.0.0.1:0"), 100_000, 50_000) // within every system's limit
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	stats := s.Stats()
	if stats.ReadBuffer != (Buffer{100_000, 100_000}) || stats.WriteBuffer != (Buffer{50_000, 50_000}) {
		t.Errorf("%+v and %+v", stats.ReadBuffer, stats.WriteBuffer)
	}
}

func TestParseControl(t *testing.T) {
	gro := control(unix.IPPROTO_UDP, unix.UDP_GRO, number(1200)...)
	drops := control(unix.SOL_SOCKET, unix.SO_RXQ_OVFL, number(7)...)
	for name, c := range map[string]struct {
		oob     []byte
		segment int
		dropped uint32
	}{
		"nothing":       {nil, 0, 0},
		"both":          {append(append([]byte{}, drops...), gro...), 1200, 7},
		"the other way": {append(append([]byte{}, gro...), drops...), 1200, 7},
		"a stranger":    {append(control(unix.IPPROTO_IP, unix.IP_TTL, number(64)...), gro...), 1200, 0},
		"too short":     {append(control(unix.IPPROTO_UDP, unix.UDP_GRO, 1, 2), drops...), 0, 7},
		"too long":      {control(unix.IPPROTO_UDP, unix.UDP_GRO, number(1<<31)...), 0, 0},
		"cut off":       {gro[:len(gro)-8], 0, 0},
		"half a header": {gro[:7], 0, 0},
	} {
		if segment, dropped := parseControl(c.oob); segment != c.segment || dropped != c.dropped {
			t.Errorf("%s: %d and %d, want %d and %d", name, segment, dropped, c.segment, c.dropped)
		}
	}
}

// FuzzParseControl holds that any control message gives a length that a message can
// be taken apart by.
func FuzzParseControl(f *testing.F) {
	f.Add(control(unix.IPPROTO_UDP, unix.UDP_GRO, number(1200)...))
	f.Add(append(control(unix.SOL_SOCKET, unix.SO_RXQ_OVFL, number(7)...), control(unix.IPPROTO_UDP, unix.UDP_GRO, number(3)...)...))
	f.Fuzz(func(t *testing.T, oob []byte) {
		segment, _ := parseControl(oob)
		if segment < 0 || segment > maxMessage {
			t.Errorf("packets of %d bytes", segment)
		}
	})
}
