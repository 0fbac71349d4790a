package bench

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"rostrum/api/client"
)

// keyGap is the least time between a key frame and the next that was asked for.
const keyGap = 300 * time.Millisecond

// publisher is one WHIP session with an ordinary WebRTC client behind it: it answers NACKs and key frame requests, and sends
// sender reports.
type publisher struct {
	server  *client.Client
	room    string
	session *client.Session // nil until the server has made one
	pc      *webrtc.PeerConnection
	tracks  [kinds]*webrtc.TrackLocalStaticRTP
	ready   chan struct{}
	alive   context.Context // ends with the session; its cause says why
	end     context.CancelCauseFunc
	running sync.WaitGroup

	keyWanted atomic.Bool
	player    player
}

// publish connects and begins to send. If it fails, nothing is left of it.
func publish(ctx context.Context, server *client.Client, room string, s Stream) (_ *publisher, err error) {
	at, err := url.Parse(server.Server())
	if err != nil {
		return nil, err
	}
	p := &publisher{server: server, room: room, ready: make(chan struct{})}
	p.alive, p.end = context.WithCancelCause(ctx)
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close(ctx))
		}
	}()
	if p.pc, err = newConnection(s.Codec, loopback(at)); err != nil {
		return nil, err
	}
	var once sync.Once
	p.pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		switch state {
		case webrtc.PeerConnectionStateConnected:
			once.Do(func() { close(p.ready) })
		case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
			p.end(errors.New("the publisher's connection to the server was lost"))
		}
	})
	for k, capability := range []webrtc.RTPCodecCapability{capability(s.Codec), capability("opus")} {
		if p.tracks[k], err = p.add(capability); err != nil {
			return nil, err
		}
	}
	if err := p.negotiate(ctx); err != nil {
		return nil, err
	}
	p.player = player{source: newSource(s), packets: newPacketizer(s.Codec), write: p.write, key: &p.keyWanted}
	p.running.Go(func() { p.end(p.player.play(p.alive)) })
	return p, nil
}

func capability(codec string) webrtc.RTPCodecCapability {
	feedback := []webrtc.RTCPFeedback{{Type: "nack"}, {Type: "nack", Parameter: "pli"}}
	switch codec {
	case "opus":
		return webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}
	case "vp8":
		return webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000, RTCPFeedback: feedback}
	default:
		return webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeH264, ClockRate: 90000, SDPFmtpLine: h264Format, RTCPFeedback: feedback}
	}
}

// newConnection knows the stream's codecs alone.
func newConnection(codec string, local bool) (*webrtc.PeerConnection, error) {
	engine, registry := &webrtc.MediaEngine{}, &interceptor.Registry{}
	rtx := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeRTX, ClockRate: 90000, SDPFmtpLine: fmt.Sprintf("apt=%d", payloadVideo)}
	err := errors.Join(
		engine.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: capability(codec), PayloadType: payloadVideo}, webrtc.RTPCodecTypeVideo),
		engine.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: rtx, PayloadType: payloadRTX}, webrtc.RTPCodecTypeVideo),
		engine.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: capability("opus"), PayloadType: payloadAudio}, webrtc.RTPCodecTypeAudio),
		webrtc.RegisterDefaultInterceptors(engine, registry),
	)
	if err != nil {
		return nil, err
	}
	settings := webrtc.SettingEngine{LoggerFactory: quiet()}
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	settings.SetICETimeouts(disconnectedAfter, failedAfter, keepAlive)
	settings.SetIncludeLoopbackCandidate(local)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	return webrtc.NewAPI(
		webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(settings),
	).NewPeerConnection(webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle})
}

// add makes a track, and reads its RTCP until the connection is closed.
func (p *publisher) add(c webrtc.RTPCodecCapability) (*webrtc.TrackLocalStaticRTP, error) {
	name, _, _ := strings.Cut(c.MimeType, "/")
	track, err := webrtc.NewTrackLocalStaticRTP(c, name, "bench")
	if err != nil {
		return nil, err
	}
	transceiver, err := p.pc.AddTransceiverFromTrack(track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	if err != nil {
		return nil, err
	}
	p.running.Go(func() {
		for {
			packets, _, err := transceiver.Sender().ReadRTCP()
			if err != nil {
				return
			}
			for _, packet := range packets {
				switch packet.(type) {
				case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
					p.keyWanted.Store(true)
				}
			}
		}
	})
	return track, nil
}

// negotiate offers with all candidates, and waits until media can flow.
func (p *publisher) negotiate(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	offer, err := p.pc.CreateOffer(nil)
	if err != nil {
		return err
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(offer); err != nil {
		return err
	}
	select {
	case <-gathered:
	case <-ctx.Done():
		return fmt.Errorf("no network address to publish from was found: %w", ctx.Err())
	}
	if p.session, err = p.server.Publish(ctx, p.room, p.pc.LocalDescription().SDP); err != nil {
		return explained(err)
	}
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: p.session.Answer}); err != nil {
		return fmt.Errorf("the server's answer can't be used: %w", err)
	}
	select {
	case <-p.ready:
		return nil
	case <-p.alive.Done():
		return context.Cause(p.alive)
	case <-ctx.Done():
		return fmt.Errorf("the server took the offer, but its media port does not answer: %w", ctx.Err())
	}
}

// write stamps and sends one packet.
func (p *publisher) write(k kind, packet *rtp.Packet, number uint32) error {
	putStamp(packet.Payload, number, time.Now())
	return p.tracks[k].WriteRTP(packet)
}

// close ends the session on the server, also when ctx has ended, and waits for everything that ran.
func (p *publisher) close(ctx context.Context) error {
	var err error
	if p.session != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deleteTimeout)
		defer cancel()
		err = explained(p.session.End(ctx))
	}
	p.end(nil)
	if p.pc != nil {
		_ = p.pc.GracefulClose() // the server may have been faster
	}
	p.running.Wait()
	return err
}
