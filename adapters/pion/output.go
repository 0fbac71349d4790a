package pion

import (
	"sync/atomic"

	"github.com/pion/rtcp"

	"rostrum/adapters/pion/fanout"
	"rostrum/adapters/pion/negotiation"
)

// output is one kind of media on its way to a subscriber.
type output struct {
	negotiation.Output
	subscriber *subscriber
	leg        atomic.Pointer[fanout.Leg] // nil until the subscriber is connected
	source     atomic.Pointer[source]     // whom the leg is fed by
	asked      []uint16                   // reused; guarded by the subscriber's mu
	lost       atomic.Uint32              // packets that never came to the subscriber, as it said last
	lostAtMost highWater                  // guarded by the subscriber's mu
}

// serve answers one RTCP packet, if it is about this output: lost packets are sent
// again, key frames asked for, and losses taken note of.
func (o *output) serve(packet rtcp.Packet) {
	from, leg := o.source.Load(), o.leg.Load()
	if from == nil || leg == nil {
		return
	}
	tally := &o.subscriber.media.tally.subscribers
	switch p := packet.(type) {
	case *rtcp.TransportLayerNack:
		if p.MediaSSRC != o.SSRC {
			return
		}
		tally.nacks.Add(1)
		from.fanout.Resend(leg, o.nacked(p.Nacks))
	case *rtcp.PictureLossIndication:
		if p.MediaSSRC == o.SSRC {
			tally.keyframes.Add(1)
			from.fanout.PictureLost(leg, o.subscriber.conn.RoundTrip())
		}
	case *rtcp.FullIntraRequest:
		if asksFor(p, o.SSRC) {
			tally.keyframes.Add(1)
			from.fanout.PictureLost(leg, o.subscriber.conn.RoundTrip())
		}
	case *rtcp.ReceiverReport:
		o.hear(p.Reports, leg.Sent().Packets)
	}
}

// maxNacked is how many packets of one NACK are looked at; more do not wait to be
// sent again either.
const maxNacked = 256

// nacked returns the packets that a NACK asks for, valid until the next call.
func (o *output) nacked(pairs []rtcp.NackPair) []uint16 {
	o.asked = o.asked[:0]
	for _, pair := range pairs {
		pair.Range(func(sequence uint16) bool {
			o.asked = append(o.asked, sequence)
			return len(o.asked) < maxNacked
		})
		if len(o.asked) >= maxNacked {
			break
		}
	}
	return o.asked
}

// hear takes note of what a receiver report says of the stream, of which no more can be lost
// than has been sent.
func (o *output) hear(reports []rtcp.ReceptionReport, sent uint64) {
	for _, r := range reports {
		if r.SSRC == o.SSRC && r.TotalLost < 1<<23 { // of 24 bits with a sign: duplicates can make it negative
			lost := min(uint64(r.TotalLost), sent)
			o.lost.Store(uint32(lost))
			o.subscriber.media.tally.subscribers.lost.Add(o.lostAtMost.rise(lost))
		}
	}
}

// asksFor reports whether a FIR is for the stream, which its entries name and not
// its media SSRC (RFC 5104 §4.3.1.2).
func asksFor(p *rtcp.FullIntraRequest, ssrc uint32) bool {
	for _, entry := range p.FIR {
		if entry.SSRC == ssrc {
			return true
		}
	}
	return p.MediaSSRC == ssrc
}
