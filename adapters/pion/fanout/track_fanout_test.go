package fanout

import (
	"slices"
	"strconv"
	"testing"

	"github.com/pion/rtp"

	"rostrum/domain"
)

func TestReceiveStripsWhatIsTheSources(t *testing.T) {
	f, _, sent := newVideo(t)
	p := rtp.Packet{
		Header: rtp.Header{
			Version: 2, Marker: true, PayloadType: 120, SequenceNumber: 1, Timestamp: 9, SSRC: 1,
			CSRC: []uint32{5, 6}, Extension: true, ExtensionProfile: 0xbede, PaddingSize: 17, Padding: true,
		},
		Payload: []byte(vp8Key + "x"),
	}
	if err := p.SetExtension(3, []byte("mid")); err != nil {
		t.Fatal(err)
	}
	raw, err := p.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	feed(t, f, domain.VP8, raw)
	clear(raw) // nothing of it may be retained
	if got := sent.sent; len(got) != 1 || got[0].Payload != vp8Key+"x" || !got[0].Marker || got[0].SSRC != 7 || got[0].PayloadType != 96 {
		t.Errorf("sent %+v", got)
	}
}

func TestReceiveRefuses(t *testing.T) {
	padded := func(tail ...byte) []byte {
		p := append(wire(t, 2, vp8Key), tail...)
		p[0] |= 0x20
		return p
	}
	bare := padded()[:12]
	for name, raw := range map[string][]byte{
		"nothing":                   nil,
		"half a header":             wire(t, 2, vp8Key)[:11],
		"contributors missing":      append([]byte{0x82}, wire(t, 2, "")[1:]...),
		"extension missing":         append([]byte{0x90}, wire(t, 2, "")[1:]...),
		"no padding where promised": bare,
		"padding of 0":              padded(0),
		"padding longer than all":   padded(200),
		"a duplicate":               wire(t, 1, vp8Key),
	} {
		t.Run(name, func(t *testing.T) {
			f, _, sent := newVideo(t)
			feed(t, f, domain.VP8, wire(t, 1, vp8Key))
			if f.Receive(domain.VP8, raw) {
				t.Error("it is taken")
			}
			f.Flush()
			if len(sent.sent) != 1 {
				t.Errorf("sent %v", sent.sent)
			}
		})
	}
}

// Padding alone keeps its number, so that subscribers see no gap.
func TestPaddingAloneGoesOnEmpty(t *testing.T) {
	f, _, sent := newVideo(t)
	probe := append(wire(t, 2, ""), 0, 0, 3)
	probe[0] |= 0x20
	feed(t, f, domain.VP8, wire(t, 1, vp8Key), probe, wire(t, 3, vp8Delta))
	if got := sent.sent; len(got) != 3 || got[1].Payload != "" || got[1].Sequence != got[0].Sequence+1 {
		t.Errorf("sent %+v", got)
	}
}

func TestFlushSendsEachBurstOnce(t *testing.T) {
	f, _, sent := newVideo(t)
	f.Flush()
	feed(t, f, domain.VP8, wire(t, 1, vp8Key), wire(t, 2, vp8Delta), wire(t, 3, vp8Delta))
	f.Flush()
	if sent.bursts != 1 || len(sent.sent) != 3 {
		t.Errorf("%d packets in %d bursts", len(sent.sent), sent.bursts)
	}
}

func TestFull(t *testing.T) {
	f, _, _ := newVideo(t)
	for n := range uint16(ringSize) {
		if f.Full() {
			if n < ringSize/16 || n > ringSize/2 {
				t.Errorf("full at %d packets", n)
			}
			f.Flush()
			if f.Full() {
				t.Error("full after a flush")
			}
			return
		}
		f.Receive(domain.VP8, wire(t, n, vp8Key))
	}
	t.Error("never full: a burst would overwrite itself in the ring")
}

// A gap or a late packet can bring another into the slot of one that still waits
// in the burst.
func TestPacketsThatMeetInOneSlot(t *testing.T) {
	for name, sequences := range map[string][]uint16{
		"a gap as wide as the ring":     {5000, 5001, 5000 + ringSize},
		"a late one, then one far on":   {5000, 5600, 5001, 5001 + ringSize},
		"on both sides of the first":    {5500, 5000, 5000 + ringSize},
		"over the top of the numbering": {65_000, 65_535, uint16(65_000 + ringSize - 1<<16), uint16(65_535 + ringSize - 1<<16)},
	} {
		t.Run(name, func(t *testing.T) {
			f, _, sent := newVideo(t)
			feed(t, f, domain.VP8, wire(t, sequences[0]-600, vp8Key))
			want := sent.payloads()
			for i, n := range sequences {
				payload := vp8Key + string(rune('a'+i))
				if !f.Receive(domain.VP8, wire(t, n, payload)) {
					t.Fatalf("packet %d is not taken", n)
				}
				want = append(want, payload)
			}
			f.Flush()
			if got := sent.payloads(); !slices.Equal(got, want) {
				t.Errorf("sent %q, want %q", got, want)
			}
		})
	}
}

