package fanout

import (
	"slices"
	"testing"

	"rostrum/domain"
)

func TestVideoBeginsAtAKeyframe(t *testing.T) {
	for name, c := range map[string]struct {
		bursts [][]string // VP8 payloads, numbered from 0 on
		want   []string
	}{
		"at once":            {[][]string{{vp8Key + "a", vp8Delta + "b"}}, []string{vp8Key + "a", vp8Delta + "b"}},
		"never":              {[][]string{{vp8Delta + "a"}, {vp8Delta + "b", vp8Delta + "c"}}, nil},
		"within a burst":     {[][]string{{vp8Delta + "a", vp8Key + "b", vp8Delta + "c"}}, []string{vp8Key + "b", vp8Delta + "c"}},
		"in a later burst":   {[][]string{{vp8Delta + "a"}, {vp8Key + "b"}, {vp8Delta + "c"}}, []string{vp8Key + "b", vp8Delta + "c"}},
		"at the last of two": {[][]string{{vp8Key + "a", vp8Key + "b"}}, []string{vp8Key + "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			f, _, sent := newVideo(t)
			n := uint16(0)
			for _, burst := range c.bursts {
				for _, payload := range burst {
					f.Receive(domain.VP8, wire(t, n, payload))
					n++
				}
				f.Flush()
			}
			if got := sent.payloads(); !slices.Equal(got, c.want) {
				t.Errorf("sent %q, want %q", got, c.want)
			}
		})
	}
}

func TestSoundBeginsAtOnce(t *testing.T) {
	f, sent := quietly(t, domain.Audio), &recorder{}
	f.SetLegs([]*Leg{NewLeg(forAll, sent)})
	feed(t, f, domain.Opus, wire(t, 9, "\xfcone"), wire(t, 10, "\xfctwo"))
	if got := sent.payloads(); !slices.Equal(got, []string{"\xfcone", "\xfctwo"}) || sent.sent[0].PayloadType != 111 {
		t.Errorf("sent %v", sent.sent)
	}
}

// What comes late from before the key frame is of a picture that the subscriber
// never had; what comes late from behind it is wanted.
func TestLatePackets(t *testing.T) {
	f, _, sent := newVideo(t)
	feed(t, f, domain.VP8, wire(t, 100, vp8Key+"k"), wire(t, 98, vp8Delta+"old"), wire(t, 103, vp8Delta+"3"))
	feed(t, f, domain.VP8, wire(t, 99, vp8Delta+"older"))
	feed(t, f, domain.VP8, wire(t, 102, vp8Delta+"2"), wire(t, 97, vp8Delta+"oldest"), wire(t, 101, vp8Delta+"1"))
	want := []string{vp8Key + "k", vp8Delta + "3", vp8Delta + "2", vp8Delta + "1"}
	if got := sent.payloads(); !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
	first := sent.sent[0].Sequence
	if sent.sent[1].Sequence != first+3 || sent.sent[3].Sequence != first+1 {
		t.Errorf("late packets have lost their place: %v", sent.sent)
	}
}

func TestNumberingFollowsTheSource(t *testing.T) {
	f, _, sent := newVideo(t)
	feed(t, f, domain.VP8, wire(t, 65_534, vp8Key))
	for _, n := range []uint16{65_535, 0, 1, 5} { // over the top, and a gap
		feed(t, f, domain.VP8, wire(t, n, vp8Delta))
	}
	zero := sent.sent[0]
	for i, ahead := range []uint16{0, 1, 2, 3, 7} {
		p := sent.sent[i]
		source := 65_534 + ahead
		if p.Sequence != zero.Sequence+ahead || p.Timestamp-zero.Timestamp != 3000*uint32(source)-3000*65_534 {
			t.Errorf("packet %d: %+v after %+v", i, p, zero)
		}
		if p.SSRC != forAll.SSRC || p.PayloadType != 96 {
			t.Errorf("packet %d is of %d under payload type %d", i, p.SSRC, p.PayloadType)
		}
	}
}

