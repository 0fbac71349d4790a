package pion

import (
	"context"

	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"

	"rostrum/adapters/pion/fanout"
	"rostrum/domain"
	"rostrum/ports"
)

// subscriber is a session that receives: one output for each kind of media that
// it has a place for and the room has a track of.
type subscriber struct {
	*peer
	outputs []*output // in the offer's order
}

var subscriberVideoFeedback = []webrtc.RTCPFeedback{{Type: "nack"}, {Type: "nack", Parameter: "pli"}, {Type: "ccm", Parameter: "fir"}}

// planOutputs returns the sections of an offer that a track goes to, the codecs
// that suit the track first. It refuses with domain.ErrNoCommonCodec when a
// section has a track but no codec for it, and with domain.ErrOfferUnsupported
// when there is nothing to send at all.
func planOutputs(o *offer, tracks []domain.Track) ([]section, error) {
	var plan []section
	for _, s := range o.sections {
		for _, t := range tracks {
			if t.Kind() != s.kind {
				continue
			}
			codecs, ok := byFitness(s.codecs, t)
			if !ok {
				return nil, domain.ErrNoCommonCodec.Because("The stream's " + string(s.kind) + " is " + string(t.Codec) + ", which the offer does not have. Use a player that can decode it.")
			}
			s.codecs = codecs
			plan = append(plan, s)
		}
	}
	if len(plan) == 0 {
		return nil, domain.ErrOfferUnsupported.Because("The stream has no media of the kind that the offer asks for.")
	}
	return plan, nil
}

// newSubscriber returns a subscriber that has not seen its offer yet.
func (m *Media) newSubscriber(o ports.Offer, plan []section) (*subscriber, error) {
	engine := &webrtc.MediaEngine{}
	for _, s := range plan {
		var feedback []webrtc.RTCPFeedback
		if s.kind == domain.Video {
			feedback = subscriberVideoFeedback
		}
		for _, c := range s.codecs {
			if err := c.register(engine, feedback); err != nil {
				return nil, err
			}
		}
	}
	p, err := m.newPeer(o, engine, webrtc.SettingEngine{}, &interceptor.Registry{})
	if err != nil {
		return nil, err
	}
	s := &subscriber{peer: p}
	for _, section := range plan {
		out := newOutput(s, section)
		if err := out.add(); err != nil {
			s.close()
			return nil, err
		}
		s.outputs = append(s.outputs, out)
	}
	return s, nil
}

// answer answers the offer. Sections that nothing is sent on are answered
// inactive.
func (s *subscriber) answer(ctx context.Context, o *offer) (string, error) {
	return s.peer.answer(ctx, o, func() {
		for _, t := range s.pc.GetTransceivers() {
			if t.Sender() == nil {
				_ = t.Stop() // it has not begun
			}
		}
	})
}

// kinds returns the kinds of media that there is an output for.
func (s *subscriber) kinds() []domain.MediaKind {
	kinds := make([]domain.MediaKind, len(s.outputs))
	for i, o := range s.outputs {
		kinds[i] = o.section.kind
	}
	return kinds
}

// connect makes from the source of the output of that kind and returns its leg,
// nil where the subscriber has no such output.
func (s *subscriber) connect(from *source, kind domain.MediaKind) *fanout.Leg {
	for _, o := range s.outputs {
		if o.section.kind == kind {
			o.source.Store(from)
			return o.leg.Load()
		}
	}
	return nil
}
