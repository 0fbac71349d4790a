package pion

import (
	"bytes"
	"testing"
	"time"
)

func TestInboxHoldsItsBounds(t *testing.T) {
	packet := bytes.Repeat([]byte{7}, 1_000)
	begin := time.Unix(1, 0)
	for name, c := range map[string]struct {
		come func(b *inbox)
		kept int
		lost uint64
	}{
		"all that fits": {func(b *inbox) {
			for range 100 {
				b.put(packet, begin)
			}
		}, 100, 0},
		"no more than its size": {func(b *inbox) {
			for range inboxLimit/len(packet) + 5 {
				b.put(packet, begin)
			}
		}, inboxLimit / len(packet), 5},
		"nothing that would be late": {func(b *inbox) {
			b.put(packet, begin)
			b.put(packet, begin.Add(inboxLag))
			b.put(packet, begin.Add(inboxLag+1))
		}, 2, 1},
		"what comes after it was taken": {func(b *inbox) {
			b.put(packet, begin)
			b.take(batch{})
			b.put(packet, begin.Add(2*inboxLag))
		}, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := newInbox()
			c.come(b)
			kept := 0
			for p := range b.take(batch{}).packets() {
				if !bytes.Equal(p, packet) || cap(p) != len(p) {
					t.Fatalf("packet %d is another one, or has room for more", kept)
				}
				kept++
			}
			if lost := b.dropped.Load(); kept != c.kept || lost != c.lost {
				t.Errorf("kept %d and dropped %d, want %d and %d", kept, lost, c.kept, c.lost)
			}
		})
	}
}

// The memory of a batch that is done with holds what comes next.
func TestInboxUsesMemoryAgain(t *testing.T) {
	b, now := newInbox(), time.Unix(1, 0)
	b.put([]byte{1, 2, 3}, now)
	first := b.take(batch{})
	b.put([]byte{4, 5, 6}, now)
	second := b.take(first)
	b.put([]byte{7, 8, 9}, now)
	third := b.take(second)
	if &third.octets[0] != &first.octets[0] {
		t.Error("the third batch has memory of its own")
	}
}
