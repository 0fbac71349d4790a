package bench

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"
)

func newSocket(t *testing.T) *socket {
	t.Helper()
	s, err := openSocket(netip.MustParseAddr("127.0.0.1"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// TestBatchReadsAllThatWaits has more wait than one system call takes.
func TestBatchReadsAllThatWaits(t *testing.T) {
	from, to, b := newSocket(t), newSocket(t), newBatch()
	const n = 3*batchSize + 5
	began := time.Now()
	for i := range uint32(n) {
		if err := from.send(binary.BigEndian.AppendUint32(make([]byte, i), i), to.addr); err != nil {
			t.Fatal(err)
		}
	}
	next := uint32(0)
	b.receive(to, func(datagram []byte, at time.Time, sender netip.AddrPort) {
		if len(datagram) != int(next)+4 || binary.BigEndian.Uint32(datagram[next:]) != next {
			t.Fatalf("datagram %d has %d bytes", next, len(datagram))
		}
		if sender != from.addr {
			t.Errorf("datagram %d is from %v, want %v", next, sender, from.addr)
		}
		if at.Before(began) || at.After(time.Now()) {
			t.Errorf("datagram %d came at %v, between %v and now", next, at, began)
		}
		next++
	})
	if next != n {
		t.Errorf("%d of %d datagrams", next, n)
	}
}

// TestDropsAreCounted sends more than a socket holds: what does not come is told.
func TestDropsAreCounted(t *testing.T) {
	from, to, b := newSocket(t), newSocket(t), newBatch()
	const n = 20_000
	for range n {
		if err := from.send(make([]byte, 1200), to.addr); err != nil {
			t.Fatal(err)
		}
	}
	came := 0
	for before := -1; before != came; {
		before = came
		b.receive(to, func([]byte, time.Time, netip.AddrPort) { came++ })
	}
	if dropped := int(to.drops()); dropped == 0 || came+dropped != n {
		t.Errorf("%d came and %d were dropped of %d", came, dropped, n)
	}
}

func TestInboxEndsReads(t *testing.T) {
	s := newSocket(t)
	box := newInbox(s)
	_ = box.SetReadDeadline(time.Now())
	if _, _, err := box.ReadFrom(make([]byte, 10)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a read after its deadline: %v", err)
	}
	_ = box.SetReadDeadline(time.Time{})
	for range 2 * inboxSize {
		box.deliver([]byte("hello"), s.addr) // must not block
	}
	data := make([]byte, 10)
	if n, from, err := box.ReadFrom(data); err != nil || string(data[:n]) != "hello" || from.String() != s.addr.String() {
		t.Errorf("read %q from %v: %v", data[:n], from, err)
	}
	if err := errors.Join(box.Close(), box.Close()); err != nil {
		t.Error(err)
	}
	if _, err := box.WriteTo(data, box.LocalAddr()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a write after Close: %v", err)
	}
	empty := newInbox(s)
	_ = empty.Close()
	if _, _, err := empty.ReadFrom(data); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a read after Close: %v", err)
	}
}
