package fanout

import (
	"fmt"
	"testing"

	"github.com/pion/rtp"

	"rostrum/domain"
)

var _ Sender = (*recorder)(nil)

// recorder is a Sender that remembers what it was given. It belongs to one
// goroutine.
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
}

func (p packet) String() string {
	return fmt.Sprintf("{%d of %d at %d, type %d, marker %v: %q}", p.Sequence, p.SSRC, p.Timestamp, p.PayloadType, p.Marker, p.Payload)
}

func (r *recorder) Send(s Stream, burst []*Packet) {
	r.bursts++
	for _, p := range burst {
		r.sent = append(r.sent, seenAs(s, p))
	}
}

func (r *recorder) Resend(s Stream, p *Packet) { r.resent = append(r.resent, seenAs(s, p)) }
func (r *recorder) Report(report SenderReport) { r.reports = append(r.reports, report) }

func seenAs(s Stream, p *Packet) packet {
	return packet{s.SSRC, s.PayloadType, s.Rewrite.SequenceOf(p), s.Rewrite.TimestampOf(p), p.Marker, string(p.Payload)}
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
	p := rtp.Packet{
		Header:  rtp.Header{Version: 2, PayloadType: 120, SequenceNumber: sequence, Timestamp: 3000 * uint32(sequence), SSRC: 1},
		Payload: []byte(payload),
	}
	raw, err := p.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// newVideo returns a fan-out of video to one leg that takes every codec.
func newVideo() (*TrackFanout, *Leg, *recorder) {
	f, sent := NewTrackFanout(domain.Video, func() {}), &recorder{}
	leg := NewLeg(forAll, sent)
	f.SetLegs([]*Leg{leg})
	return f, leg, sent
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
