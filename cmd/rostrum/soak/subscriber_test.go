//go:build soak

package soak

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"
)

// subscriber is a pion client that looks at every packet it gets. What is missing it
// asks for as any client of pion does.
type subscriber struct {
	pc           *webrtc.PeerConnection
	video, audio *continuity
}

// subscribe has a subscriber watch a room until the test is over.
func subscribe(t *testing.T, server, room string) *subscriber {
	t.Helper()
	setting := webrtc.SettingEngine{}
	setting.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	setting.SetIncludeLoopbackCandidate(true)
	setting.SetSRTPReplayProtectionWindow(longAgo) // as browsers
	engine, registry := &webrtc.MediaEngine{}, &interceptor.Registry{}
	registry.Add(&loss{}) // the first is the nearest to the network
	if err := errors.Join(engine.RegisterDefaultCodecs(), webrtc.RegisterDefaultInterceptors(engine, registry)); err != nil {
		t.Fatal(err)
	}
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(setting), webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry)).
		NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	s := &subscriber{pc, &continuity{kind: "video"}, &continuity{kind: "audio"}}
	t.Cleanup(func() { _ = pc.GracefulClose() }) // the server may have closed it
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio} {
		if _, err := pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			t.Fatal(err)
		}
	}
	pc.OnTrack(func(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
		var reports sync.WaitGroup
		reports.Go(func() { drain(receiver) })
		s.watch(track)
		reports.Wait()
	})
	s.connect(t, server+"/api/whep/play/"+room)
	return s
}

func (s *subscriber) watch(track *webrtc.TrackRemote) {
	c := s.audio
	if track.Kind() == webrtc.RTPCodecTypeVideo {
		c = s.video
	}
	for {
		p, attributes, err := track.ReadRTP()
		if err != nil {
			return
		}
		c.note(p.SequenceNumber, p.Marker, attributes.Get(webrtc.AttributeRtxPayloadType) != nil)
	}
}

// drain reads RTCP, for what pion does with it, until the receiver is stopped.
func drain(receiver *webrtc.RTPReceiver) {
	for {
		if _, _, err := receiver.ReadRTCP(); err != nil {
			return
		}
	}
}

func (s *subscriber) connect(t *testing.T, endpoint string) {
	t.Helper()
	offer, err := s.pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(s.pc)
	if err := s.pc.SetLocalDescription(offer); err != nil {
		t.Fatal(err)
	}
	<-gathered
	request, err := http.NewRequest(http.MethodPost, endpoint, strings.NewReader(s.pc.LocalDescription().SDP))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/sdp")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusCreated {
		t.Fatalf("POST %s: %s: %s (%v)", endpoint, response.Status, answer, err)
	}
	if err := s.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: string(answer)}); err != nil {
		t.Fatal(err)
	}
}
