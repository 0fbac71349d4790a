package pion

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"rostrum/adapters/pion/fanout"
	"rostrum/domain"
)

var _ webrtc.TrackLocal = (*output)(nil)

// output is one kind of media on its way to a subscriber. To pion it is a track:
// Bind gives what was negotiated, and nothing of pion decides per packet
// afterwards.
type output struct {
	subscriber *subscriber
	section    section
	rtpSender  *webrtc.RTPSender
	leg        atomic.Pointer[fanout.Leg] // set by Bind
	source     atomic.Pointer[source]     // whom the leg is fed by
}

func newOutput(s *subscriber, section section) *output {
	return &output{subscriber: s, section: section}
}

// add adds the output to its connection, with its codecs in their order, and
// reads its RTCP until the connection closes.
func (o *output) add() error {
	transceiver, err := o.subscriber.pc.AddTransceiverFromTrack(o, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	if err != nil {
		return fmt.Errorf("add %s: %w", o.section.kind, err)
	}
	var preferences []webrtc.RTPCodecParameters
	for _, c := range o.section.codecs {
		preferred := c.parameters
		if c.name.Kind() == domain.Video {
			preferred.RTCPFeedback = subscriberVideoFeedback
		}
		preferences = append(preferences, preferred)
		if c.rtx != 0 {
			preferences = append(preferences, c.retransmission())
		}
	}
	if err := transceiver.SetCodecPreferences(preferences); err != nil {
		return fmt.Errorf("prefer codecs of %s: %w", o.section.kind, err)
	}
	o.rtpSender = transceiver.Sender()
	o.subscriber.loops.Go(o.readFeedback)
	return nil
}

// Bind makes the leg from what was negotiated. pion calls it once, when the answer
// is set.
func (o *output) Bind(t webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	negotiated := t.CodecParameters()
	identity := fanout.Identity{SSRC: uint32(t.SSRC()), PayloadTypes: map[domain.Codec]uint8{}}
	retransmission := map[uint8]uint8{}
	var first *webrtc.RTPCodecParameters
	for _, c := range playable(o.section.codecs) { // the best first
		i := indexOf(negotiated, c.parameters.PayloadType)
		if i < 0 {
			continue
		}
		if first == nil {
			first = &negotiated[i]
		}
		pt := uint8(c.parameters.PayloadType)
		if _, ok := identity.PayloadTypes[c.name]; !ok {
			identity.PayloadTypes[c.name] = pt
		}
		if c.rtx != 0 && indexOf(negotiated, c.rtx) >= 0 {
			retransmission[pt] = uint8(c.rtx)
		}
	}
	if first == nil {
		return webrtc.RTPCodecParameters{}, errors.New("no codec was negotiated")
	}
	o.leg.Store(fanout.NewLeg(identity, &rtpSender{
		pc:      o.subscriber.pc,
		writer:  t.WriteStream(),
		rtxSSRC: uint32(t.SSRCRetransmission()),
		rtx:     retransmission,
	}))
	return *first, nil
}

// Unbind is called by pion when the connection closes; the leg has left the table
// by then or sends into nothing.
func (o *output) Unbind(webrtc.TrackLocalContext) error { return nil }

// ID, RID, StreamID and Kind name the track. All tracks of an answer are of one
// stream (draft-ietf-wish-whep §4.6.2).
func (o *output) ID() string                { return string(o.section.kind) }
func (o *output) RID() string               { return "" }
func (o *output) StreamID() string          { return "rostrum" }
func (o *output) Kind() webrtc.RTPCodecType { return webrtc.NewRTPCodecType(o.ID()) }

// readFeedback serves what the subscriber asks for by RTCP.
func (o *output) readFeedback() {
	buf := make([]byte, receiveMTU)
	for {
		n, _, err := o.rtpSender.Read(buf)
		if err != nil {
			return
		}
		packets, err := rtcp.Unmarshal(buf[:n])
		if err != nil {
			continue
		}
		from, leg := o.source.Load(), o.leg.Load()
		if from == nil || leg == nil {
			continue
		}
		for _, p := range packets {
			serve(p, from.fanout, leg)
		}
	}
}

// serve answers one RTCP packet: lost packets are sent again, key frames asked for.
func serve(packet rtcp.Packet, from *fanout.TrackFanout, leg *fanout.Leg) {
	switch p := packet.(type) {
	case *rtcp.TransportLayerNack:
		var lost []uint16
		for _, pair := range p.Nacks {
			lost = append(lost, pair.PacketList()...)
		}
		from.Resend(leg, lost)
	case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
		from.AskKeyframe()
	}
}

func indexOf(list []webrtc.RTPCodecParameters, pt webrtc.PayloadType) int {
	for i := range list {
		if list[i].PayloadType == pt {
			return i
		}
	}
	return -1
}
