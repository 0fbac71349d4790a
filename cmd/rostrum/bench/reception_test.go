package bench

import (
	"math/rand/v2"
	"testing"
)

// TestReceptionCountsExactly sends numbers through loss, duplication and disorder of less than 64, over several roll-overs.
func TestReceptionCountsExactly(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, first := range []uint16{0, 1, 65535, 40_000} {
		var r reception
		r.count(9, first)
		var came uint64 = 1
		const sent = 300_000
		for block := 1; block < sent; block += 32 {
			for _, i := range random.Perm(32) {
				if random.IntN(50) == 0 {
					continue
				}
				number := first + uint16(block+i)
				if !r.count(9, number) {
					t.Fatalf("from %d: packet %d is taken for a duplicate", first, block+i)
				}
				came++
				if random.IntN(50) == 0 && r.count(9, number) {
					t.Fatalf("from %d: the duplicate of %d is counted", first, block+i)
				}
			}
		}
		if r.packets != came {
			t.Errorf("from %d: counted %d of %d", first, r.packets, came)
		}
		if want := (uint32(first) + sent) >> 16; r.rollovers() != want {
			t.Errorf("from %d: %d roll-overs, want %d", first, r.rollovers(), want)
		}
	}
}

func TestReportsTellTheLossSinceTheLastOne(t *testing.T) {
	var r reception
	if _, ok := r.report(); ok {
		t.Error("a report about nothing")
	}
	for i := range uint16(100) {
		r.count(5, 65500+i)
	}
	if block, ok := r.report(); !ok || block.SSRC != 5 || block.FractionLost != 0 || block.LastSequenceNumber != 65536+63 {
		t.Errorf("without loss: %+v", block)
	}
	for i := uint16(100); i < 200; i++ {
		if i%4 != 1 {
			r.count(5, 65500+i)
		}
	}
	if block, _ := r.report(); block.FractionLost != 64 {
		t.Errorf("a quarter lost: %+v", block)
	}
	if block, _ := r.report(); block.FractionLost != 0 {
		t.Errorf("nothing since: %+v", block)
	}
}

func TestAnotherSSRCBeginsAnew(t *testing.T) {
	var r reception
	for i := range uint16(10) {
		r.count(1, i)
	}
	for i := range uint16(10) {
		r.count(2, 30_000+i)
	}
	if block, _ := r.report(); r.packets != 20 || r.rollovers() != 0 || block.SSRC != 2 || block.FractionLost != 0 {
		t.Errorf("%d packets, %+v", r.packets, block)
	}
}
