// Package webrtcpeer is the other end in tests of media: a real WebRTC client, by
// pion, that publishes numbered pictures and sound or receives them.
package webrtcpeer

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// patience is how long a peer waits for what must happen, on however busy a machine.
const patience = 90 * time.Second

// Peer is a WebRTC client of a test. It is closed with the test.
type Peer struct {
	t  *testing.T
	PC *webrtc.PeerConnection

	tracks    map[webrtc.RTPCodecType]*webrtc.TrackLocalStaticRTP
	keyframes chan struct{} // requests that have not been answered

	answer string // the last that was accepted

	pictures atomic.Int64 // that Stream has begun to send

	onceConnected, onceClosed, onceFailed sync.Once
	connected, closed, failed             chan struct{}
}

func newPeer(t *testing.T) *Peer {
	t.Helper()
	engine := &webrtc.MediaEngine{}
	if err := engine.RegisterDefaultCodecs(); err != nil {
		t.Fatal(err)
	}
	setting := webrtc.SettingEngine{}
	setting.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	setting.SetIncludeLoopbackCandidate(true)
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithSettingEngine(setting)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	p := &Peer{
		t: t, PC: pc,
		tracks:    map[webrtc.RTPCodecType]*webrtc.TrackLocalStaticRTP{},
		keyframes: make(chan struct{}, 1),
		connected: make(chan struct{}),
		closed:    make(chan struct{}),
		failed:    make(chan struct{}),
	}
	pc.OnConnectionStateChange(p.stateChanged)
	t.Cleanup(p.Close)
	return p
}

func (p *Peer) stateChanged(s webrtc.PeerConnectionState) {
	switch s {
	case webrtc.PeerConnectionStateConnected:
		p.onceConnected.Do(func() { close(p.connected) }) // after a restart it is so again
	case webrtc.PeerConnectionStateClosed:
		p.onceClosed.Do(func() { close(p.closed) })
	case webrtc.PeerConnectionStateFailed:
		p.onceFailed.Do(func() { close(p.failed) })
	default:
	}
}

// Publisher returns a peer that offers to send VP8 and Opus, or of these kinds alone.
func Publisher(t *testing.T, kinds ...webrtc.RTPCodecType) *Peer {
	t.Helper()
	p := newPeer(t)
	for kind, mime := range map[webrtc.RTPCodecType]string{webrtc.RTPCodecTypeVideo: webrtc.MimeTypeVP8, webrtc.RTPCodecTypeAudio: webrtc.MimeTypeOpus} {
		if len(kinds) > 0 && !slices.Contains(kinds, kind) {
			continue
		}
		track, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: mime}, kind.String(), "test")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.PC.AddTransceiverFromTrack(track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}); err != nil {
			t.Fatal(err)
		}
		p.tracks[kind] = track
	}
	return p
}

// Subscriber returns a peer that offers to receive sound and picture. Each track
// that comes is given to onTrack on a goroutine of its own.
func Subscriber(t *testing.T, onTrack func(*webrtc.TrackRemote)) *Peer {
	t.Helper()
	p := newPeer(t)
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio} {
		if _, err := p.PC.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			t.Fatal(err)
		}
	}
	p.PC.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { onTrack(track) })
	return p
}

// Offer returns the peer's offer, all candidates in it.
func (p *Peer) Offer() string { p.t.Helper(); return p.offer(nil) }

func (p *Peer) offer(options *webrtc.OfferOptions) string {
	p.t.Helper()
	offer, err := p.PC.CreateOffer(options)
	if err != nil {
		p.t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(p.PC)
	if err := p.PC.SetLocalDescription(offer); err != nil {
		p.t.Fatal(err)
	}
	<-gathered
	return p.PC.LocalDescription().SDP
}

// Accept takes the answer and begins to connect.
func (p *Peer) Accept(answer string) {
	p.t.Helper()
	if err := p.PC.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		p.t.Fatal(err)
	}
	p.answer = answer
}

// WaitConnected waits until media may flow.
func (p *Peer) WaitConnected() {
	p.t.Helper()
	p.wait(p.connected, "connected")
}

// WaitClosed waits until the other end has closed the connection. It fails the test where
// the other end has just fallen silent.
func (p *Peer) WaitClosed() {
	p.t.Helper()
	p.wait(p.closed, "closed")
}

func (p *Peer) wait(done <-chan struct{}, what string) {
	p.t.Helper()
	select {
	case <-done:
	case <-p.failed:
		p.t.Fatalf("the peer was not %s: nothing is heard of the other end", what)
	case <-time.After(patience):
		p.t.Fatalf("the peer was not %s within %v", what, patience)
	}
}

// Close closes the connection, which tells the other end. Closing again does
// nothing.
func (p *Peer) Close() { _ = p.PC.GracefulClose() } // it has been closed by the other end

// Stream sends 50 numbered pictures and pieces of sound a second until ctx ends or
// the connection is closed. Each picture is one packet; one that was asked for by
// PLI, and no other, is a key frame.
func (p *Peer) Stream(ctx context.Context) {
	var readers sync.WaitGroup
	for _, s := range p.PC.GetSenders() {
		readers.Go(func() { p.readRequests(s) })
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for n := uint16(0); ctx.Err() == nil; n++ {
		select {
		case <-ctx.Done():
		case <-tick.C:
			p.pictures.Add(1)
			p.sendPicture(n)
			p.write(webrtc.RTPCodecTypeAudio, n, uint32(n)*960, []byte{0xfc, byte(n >> 8), byte(n)})
		}
	}
	p.Close()
	readers.Wait()
}

// Pictures returns how many pictures Stream has sent, the one that it is just sending among
// them: the next has that number.
func (p *Peer) Pictures() int { return int(p.pictures.Load()) }

func (p *Peer) sendPicture(n uint16) {
	const beginsFrame = 0x10 // S bit of the VP8 payload descriptor
	tag := byte(1)           // lowest bit of the VP8 frame tag: predicted
	select {
	case <-p.keyframes:
		tag = 0
	default:
	}
	p.write(webrtc.RTPCodecTypeVideo, n, uint32(n)*1800, []byte{beginsFrame, tag, byte(n >> 8), byte(n)})
}

// write sends one packet. Errors mean that the connection is closing.
func (p *Peer) write(kind webrtc.RTPCodecType, sequence uint16, timestamp uint32, payload []byte) {
	track := p.tracks[kind]
	if track == nil {
		return
	}
	_ = track.WriteRTP(&rtp.Packet{
		Header:  rtp.Header{Version: 2, Marker: true, SequenceNumber: sequence, Timestamp: timestamp},
		Payload: payload,
	})
}

// readRequests takes note of requests for key frames until the sender stops.
func (p *Peer) readRequests(s *webrtc.RTPSender) {
	for {
		packets, _, err := s.ReadRTCP()
		if err != nil {
			return
		}
		for _, packet := range packets {
			if _, ok := packet.(*rtcp.PictureLossIndication); ok {
				select {
				case p.keyframes <- struct{}{}:
				default: // one is on its way
				}
			}
		}
	}
}
