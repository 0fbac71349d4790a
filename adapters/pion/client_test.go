package pion_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/webrtc/v4"
)

// client is a WebRTC client whose codecs, keys and network the test chooses. It says
// and answers nothing by RTCP of its own accord. It is closed with the test.
type client struct {
	*testing.T
	api       *webrtc.API
	pc        *webrtc.PeerConnection
	recipe    *recipe
	connected chan struct{}
	screens   []*screen
}

// recipe is what a client is made by.
type recipe struct {
	setting       webrtc.SettingEngine
	repairs       bool // it negotiates RTX
	answersNACK   bool
	offer, answer []func(string) string // what becomes of the SDP on its way
}

type option func(*recipe)

func withProfiles(profiles ...dtls.SRTPProtectionProfile) option {
	return func(r *recipe) { r.setting.SetSRTPProtectionProfiles(profiles...) }
}

func withoutRTX(r *recipe) { r.repairs = false }

func answeringNACK(r *recipe) { r.answersNACK = true }

// announcingNoSSRC has the client say nothing of its streams.
func announcingNoSSRC(r *recipe) { r.offer = append(r.offer, undeclared) }

// overTCP leaves the client nothing but active ICE-TCP.
func overTCP(r *recipe) {
	r.setting.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeTCP4})
}

// setUp has the client offer a role in DTLS.
func setUp(role string) option {
	return func(r *recipe) {
		r.offer = append(r.offer, func(sdp string) string {
			return strings.ReplaceAll(sdp, "a=setup:actpass", "a=setup:"+role)
		})
	}
}

// replayWindow has a client take what comes late, as browsers do.
const replayWindow = 1024

func newClient(t *testing.T, options ...option) *client {
	t.Helper()
	r := &recipe{repairs: true}
	r.setting.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	r.setting.SetIncludeLoopbackCandidate(true)
	r.setting.SetSRTPReplayProtectionWindow(replayWindow)
	for _, o := range options {
		o(r)
	}
	api := webrtc.NewAPI(webrtc.WithSettingEngine(r.setting), webrtc.WithMediaEngine(r.engine(t)), webrtc.WithInterceptorRegistry(r.registry(t)))
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	c := &client{T: t, api: api, pc: pc, recipe: r, connected: make(chan struct{})}
	once := sync.OnceFunc(func() { close(c.connected) })
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateConnected {
			once()
		}
	})
	t.Cleanup(c.close)
	return c
}

// Payload types of every client.
const (
	payloadVP8  = 96
	payloadRTX  = 97
	payloadOpus = 111
)

func (r *recipe) engine(t *testing.T) *webrtc.MediaEngine {
	t.Helper()
	feedback := []webrtc.RTCPFeedback{{Type: "nack"}, {Type: "nack", Parameter: "pli"}}
	codecs := map[webrtc.PayloadType]webrtc.RTPCodecCapability{
		payloadVP8:  {MimeType: webrtc.MimeTypeVP8, ClockRate: 90_000, RTCPFeedback: feedback},
		payloadOpus: {MimeType: webrtc.MimeTypeOpus, ClockRate: 48_000, Channels: 2},
	}
	if r.repairs {
		codecs[payloadRTX] = webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeRTX, ClockRate: 90_000, SDPFmtpLine: "apt=96"}
	}
	engine := &webrtc.MediaEngine{}
	for _, pt := range []webrtc.PayloadType{payloadVP8, payloadRTX, payloadOpus} {
		capability, ok := codecs[pt]
		if !ok {
			continue
		}
		kind := webrtc.RTPCodecTypeVideo
		if pt == payloadOpus {
			kind = webrtc.RTPCodecTypeAudio
		}
		if err := engine.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: capability, PayloadType: pt}, kind); err != nil {
			t.Fatal(err)
		}
	}
	return engine
}

func (r *recipe) registry(t *testing.T) *interceptor.Registry {
	t.Helper()
	registry := &interceptor.Registry{}
	if r.answersNACK {
		responder, err := nack.NewResponderInterceptor()
		if err != nil {
			t.Fatal(err)
		}
		registry.Add(responder)
	}
	return registry
}

// offerSDP returns the client's offer, all candidates in it, as it arrives.
func (c *client) offerSDP() string {
	c.Helper()
	offer, err := c.pc.CreateOffer(nil)
	if err != nil {
		c.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(c.pc)
	if err := c.pc.SetLocalDescription(offer); err != nil {
		c.Fatal(err)
	}
	<-gathered
	return through(c.recipe.offer, c.pc.LocalDescription().SDP)
}

// accept takes the answer and begins to connect.
func (c *client) accept(answer string) {
	c.Helper()
	answer = through(c.recipe.answer, answer)
	if err := c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		c.Fatal(err)
	}
}

func through(changes []func(string) string, sdp string) string {
	for change := range slices.Values(changes) {
		sdp = change(sdp)
	}
	return sdp
}

func (c *client) close() { _ = c.pc.GracefulClose() } // the other end may have closed it
