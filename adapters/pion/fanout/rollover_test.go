package fanout

import (
	"testing"

	"rostrum/domain"
)

// The index that leaves is what a receiver of SRTP takes a packet for, over every round
// of 2^16 and of 2^32.
func TestIndexesAreWhatSRTPGuesses(t *testing.T) {
	f, leg, sent := newVideo(t)
	feed(t, f, domain.VP8, wire(t, 1, vp8Key))
	for _, edge := range []uint64{1 << 16, 1 << 32, 1<<48 - 200} {
		leg.stream.Rewrite.Sequence += edge - 50 - leg.newest.index // as if it had gone on until then
		leg.newest.index = edge - 50
		sent.sent = nil
		for i := range uint16(100) {
			feed(t, f, domain.VP8, wire(t, uint16(leg.newest.sequence)+1, vp8Delta+string(rune(i))))
		}
		highest := edge - 50
		for i, p := range sent.sent {
			if guess := extendAs(highest, p.Sequence); guess != p.index() || guess != edge-49+uint64(i) {
				t.Fatalf("edge %#x, packet %d: %#x is taken for %#x", edge, i, p.index(), guess)
			}
			highest = p.index()
		}
		over := sent.sent[45:55]
		for _, p := range over {
			sent.resent = nil
			if resend(f, leg, p.Sequence); len(sent.resent) != 1 || sent.resent[0] != p {
				t.Errorf("sent again %v, want %v", sent.resent, p)
			}
		}
	}
}

// A source that begins to number anew, however far away, leaves no more of a gap than
// what is lost by not believing it at once: otherwise the counters of both ends would
// part for good.
func TestASourceThatNumbersAnewKeepsTheCounter(t *testing.T) {
	for _, jump := range []int{-5, -700, -20_000, 33_000, 40_000, 60_000} {
		f, _, sent := newVideo(t)
		sendRun(t, f, 64_000, 2000)
		last := sent.sent[len(sent.sent)-1]
		for i := range 20 {
			f.Receive(domain.VP8, at(t, uint16(464+jump+i), 5+uint32(i), vp8Delta))
			f.Flush()
		}
		next := sent.sent[len(sent.sent)-1]
		if next.index() != last.index()+20 {
			t.Errorf("by %d: %v after %v", jump, next, last)
		}
	}
}
