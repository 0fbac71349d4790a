//go:build linux && !race

package egress

import "testing"

// Nothing is allocated on the way of a packet, the socket's included. Under the race
// detector sync.Pool, which writing in batches uses, forgets on purpose.
func TestSendingDoesNotAllocate(t *testing.T) {
	subscribers, senders := crowd(t, 20)
	for _, s := range subscribers {
		must(t, s.conn.Close()) // nobody reads
	}
	if n := allocations(lane(t, "127.0.0.1"), senders); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
