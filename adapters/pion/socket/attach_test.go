package socket

import (
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
)

// Media goes to whoever is attached when it is delivered, else it is read.
func TestAttachAndDetach(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Socket) {
		client, first, second := dial(t, s), newSession(), newSession()
		rest := read(t, s)
		send(t, client, "\x80 nobody's")
		wantRest(t, rest, "\x80 nobody's")

		s.Attach(port(client), first)
		send(t, client, "\x80 first")
		want(t, first, "\x80 first")

		s.Attach(port(client), second)
		s.Detach(port(client), first) // has nothing any more
		send(t, client, "\x80 second")
		want(t, second, "\x80 second")

		s.Detach(port(client), second)
		send(t, client, "\x80 nobody's again")
		wantRest(t, rest, "\x80 nobody's again")
		if len(first.got) != 0 || len(second.got) != 0 {
			t.Error("something has come after the end")
		}
	})
}

// On a socket of both families IPv4 is IPv4, whichever way it is written.
func TestMappedAddressesAreIPv4(t *testing.T) {
	s, r := open(t, "::"), newSession()
	at := net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: int(port(s).Port())}
	client, err := net.DialUDP("udp4", nil, &at)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	mapped := netip.AddrPortFrom(netip.AddrFrom16(port(client).Addr().As16()), port(client).Port())
	s.Attach(mapped, r)
	send(t, client, "\x80 media", "\x00 STUN")
	buffer := make([]byte, 100)
	n, from, err := s.ReadFromAddrPort(buffer)
	if string(buffer[:n]) != "\x00 STUN" || from != port(client) || err != nil {
		t.Errorf("read %q from %v, %v", buffer[:n], from, err)
	}
	want(t, r, "\x80 media")
	if _, err := s.WriteToAddrPort([]byte("answer"), from); err != nil {
		t.Fatal(err)
	}
	if n, err := client.Read(buffer); string(buffer[:n]) != "answer" {
		t.Errorf("the client got %q, %v", buffer[:n], err)
	}
}

func TestZonesAreLeftOut(t *testing.T) {
	table, r := receivers{byRemote: map[netip.AddrPort]Receiver{}}, newSession()
	table.attach(netip.MustParseAddrPort("[fe80::1%eth0]:9"), r)
	table.deliver([]message{{from: netip.MustParseAddrPort("[fe80::1%2]:9"), data: []byte("\x80")}}, nil)
	want(t, r, "\x80")
}

// guest is attached for a moment. If it is called when it is not, it says so, and
// so does the race detector.
type guest struct {
	attached    bool
	got         chan struct{}
	calls, late *atomic.Int64
}

func (g *guest) Receive([]byte) {
	g.calls.Add(1)
	g.Received()
	select {
	case g.got <- struct{}{}:
	default: // one is enough
	}
}

func (g *guest) Received() {
	if !g.attached {
		g.late.Add(1)
	}
}

// Sessions come and go while media flows: nobody is called before Attach or after
// Detach, and every packet goes somewhere.
func TestComingAndGoing(t *testing.T) {
	const sessions, visits, packets = 4, 250, 3
	s := open(t, "127.0.0.1")
	rest := read(t, s)
	var calls, late atomic.Int64
	var all sync.WaitGroup
	for range sessions {
		client := dial(t, s)
		all.Go(func() {
			for visit := range visits {
				g := &guest{calls: &calls, late: &late, got: make(chan struct{}, 1), attached: true}
				s.Attach(port(client), g)
				for range packets {
					client.Write([]byte("\x80 media"))
				}
				if visit%2 == 0 {
					<-g.got // the others may go before they have got anything
				}
				s.Detach(port(client), g)
				g.attached = false
			}
		})
	}
	all.Wait()
	send(t, dial(t, s), "\x00 the end")
	unread := int64(0)
	for next(t, rest) != "\x00 the end" {
		unread++
	}
	if late.Load() != 0 || calls.Load()+unread != sessions*visits*packets {
		t.Errorf("%d packets were received, %d read, and %d calls came when nobody was attached", calls.Load(), unread, late.Load())
	}
}

// After Close nobody is called, and nobody can be attached.
func TestCloseDetachesAll(t *testing.T) {
	s := open(t, "127.0.0.1")
	client, r := dial(t, s), newSession()
	s.Attach(port(client), r)
	s.Close()
	s.Attach(port(client), r)
	s.Detach(port(client), r)
	rest := s.receivers.deliver([]message{{from: port(client), data: []byte("\x80")}}, nil)
	if len(rest) != 1 || len(r.got) != 0 {
		t.Errorf("a packet went to a session of a closed socket")
	}
}
