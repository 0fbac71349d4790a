package pion

import (
	"context"
	"slices"

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

// planOutputs returns the sections of an offer that something is or may be sent on:
// those that a track is for, the codecs that suit it first, or all of them while
// there are no tracks. It refuses with domain.ErrNoCommonCodec when a section has a
// track but no codec for it, and with domain.ErrOfferUnsupported when there is
// nothing to send at all.
func planOutputs(o *offer, tracks []domain.Track) ([]section, error) {
	if len(tracks) == 0 {
		return o.sections, nil
	}
	var plan []section
	for _, s := range o.sections {
		i := slices.IndexFunc(tracks, func(t domain.Track) bool { return t.Kind() == s.kind })
		if i < 0 {
			continue
		}
		codecs, ok := byFitness(s.codecs, tracks[i])
		if !ok {
			return nil, domain.ErrNoCommonCodec.Because("The stream's " + string(s.kind) + " is " + string(tracks[i].Codec) + ", which the offer does not have. Use a player that can decode it.")
		}
		s.codecs = codecs
		plan = append(plan, s)
	}
	if len(plan) == 0 {
		return nil, domain.ErrOfferUnsupported.Because("The stream has no media of the kind that the offer asks for.")
	}
	return plan, nil
}

// subscriberEngine knows the codecs of an offer, also of sections that nothing is
// sent on: rejected for want of a codec, the first of them would take the bundle's
// transport with it (RFC 9143 §7.3.3).
func subscriberEngine(o *offer) (*webrtc.MediaEngine, error) {
	engine := &webrtc.MediaEngine{}
	for _, s := range o.sections {
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
	return engine, nil
}

// newSubscriber returns a subscriber that has not seen its offer yet.
func (m *Media) newSubscriber(o ports.Offer, parsed *offer, plan []section) (*subscriber, error) {
	engine, err := subscriberEngine(parsed)
	if err != nil {
		return nil, err
	}
	p, err := m.newPeer(o, engine, webrtc.SettingEngine{}, &interceptor.Registry{}, subscriberChecks)
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

// codecs returns what the subscriber takes, each codec once.
func (s *subscriber) codecs() []domain.Codec {
	var names []domain.Codec
	for _, o := range s.outputs {
		for _, c := range o.section.codecs {
			if !slices.Contains(names, c.name) {
				names = append(names, c.name)
			}
		}
	}
	return names
}

// report returns the numbers of the session so far.
func (s *subscriber) report() ports.SessionReport {
	r := s.peer.report()
	for _, o := range s.outputs {
		if leg := o.leg.Load(); leg != nil {
			packets, bytes, keyframes := leg.Sent()
			r.Packets += packets
			r.Bytes += bytes
			r.Keyframes += keyframes
		}
	}
	return r
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
