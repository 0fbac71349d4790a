package fanout

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"rostrum/domain"
)

// source makes the packets of a publisher out of the bytes of a fuzz input.
type source struct {
	*reference
	codec    domain.Codec
	sequence uint16
	clock    uint32 // added to what its timestamps follow from
	made     byte
}

var fuzzCodecs = []domain.Codec{domain.VP8, domain.H264, domain.VP9}

var fuzzPayloads = map[domain.Codec][2]string{
	domain.VP8:  {vp8Key, vp8Delta},
	domain.H264: {h264Key, h264Delta},
	domain.VP9:  {"\x08\x82", "\x48\x86"},
}

// FuzzReceive takes a fan-out through any sequence of packets, whole or mangled,
// flushes, codec changes, changes of the table, resends and reports. Every leg must
// get exactly what the reference says.
func FuzzReceive(f *testing.F) {
	f.Add([]byte{0, 1, 1, 1, 1, 1, 4, 0, 1, 1, 7, 0, 3, 4, 1, 1, 4, 0, 7, 3})
	f.Add([]byte{0, 1, 1, 1, 5, 1, 1, 1, 0, 1, 4, 0, 7, 5, 6, 1, 5, 0, 0, 1, 4, 0})
	f.Add(append([]byte{0, 1, 2, 24}, wire(f, 3, vp8Key+"0123456789")...))
	f.Add([]byte{0, 1, 1, 0xf0, 1, 3, 1, 3, 3, 0x90, 1, 1, 1, 1, 1, 1, 1, 1, 4, 0, 7, 9})
	f.Fuzz(func(t *testing.T, steps []byte) { playSource(t, steps) })
}

func TestReceiveAgreesWithTheReference(t *testing.T) {
	for seed := range uint64(300) {
		random, steps := rand.New(rand.NewPCG(seed, 1)), make([]byte, 600)
		for i := range steps {
			steps[i] = byte(random.Uint32())
		}
		for i := 0; i < len(steps); i += 2 {
			if steps[i]&7 == 3 && random.IntN(8) > 0 {
				steps[i] = 1 // jumps are rarer than steps
			}
		}
		playSource(t, steps)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func playSource(t *testing.T, steps []byte) {
	s := &source{reference: newReference(t), codec: domain.VP8}
	s.swap(0)
	for len(steps) >= 2 {
		do, by := steps[0]&7, steps[1]
		steps = steps[2:]
		if do == 2 { // raw bytes
			n := min(int(by), len(steps))
			s.receive(s.codec, steps[:n])
			steps = steps[n:]
			continue
		}
		s.step(do, by)
	}
	s.flush()
}

func (s *source) step(do, by byte) {
	switch do {
	case 0, 1:
		s.sequence += uint16(int8(by)) // forwards, backwards or the same again
		s.made++
		payload := fuzzPayloads[s.codec][do] + string([]byte{s.made, by})
		s.receive(s.codec, at(s.t, s.sequence, s.clock+3000*(uint32(s.sequence)/3), payload))
	case 3:
		s.sequence += uint16(by) << 8
		if by&3 == 3 { // it begins anew
			s.sequence += 256 * uint16(by&4)
			s.clock += uint32(by) << 20
		}
	case 4:
		s.flush()
	case 5:
		s.codec = fuzzCodecs[int(by)%len(fuzzCodecs)]
	case 6:
		s.flush()
		s.swap(int(by) % 3)
	case 7:
		s.flush()
		for _, l := range s.legs {
			l.resend(s.reference, uint16(by)<<2)
			s.checkFlush(false) // who waits may have found what it waits for
		}
		s.report(Clock{NTPTime: uint64(by), RTPTime: uint32(by) << 24})
	}
}

// swap replaces the table by one in which leg which is new: 0 and 1 take all
// codecs, 2 takes VP8 alone.
func (s *source) swap(which int) {
	s.legs = slices.Clone(s.legs)
	for len(s.legs) < 3 {
		s.legs = append(s.legs, nil)
	}
	for i := range s.legs {
		if s.legs[i] != nil && i != which {
			continue
		}
		identity := Identity{SSRC: uint32(i), PayloadTypes: maps.Clone(forAll.PayloadTypes)}
		if i == 2 {
			identity.PayloadTypes = map[domain.Codec]uint8{domain.VP8: 100}
		}
		s.legs[i] = newReferenceLeg(identity)
	}
	var table []*Leg
	for _, l := range s.legs {
		table = append(table, l.leg)
	}
	s.fanout.SetLegs(table)
}
