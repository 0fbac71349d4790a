package fanout

import (
	"fmt"
	"testing"

	"github.com/pion/rtp"

	"rostrum/domain"
)

var _ Sender = (*recorder)(nil)

// nowhere is a lane that carries nothing.
type nowhere struct{ flushes int }

func (n *nowhere) Flush() { n.flushes++ }

// newWorkers starts n workers that end with the test.
func newWorkers(t testing.TB, n int) *Workers {
	t.Helper()
	lanes := make([]Lane, n)
	for i := range lanes {
		lanes[i] = &nowhere{}
	}
	w := NewWorkers(lanes)
	t.Cleanup(w.Close)
	return w
}

// recorder is a Sender that remembers what it was given.
type recorder struct {
	sent, resent []packet
	bursts       int
	reports      []SenderReport
}

// packet is an RTP packet as a subscriber sees it.
type packet struct {
	SSRC        uint32
	PayloadType uint8
	Sequence    uint16
	Timestamp   uint32
	Marker      bool
	Payload     string
	Rollover    uint32
}

func (p packet) String() string {
	return fmt.Sprintf("{%d of %d at %d, type %d, marker %v: %q}", p.Sequence, p.SSRC, p.Timestamp, p.PayloadType, p.Marker, p.Payload)
}

func (r *recorder) Send(_ Lane, s Stream, burst []*Packet) {
	r.bursts++
	for _, p := range burst {
		r.sent = append(r.sent, seenAs(s, p))
	}
}

func (r *recorder) Resend(_ Lane, s Stream, p *Packet) { r.resent = append(r.resent, seenAs(s, p)) }
func (r *recorder) Report(_ Lane, report SenderReport) { r.reports = append(r.reports, report) }

func seenAs(s Stream, p *Packet) packet {
	index := s.Rewrite.IndexOf(p)
	return packet{s.SSRC, s.PayloadType, uint16(index), s.Rewrite.TimestampOf(p), p.Marker, string(p.Payload), uint32(index >> 16)}
}

// payloads returns what was sent, in order.
func (r *recorder) payloads() []string {
	var all []string
	for _, p := range r.sent {
		all = append(all, p.Payload)
	}
	return all
}

// The first bytes of payloads: a VP8 descriptor and frame tag, an H264 NAL unit.
const (
	vp8Key, vp8Delta   = "\x10\x00", "\x10\x01"
	h264Key, h264Delta = "\x65\x88", "\x41\x9a"
)

// forAll is an identity that takes every codec.
var forAll = Identity{SSRC: 7, PayloadTypes: map[domain.Codec]uint8{
	domain.VP8: 96, domain.VP9: 98, domain.H264: 102, domain.H265: 104, domain.AV1: 45, domain.Opus: 111,
}}

// wire returns an RTP packet as a source sends it; its timestamp is 3000 times its
// sequence number.
func wire(t testing.TB, sequence uint16, payload string) []byte {
	t.Helper()
	return at(t, sequence, 3000*uint32(sequence), payload)
}

// at returns an RTP packet of a certain time.
func at(t testing.TB, sequence uint16, timestamp uint32, payload string) []byte {
	t.Helper()
	p := rtp.Packet{
		Header:  rtp.Header{Version: 2, PayloadType: 120, SequenceNumber: sequence, Timestamp: timestamp, SSRC: 1},
		Payload: []byte(payload),
	}
	raw, err := p.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// quietly returns a fan-out of a kind whose requests and calls nobody hears.
func quietly(t testing.TB, kind domain.MediaKind) *TrackFanout {
	t.Helper()
	return NewTrackFanout(kind, newWorkers(t, 1), func() {}, func() {})
}

// newVideo returns a fan-out of video to one leg that takes every codec.
func newVideo(t testing.TB) (*TrackFanout, *Leg, *recorder) {
	t.Helper()
	f, sent := quietly(t, domain.Video), &recorder{}
	leg := NewLeg(forAll, sent)
	f.SetLegs([]*Leg{leg})
	return f, leg, sent
}

// resend asks for packets again and flushes what there is of them.
func resend(f *TrackFanout, leg *Leg, sequences ...uint16) {
	f.Resend(leg, sequences)
	f.Flush()
}

// report passes a clock on.
func report(f *TrackFanout, c Clock) {
	f.Report(c)
	f.Flush()
}

// feed receives packets and flushes them as one burst.
func feed(t testing.TB, f *TrackFanout, codec domain.Codec, packets ...[]byte) {
	t.Helper()
	for _, p := range packets {
		if !f.Receive(codec, p) {
			t.Fatalf("% x is not taken", p)
		}
	}
	f.Flush()
}
