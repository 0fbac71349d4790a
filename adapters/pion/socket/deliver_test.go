package socket

import (
	"net/netip"
	"testing"
)

func TestMediaIsDelivered(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Socket) {
		client, r := dial(t, s), newSession()
		s.Attach(port(client), r)
		send(t, client, media(300)...) // more than a batch
		read(t, s)
		batches := want(t, r, media(300)...)
		stats := s.Stats()
		if stats.Packets != 300 || stats.Media != 300 || stats.Batches != uint64(batches) || stats.Dropped != 0 {
			t.Errorf("%d ends of batches, and %+v", batches, stats)
		}
	})
}

// What is no media, and media of addresses that nobody has attached, is read, in
// its order.
func TestTheRestIsRead(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Socket) {
		client, stranger, r := dial(t, s), dial(t, s), newSession()
		s.Attach(port(client), r)
		var rest []string
		for i, packet := range checks(60) {
			send(t, client, packet, media(60)[i])
			send(t, stranger, media(60)[i])
			rest = append(rest, packet, media(60)[i])
		}
		wantRest(t, read(t, s), rest...)
		want(t, r, media(60)...)
		if stats := s.Stats(); stats.Packets != 180 || stats.Media != 60 {
			t.Errorf("%+v", stats)
		}
	})
}

// RFC 7983 gives RTP and RTCP the first bytes from 128 to 191.
func TestWhatIsMedia(t *testing.T) {
	var read []int
	table, r := receivers{byRemote: map[netip.AddrPort]Receiver{}}, newSession()
	table.attach(netip.AddrPort{}, r)
	for first := range 256 {
		packet := []byte{byte(first), 1, 2}
		if left := table.deliver([]message{{data: packet}}, nil); len(left) == 0 {
			want(t, r, string(packet))
		} else {
			read = append(read, first)
		}
	}
	if len(read) != 192 || read[127] != 127 || read[128] != 192 {
		t.Errorf("no media begins with %v", read)
	}
}

// A batch is one for each receiver that something was for, after all of it,
// wherever that came from.
func TestABatchIsOverOnce(t *testing.T) {
	a1, a2 := netip.MustParseAddrPort("192.0.2.1:1000"), netip.MustParseAddrPort("[2001:db8::1]:1000")
	b, c := netip.MustParseAddrPort("192.0.2.2:1000"), netip.MustParseAddrPort("192.0.2.3:1000")
	table := receivers{byRemote: map[netip.AddrPort]Receiver{}}
	ra, rb, rc := newSession(), newSession(), newSession()
	table.attach(a1, ra)
	table.attach(a2, ra)
	table.attach(b, rb)
	table.attach(c, rc)
	rest := table.deliver([]message{
		{from: a1, data: []byte("\x801")},
		{from: b, data: []byte("\x802")},
		{from: a2, data: []byte("\x803\x804"), segment: 2},
		{from: c, data: []byte("\x005")},
		{from: a1, data: []byte("\x806\x007\x80"), segment: 2},
	}, nil)
	if batches := want(t, ra, "\x801", "\x803", "\x804", "\x806", "\x80"); batches != 1 {
		t.Errorf("one batch was over %d times", batches)
	}
	want(t, rb, "\x802")
	for _, r := range []*session{ra, rb, rc} {
		if len(r.got) != 0 {
			t.Errorf("%q has come too much", <-r.got)
		}
	}
	if len(rest) != 2 || string(rest[0].packet) != "\x005" || string(rest[1].packet) != "\x007" || rest[1].from != a1 {
		t.Errorf("what is left: %v", rest)
	}
	if stats := table.counted(); stats.Packets != 8 || stats.Joined != 5 || stats.Media != 6 || stats.Batches != 1 {
		t.Errorf("%+v", stats)
	}
}

// Nothing of the packet path allocates.
func TestNoAllocationPerPacket(t *testing.T) {
	s := open(t, "127.0.0.1")
	client, r := dial(t, s), &null{}
	s.Attach(port(client), r)
	packet, check, buffer := []byte(media(1)[0]), []byte(checks(1)[0]), make([]byte, 2048)
	allocated := testing.AllocsPerRun(200, func() {
		client.Write(packet)
		client.Write(check)
		s.ReadFromAddrPort(buffer)
	})
	if allocated != 0 || r.packets != 201 {
		t.Errorf("%v allocations for a batch; %d packets, want 201", allocated, r.packets)
	}
}

// null is a Receiver that counts.
type null struct{ packets, batches int }

func (n *null) Receive([]byte) { n.packets++ }
func (n *null) Received()      { n.batches++ }
