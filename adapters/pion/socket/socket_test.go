package socket

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"
)

// The mux, and each worker with a descriptor of its own, send from the socket's
// port; closing one leaves the others.
func TestDescriptorsAreOfTheSameSocket(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Socket) {
		client, err := net.ListenUDP("udp", &net.UDPAddr{IP: port(s).Addr().AsSlice()})
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		first, second := dup(t, s), dup(t, s)
		hears := func(from string, err error) {
			t.Helper()
			if err != nil {
				t.Errorf("%s: %v", from, err)
			}
			buffer := make([]byte, 100)
			client.SetReadDeadline(time.Now().Add(patience))
			n, addr, err := client.ReadFromUDPAddrPort(buffer)
			if string(buffer[:n]) != from || addr != port(s) || err != nil {
				t.Errorf("the client got %q from %v, %v; want %q from %v", buffer[:n], addr, err, from, port(s))
			}
		}
		write := func(c *net.UDPConn, what string) {
			t.Helper()
			_, err := c.WriteToUDPAddrPort([]byte(what), port(client))
			hears(what, err)
		}
		write(first, "first")
		write(second, "second")
		first.Close()
		write(second, "second again")
		_, err = s.WriteToAddrPort([]byte("socket"), port(client))
		hears("socket", err)
		_, err = s.WriteTo([]byte("socket again"), client.LocalAddr())
		hears("socket again", err)

		client.WriteToUDPAddrPort([]byte("\x00 question"), port(s))
		wantRest(t, read(t, s), "\x00 question") // however many descriptors there are
		s.Close()
		write(second, "second at last")
	})
}

func dup(t *testing.T, s *Socket) *net.UDPConn {
	t.Helper()
	conn, err := s.Dup()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func TestCloseEndsReading(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Socket) {
		ended := make(chan error)
		go func() {
			_, _, err := s.ReadFromAddrPort(make([]byte, 100))
			ended <- err
		}()
		s.SetReadDeadline(time.Time{})
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := <-ended; !errors.Is(err, net.ErrClosed) {
			t.Errorf("reading ended with %v", err)
		}
		if _, _, err := s.ReadFrom(make([]byte, 100)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("reading again ended with %v", err)
		}
		if err := s.Close(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("closing again gave %v", err)
		}
		if _, err := s.Dup(); err == nil {
			t.Error("a closed socket has a second descriptor")
		}
	})
}

func TestDeadlinesEndReadingAndWriting(t *testing.T) {
	s, past := open(t, "127.0.0.1"), time.Unix(1, 0)
	s.SetDeadline(past)
	if _, _, err := s.ReadFromAddrPort(make([]byte, 100)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("reading ended with %v", err)
	}
	if _, err := s.WriteToAddrPort([]byte("a"), port(s)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("writing ended with %v", err)
	}
	s.SetWriteDeadline(time.Time{})
	if _, err := s.WriteToAddrPort([]byte("\x00 to itself"), port(s)); err != nil {
		t.Error(err)
	}
	s.SetReadDeadline(time.Time{})
	wantRest(t, read(t, s), "\x00 to itself")
}

// Packets are read as from any net.PacketConn.
func TestReadFromIsThatOfAPacketConn(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Socket) {
		client := dial(t, s)
		send(t, client, "", "\x00 a long one", "\x00 next")
		buffer := make([]byte, 6)
		for _, want := range []string{"\x00 a lo", "\x00 next"} {
			n, from, err := s.ReadFrom(buffer)
			if string(buffer[:n]) != want || from.String() != client.LocalAddr().String() || err != nil {
				t.Errorf("read %q from %v, %v; want %q", buffer[:n], from, err, want)
			}
		}
	})
}

func TestAnAddressThatIsTaken(t *testing.T) {
	s := open(t, "127.0.0.1")
	if _, err := Listen(port(s), 0, 0); err == nil || !strings.Contains(err.Error(), port(s).String()) {
		t.Errorf("a second socket on %v: %v", port(s), err)
	}
	if _, err := Listen(netip.MustParseAddrPort("192.0.2.1:0"), 0, 0); err == nil {
		t.Error("there is a socket on an address that this machine does not have")
	}
}