// Numbers begin at random (RFC 3550 §5.1), each leg's for itself.
func TestLegsNumberForThemselves(t *testing.T) {
	f := quietly(t, domain.Video)
	all := make([]*recorder, 8)
	var legs []*Leg
	for i := range all {
		all[i] = &recorder{}
		legs = append(legs, NewLeg(Identity{SSRC: uint32(i), PayloadTypes: forAll.PayloadTypes}, all[i]))
	}
	f.SetLegs(legs)
	feed(t, f, domain.VP8, wire(t, 1, vp8Key))
	starts := map[packet]bool{}
	for i, r := range all {
		if len(r.sent) != 1 || r.sent[0].SSRC != uint32(i) {
			t.Fatalf("leg %d: %+v", i, r.sent)
		}
		starts[packet{Sequence: r.sent[0].Sequence, Timestamp: r.sent[0].Timestamp}] = true
	}
	if len(starts) < 2 {
		t.Errorf("all legs begin at %v", starts)
	}
}

func TestCodecChangeWaitsForAKeyframe(t *testing.T) {
	f, _, sent := newVideo(t)
	feed(t, f, domain.VP8, wire(t, 1, vp8Key+"1"), wire(t, 2, vp8Delta+"2"))
	feed(t, f, domain.H264, wire(t, 3, h264Delta+"3"))
	feed(t, f, domain.H264, wire(t, 4, h264Key+"4"), wire(t, 5, h264Delta+"5"))
	if got, want := sent.payloads(), []string{vp8Key + "1", vp8Delta + "2", h264Key + "4", h264Delta + "5"}; !slices.Equal(got, want) {
		t.Fatalf("sent %q, want %q", got, want)
	}
	for i, want := range []struct {
		pt    uint8
		ahead uint16
	}{{96, 0}, {96, 1}, {102, 2}, {102, 3}} { // no gap for what was not sent
		p := sent.sent[i]
		if p.PayloadType != want.pt || p.Sequence != sent.sent[0].Sequence+want.ahead {
			t.Errorf("packet %d: %+v, want payload type %d, %d ahead of %d", i, p, want.pt, want.ahead, sent.sent[0].Sequence)
		}
	}
}

// A codec change in mid-burst divides the burst: none is sent under the other's
// payload type.
func TestCodecChangeWithinABurst(t *testing.T) {
	f, _, sent := newVideo(t)
	f.Receive(domain.VP8, wire(t, 1, vp8Key+"1"))
	f.Receive(domain.H264, wire(t, 2, h264Key+"2"))
	f.Receive(domain.VP8, wire(t, 3, vp8Delta+"3"))
	f.Receive(domain.VP8, wire(t, 4, vp8Key+"4"))
	f.Flush()
	var types []uint8
	for _, p := range sent.sent {
		types = append(types, p.PayloadType)
	}
	if got := sent.payloads(); !slices.Equal(got, []string{vp8Key + "1", h264Key + "2", vp8Key + "4"}) || !slices.Equal(types, []uint8{96, 102, 96}) {
		t.Errorf("sent %q under %v", got, types)
	}
}

// What comes late from before a change of codec does not change it back.
func TestALatePacketOfTheOldCodec(t *testing.T) {
	f, _, sent := newVideo(t)
	feed(t, f, domain.VP8, wire(t, 1, vp8Key+"1"))
	feed(t, f, domain.H264, wire(t, 4, h264Key+"4"))
	for _, late := range []string{vp8Delta, vp8Key} {
		if f.Receive(domain.VP8, wire(t, 3, late)) {
			t.Errorf("%q is taken", late)
		}
	}
	feed(t, f, domain.H264, wire(t, 5, h264Delta+"5"))
	if got := sent.payloads(); !slices.Equal(got, []string{vp8Key + "1", h264Key + "4", h264Delta + "5"}) || f.waiting.Load() {
		t.Errorf("sent %q, a leg waits: %v", got, f.waiting.Load())
	}
}

func TestACodecThatIsNotTakenIsNotSent(t *testing.T) {
	f, sent := quietly(t, domain.Video), &recorder{}
	f.SetLegs([]*Leg{NewLeg(Identity{SSRC: 1, PayloadTypes: map[domain.Codec]uint8{domain.VP8: 96}}, sent)})
	feed(t, f, domain.H264, wire(t, 1, h264Key))
	feed(t, f, domain.VP8, wire(t, 2, vp8Key+"2"))
	feed(t, f, domain.H264, wire(t, 3, h264Key))
	if got := sent.payloads(); !slices.Equal(got, []string{vp8Key + "2"}) {
		t.Errorf("sent %q", got)
	}
}