func TestTheTableIsSwapped(t *testing.T) {
	f, stays, sentStays := newVideo(t)
	sentGoes, sentComes := &recorder{}, &recorder{}
	f.SetLegs([]*Leg{stays, NewLeg(forAll, sentGoes)})
	feed(t, f, domain.VP8, wire(t, 1, vp8Key+"1"))
	f.SetLegs([]*Leg{stays, NewLeg(forAll, sentComes)})
	feed(t, f, domain.VP8, wire(t, 2, vp8Delta+"2"))
	feed(t, f, domain.VP8, wire(t, 3, vp8Key+"3"))
	f.SetLegs(nil)
	feed(t, f, domain.VP8, wire(t, 4, vp8Key+"4"))
	for name, c := range map[string]struct {
		sent *recorder
		want []string
	}{
		"who stays": {sentStays, []string{vp8Key + "1", vp8Delta + "2", vp8Key + "3"}},
		"who goes":  {sentGoes, []string{vp8Key + "1"}},
		"who comes": {sentComes, []string{vp8Key + "1", vp8Delta + "2", vp8Key + "3"}},
	} {
		if got := c.sent.payloads(); !slices.Equal(got, c.want) {
			t.Errorf("%s got %q, want %q", name, got, c.want)
		}
	}
	if s := sentStays.sent; s[2].Sequence != s[0].Sequence+2 {
		t.Errorf("the numbering of who stays was broken: %+v", s)
	}
}

func TestReport(t *testing.T) {
	f, _, sent := newVideo(t)
	report(f, Clock{NTPTime: 1, RTPTime: 1})
	if len(sent.reports) != 0 {
		t.Fatalf("a leg that has sent nothing reports %+v", sent.reports)
	}
	feed(t, f, domain.VP8, wire(t, 1, vp8Key+"1234"), wire(t, 2, vp8Delta), wire(t, 3, ""))
	feed(t, f, domain.VP8, wire(t, 4, vp8Delta+"123456"))
	shift := sent.sent[0].Timestamp - 3000
	for _, rtpTime := range []uint32{0, 3000, 1<<32 - 1} {
		sent.reports = nil
		report(f, Clock{NTPTime: 0xe0000000_80000000, RTPTime: rtpTime})
		want := SenderReport{SSRC: 7, NTPTime: 0xe0000000_80000000, RTPTime: rtpTime + shift, Packets: 4, Octets: 6 + 2 + 8}
		if !slices.Equal(sent.reports, []SenderReport{want}) {
			t.Errorf("reports %+v, want %+v", sent.reports, want)
		}
	}
}

// What is sent again counts too as little as what was never sent.
func TestReportCountsWhatLeft(t *testing.T) {
	f, leg, sent := newVideo(t)
	feed(t, f, domain.VP8, wire(t, 1, vp8Delta), wire(t, 2, vp8Key), wire(t, 0, vp8Delta))
	resend(f, leg, sent.sent[0].Sequence)
	report(f, Clock{})
	if got := sent.reports; len(got) != 1 || got[0].Packets != 1 || got[0].Octets != 2 {
		t.Errorf("reports %+v, want 1 packet of 2 octets", got)
	}
}

// So can a source that numbers anew, a little below a packet that came late.
func TestASourceThatNumbersAnewWithinABurst(t *testing.T) {
	f, _, sent := newVideo(t)
	feed(t, f, domain.VP8, wire(t, 4000, vp8Key))
	for _, n := range []uint16{4500, 5000, 5500, 6000} {
		feed(t, f, domain.VP8, wire(t, n, vp8Delta))
	}
	sent.sent = nil
	f.Receive(domain.VP8, wire(t, 5010, vp8Delta+"late"))
	for n := uint16(4970); n <= 5010; n++ { // the first strays prove it
		f.Receive(domain.VP8, wire(t, n, vp8Delta+strconv.Itoa(int(n))))
	}
	f.Flush()
	seen := map[string]bool{}
	for _, p := range sent.payloads() {
		if seen[p] {
			t.Errorf("%q is sent twice", p)
		}
		seen[p] = true
	}
	if !seen[vp8Delta+"late"] || !seen[vp8Delta+"5010"] {
		t.Errorf("not all that was taken is sent: %q", sent.payloads())
	}
}
