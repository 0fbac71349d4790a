package pion

import (
	"context"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/sdp/v3"
	"github.com/pion/transport/v5/packetio"
	"github.com/pion/webrtc/v4"

	"rostrum/domain"
	"rostrum/ports"
)

// publisher is a session that sends: one source for each of its tracks.
type publisher struct {
	*peer
	sources map[domain.TrackID]*source // fixed; in the offer's order by order
	order   []domain.TrackID
	queues  *ingressQueues
	done    chan struct{} // closed when the session is being closed
	stop    sync.Once
}

var (
	publisherVideoFeedback = []webrtc.RTCPFeedback{{Type: "nack"}, {Type: "nack", Parameter: "pli"}, {Type: "ccm", Parameter: "fir"}, {Type: webrtc.TypeRTCPFBTransportCC}}
	publisherAudioFeedback = []webrtc.RTCPFeedback{{Type: webrtc.TypeRTCPFBTransportCC}}
)

// newPublisher returns a publisher that has not seen its offer yet.
func (m *Media) newPublisher(o ports.Offer, parsed *offer) (*publisher, error) {
	p := &publisher{sources: map[domain.TrackID]*source{}, queues: newIngressQueues(), done: make(chan struct{})}
	engine, err := publisherEngine(parsed)
	if err != nil {
		return nil, err
	}
	interceptors, err := publisherInterceptors()
	if err != nil {
		return nil, err
	}
	setting := webrtc.SettingEngine{}
	setting.BufferFactory = func(packet packetio.BufferPacketType, ssrc uint32) io.ReadWriteCloser {
		return p.queues.open(packet, ssrc)
	}
	if p.peer, err = m.newPeer(o, engine, setting, interceptors, publisherChecks); err != nil {
		return nil, err
	}
	for _, s := range parsed.sections {
		src := newSource(p, s)
		p.sources[src.track.ID] = src
		p.order = append(p.order, src.track.ID)
		p.loops.Go(func() { src.fanout.Run(p.done) })
	}
	p.loops.Go(func() { p.listen(p.done) })
	p.pc.OnTrack(func(remote *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
		if src := p.sources[domain.TrackID(remote.Kind().String())]; src != nil {
			src.start(remote, receiver)
		}
	})
	return p, nil
}

// publisherEngine knows the codecs of an offer, each under the offer's payload
// type.
func publisherEngine(o *offer) (*webrtc.MediaEngine, error) {
	engine := &webrtc.MediaEngine{}
	for _, s := range o.sections {
		feedback := publisherVideoFeedback
		if s.kind == domain.Audio {
			feedback = publisherAudioFeedback
		}
		for _, c := range s.codecs {
			if err := c.register(engine, feedback); err != nil {
				return nil, err
			}
		}
		extension := webrtc.RTPHeaderExtensionCapability{URI: sdp.TransportCCURI}
		if err := engine.RegisterHeaderExtension(extension, webrtc.NewRTPCodecType(string(s.kind))); err != nil {
			return nil, err
		}
	}
	return engine, nil
}

// nackInterval is how often a publisher is asked for what is missing. What comes
// late to us comes late to every viewer.
const nackInterval = 20 * time.Millisecond

// publisherInterceptors ask for what is lost (RFC 4585), and report what arrives
// to the publisher and to its bandwidth estimation.
func publisherInterceptors() (*interceptor.Registry, error) {
	registry := &interceptor.Registry{}
	nacks, err := nack.NewGeneratorInterceptor(nack.GeneratorInterval(nackInterval))
	if err != nil {
		return nil, err
	}
	reports, err := report.NewReceiverInterceptor()
	if err != nil {
		return nil, err
	}
	feedback, err := twcc.NewSenderInterceptor()
	if err != nil {
		return nil, err
	}
	registry.Add(nacks)
	registry.Add(reports)
	registry.Add(feedback)
	return registry, nil
}

func (p *publisher) answer(ctx context.Context, o *offer) (string, error) {
	return p.peer.answer(ctx, o, func() {})
}

// tracks returns the tracks as the answer lets one expect them: each in the first
// codec of its section.
func (p *publisher) tracks() []domain.Track {
	tracks := make([]domain.Track, 0, len(p.order))
	for _, id := range p.order {
		tracks = append(tracks, p.sources[id].track)
	}
	return tracks
}

// unroute empties the tables of all tracks; then others may have their legs.
func (p *publisher) unroute() {
	for _, s := range p.sources {
		s.fanout.Detach()
	}
}

// declare names the streams that are being received in an offer that is repeated,
// since pion stops a receiver whose SSRC the offer does not have.
func (p *publisher) declare(session *sdp.SessionDescription) {
	for i, id := range p.order {
		ssrc := p.sources[id].ssrc.Load()
		m := session.MediaDescriptions[i]
		if _, declared := m.Attribute("ssrc"); ssrc != 0 && !declared {
			m.WithMediaSource(ssrc, "rostrum", "rostrum", string(id))
		}
	}
}

// report returns the numbers of the session so far.
func (p *publisher) report() ports.SessionReport {
	r := p.peer.report()
	for _, s := range p.sources {
		packets, bytes, keyframes := s.fanout.Received()
		r.Packets += packets
		r.Bytes += bytes
		r.Keyframes += keyframes
	}
	return r
}

// close closes the TrackFanouts and the connection, and waits for all that reads
// from it.
func (p *publisher) close() {
	p.stop.Do(func() { close(p.done) })
	p.unroute()
	p.peer.close()
}

// trackOf returns the track that a codec of a section makes.
func (s section) trackOf(c codec) domain.Track {
	return domain.Track{
		ID:     domain.TrackID(s.kind),
		Codec:  c.name,
		Format: c.parameters.SDPFmtpLine,
		Layers: []domain.Layer{{}},
	}
}

// codecFor returns the section's codec with that payload type.
func (s section) codecFor(pt uint8) (codec, bool) {
	i := slices.IndexFunc(s.codecs, func(c codec) bool { return uint8(c.parameters.PayloadType) == pt })
	if i < 0 {
		return codec{}, false
	}
	return s.codecs[i], true
}
