package socket

import (
	"bytes"
	"testing"
)

// FuzzNext holds that the packets of a message are the message, each of them as
// long as it must be, and that none can grow into the next.
func FuzzNext(f *testing.F) {
	f.Add([]byte("aabbccd"), 2)
	f.Add([]byte("aabb"), 2)
	f.Add([]byte("a"), 1200)
	f.Add([]byte(""), 1)
	f.Add([]byte("abc"), 0)
	f.Add([]byte("abc"), -1)
	f.Fuzz(func(t *testing.T, data []byte, segment int) {
		m := message{data: data, segment: segment}
		joined, packets, all := m.joined(), 0, []byte(nil)
		for packet := m.next(); packet != nil; packet = m.next() {
			packets++
			all = append(all, packet...)
			if len(packet) == 0 || cap(packet) != len(packet) {
				t.Fatalf("a packet of %d bytes with room for %d", len(packet), cap(packet))
			}
			if segment > 0 && (len(packet) > segment || len(packet) < segment && len(m.data) > 0) {
				t.Fatalf("a packet of %d bytes in a message of packets of %d", len(packet), segment)
			}
		}
		if !bytes.Equal(all, data) {
			t.Errorf("%q became %q", data, all)
		}
		if joined != (packets > 1) || segment <= 0 && packets > 1 {
			t.Errorf("%d packets, joined: %v", packets, joined)
		}
	})
}
