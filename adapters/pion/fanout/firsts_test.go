package fanout

import (
	"testing"
	"testing/synctest"
	"time"

	"rostrum/domain"
)

// A picture has left when the whole of a key frame has, not before, whichever way its
// packets come.
func TestTheFirstPictureLeavesWithTheEndOfItsKeyframe(t *testing.T) {
	key, delta := h264Key, h264Delta
	for name, c := range map[string]struct {
		flushes [][]uint16 // numbers: 1 to 3 are a key frame, 5 and 6 another, without a marker
		shown   int        // the flush by which it has left; -1: none
	}{
		"at once":                                {[][]uint16{{1, 2, 3}}, 0},
		"with what follows":                      {[][]uint16{{1, 2, 3, 4}}, 0},
		"in parts":                               {[][]uint16{{1}, {2}, {3}}, 2},
		"in parts out of order":                  {[][]uint16{{1}, {3}, {2}}, 2},
		"with a hole":                            {[][]uint16{{1}, {3}, {4}}, -1},
		"with a hole, whose repair comes late":   {[][]uint16{{1}, {3}, {4}, {2}}, 3},
		"with a hole for ever, and then another": {[][]uint16{{1}, {3}, {4}, {5}, {6}, {7}}, 5},
		"with its end before its middle":         {[][]uint16{{1}, {4}, {3}, {2}}, 3},
		"without its end":                        {[][]uint16{{1, 2}, {4}}, -1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, leg, _ := newVideo(t)
				packets := map[uint16][]byte{
					1: at(t, 1, 9000, key), 2: at(t, 2, 9000, delta), 3: ends(at(t, 3, 9000, delta)), 4: ends(at(t, 4, 12_000, delta)),
					5: at(t, 5, 15_000, key), 6: at(t, 6, 15_000, delta), 7: at(t, 7, 18_000, delta),
				}
				for i, numbers := range c.flushes {
					time.Sleep(time.Second)
					for _, n := range numbers {
						f.Receive(domain.H264, packets[n])
					}
					f.Flush()
					if shown := !leg.Sent().First.Picture.IsZero(); shown != (c.shown >= 0 && i >= c.shown) {
						t.Errorf("after flush %d of %v it has left: %v", i, c.flushes, shown)
					}
				}
				if sent, came := leg.Sent().First, f.Received().First; sent.Picture != came.Picture || sent.Keyframe.IsZero() || came.Keyframe.IsZero() {
					t.Errorf("the leg had its firsts at %+v, the track at %+v", sent, came)
				}
			})
		})
	}
}

// ends gives a packet the marker, by which it ends its frame.
func ends(packet []byte) []byte {
	packet[1] |= 0x80
	return packet
}

// The first picture of a track is one that somebody sees; the first of a leg stays its
// first, and each track that it is fed by has one of its own.
func TestTheFirstPictureOfATrack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := quietly(t, domain.Video)
		recorder := NewLeg(Identity{Unwatched: true, PayloadTypes: forAll.PayloadTypes}, &null{})
		viewer := NewLeg(forAll, &null{})
		f.SetLegs([]*Leg{recorder})
		feed(t, f, domain.H264, ends(wire(t, 1, h264Key)))
		if recorder.Sent().First.Picture.IsZero() || !f.Received().First.Picture.IsZero() {
			t.Errorf("a recorder's first picture: %+v, the track's %+v", recorder.Sent().First, f.Received().First)
		}
		time.Sleep(time.Second)
		f.SetLegs([]*Leg{recorder, viewer})
		feed(t, f, domain.H264, ends(wire(t, 2, h264Key)))
		seen := viewer.Sent().First
		if seen.Picture.IsZero() || f.Received().First.Picture != seen.Picture {
			t.Errorf("a viewer's first picture: %+v, the track's %+v", seen, f.Received().First)
		}
		time.Sleep(time.Second)
		next := handOver(t, f, domain.Video, viewer)
		feed(t, next, domain.H264, ends(wire(t, 9, h264Key)))
		if viewer.Sent().First != seen || next.Received().First.Picture != seen.Picture.Add(time.Second) {
			t.Errorf("then the viewer's first: %+v, the next track's %+v", viewer.Sent().First, next.Received().First)
		}
	})
}

// Sound has no picture, and a leg knows whether anybody feeds it.
func TestSoundHasNoPicture(t *testing.T) {
	f, leg := quietly(t, domain.Audio), NewLeg(forAll, &null{})
	if leg.Fed() {
		t.Error("a leg of no track is fed")
	}
	f.SetLegs([]*Leg{leg})
	feed(t, f, domain.Opus, wire(t, 1, "\xfcx"))
	if first := leg.Sent().First; first.Media.IsZero() || !first.Keyframe.IsZero() || !first.Picture.IsZero() || !leg.Fed() {
		t.Errorf("its firsts are %+v, it is fed: %v", first, leg.Fed())
	}
	f.SetLegs(nil)
	if leg.Fed() {
		t.Error("a leg that has been taken out is fed")
	}
}
