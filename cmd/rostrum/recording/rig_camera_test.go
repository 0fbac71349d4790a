package recording

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"

	"rostrum/cmd/rostrum/clip"
	"rostrum/cmd/rostrum/rig"
)

// camera is a publisher whose media a test may harm on its way. Every packet that it
// lets pass is sent; what a NACK asks for is sent again.
type camera struct {
	t        *testing.T
	at       *stand
	room     string
	pc       *webrtc.PeerConnection
	tracks   map[webrtc.RTPCodecType]*webrtc.TrackLocalStaticSample
	sent     *atomic.Int64 // packets that have passed, those that repair others apart
	resource string        // the session's URL
}

// onWire sees every packet before it is sent, and again when it is repaired, and says
// whether it passes.
type onWire func(header *rtp.Header, payload []byte) bool

// newCamera publishes into a room, in the codecs of a clip. pass may be nil.
func (s *stand) newCamera(room, file string, pass onWire) *camera {
	s.t.Helper()
	c := &camera{t: s.t, at: s, room: room, sent: &atomic.Int64{}, tracks: map[webrtc.RTPCodecType]*webrtc.TrackLocalStaticSample{}}
	c.pc = s.connection(pass, c.sent)
	opened, err := clip.Open(file)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = opened.Close() }()
	for _, t := range opened.Tracks {
		track, err := webrtc.NewTrackLocalStaticSample(t.Codec, t.Kind().String(), "camera")
		if err != nil {
			s.t.Fatal(err)
		}
		transceiver, err := c.pc.AddTransceiverFromTrack(track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
		if err != nil {
			s.t.Fatal(err)
		}
		c.tracks[t.Kind()] = track
		go func() { // until the connection is closed: what is asked for again is sent by who reads
			for buffer := make([]byte, 1500); ; {
				if _, _, err := transceiver.Sender().Read(buffer); err != nil {
					return
				}
			}
		}()
	}
	c.connect()
	return c
}

// connection returns a PeerConnection whose packets go by pass, and are counted.
func (s *stand) connection(pass onWire, sent *atomic.Int64) *webrtc.PeerConnection {
	s.t.Helper()
	engine, registry := &webrtc.MediaEngine{}, &interceptor.Registry{}
	if err := engine.RegisterDefaultCodecs(); err != nil {
		s.t.Fatal(err)
	}
	registry.Add(wireFactory{pass, sent}) // the innermost: what the others send again goes by it too
	if err := webrtc.RegisterDefaultInterceptors(engine, registry); err != nil {
		s.t.Fatal(err)
	}
	setting := webrtc.SettingEngine{}
	setting.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	setting.SetIncludeLoopbackCandidate(true)
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(setting)).
		NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = pc.GracefulClose() })
	return pc
}

func (c *camera) connect() {
	c.t.Helper()
	connected := make(chan struct{}, 1)
	c.pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		if state == webrtc.PeerConnectionStateConnected {
			connected <- struct{}{}
		}
	})
	offer, err := c.pc.CreateOffer(nil)
	if err != nil {
		c.t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(c.pc)
	if err := c.pc.SetLocalDescription(offer); err != nil {
		c.t.Fatal(err)
	}
	<-gathered
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.at.url+"/api/whip/publish/"+c.room, strings.NewReader(c.pc.LocalDescription().SDP))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/sdp")
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	answer, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil || res.StatusCode != http.StatusCreated {
		c.t.Fatalf("publishing: %d %v\n%s", res.StatusCode, err, answer)
	}
	c.resource = c.at.url + res.Header.Get("Location")
	if err := c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: string(answer)}); err != nil {
		c.t.Fatal(err)
	}
	select {
	case <-connected:
	case <-time.After(rig.Patience):
		c.t.Fatal("the camera does not connect")
	}
}

// film sends a clip in its own time, as far as keep says, and returns how many pictures
// were sent.
func (c *camera) film(file string, keep func(clip.Sample) bool) (pictures int) {
	c.t.Helper()
	opened, err := clip.Open(file)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = opened.Close() }()
	began := time.Now()
	for {
		sample, err := opened.Next()
		if err != nil {
			time.Sleep(time.Second / clipRate)
			return pictures
		}
		kind := opened.Tracks[sample.Track].Kind()
		time.Sleep(time.Until(began.Add(sample.PTS)))
		duration := sample.Duration
		if kind == webrtc.RTPCodecTypeVideo {
			duration = time.Second / clipRate
		}
		if c.tracks[kind] == nil {
			continue
		}
		if keep != nil && !keep(sample) {
			_ = c.tracks[kind].WriteSample(media.Sample{Duration: duration}) // its time passes
			continue
		}
		if err := c.tracks[kind].WriteSample(media.Sample{Data: sample.Data, Duration: duration}); err != nil {
			c.t.Errorf("send: %v", err)
			return pictures
		}
		if kind == webrtc.RTPCodecTypeVideo {
			pictures++
		}
	}
}

// arrive waits until the server has received what was sent, or until nothing more comes
// of it for a second: what was lost last is missed by nobody. It reports whether all has come.
func (c *camera) arrive() (all bool) {
	c.t.Helper()
	const enough = 20 // looks that find nothing more
	last, same := int64(-1), 0
	rig.Eventually(c.t, "what was sent has come", func() bool {
		got := c.at.live(c.room).Packets
		if same++; got != last {
			last, same = got, 0
		}
		all = got >= c.sent.Load()
		return all || same >= enough
	})
	return all
}

// leave ends the session, after what is on its way has come.
func (c *camera) leave() {
	c.t.Helper()
	c.arrive()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodDelete, c.resource, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil || res.StatusCode != http.StatusOK && res.StatusCode != http.StatusNoContent {
		c.t.Fatalf("leaving: %v %v", res, err)
	}
	_ = res.Body.Close()
}

// wireFactory makes the interceptor that lets packets pass or not, and counts them.
type wireFactory struct {
	pass onWire
	sent *atomic.Int64
}

func (f wireFactory) NewInterceptor(string) (interceptor.Interceptor, error) {
	return &wire{pass: f.pass, sent: f.sent}, nil
}

type wire struct {
	interceptor.NoOp
	pass onWire
	sent *atomic.Int64
}

func (w *wire) BindLocalStream(stream *interceptor.StreamInfo, writer interceptor.RTPWriter) interceptor.RTPWriter {
	return interceptor.RTPWriterFunc(func(header *rtp.Header, payload []byte, a interceptor.Attributes) (int, error) {
		if w.pass != nil && !w.pass(header, payload) {
			return len(payload), nil
		}
		if header.SSRC == stream.SSRC {
			w.sent.Add(1)
		}
		return writer.Write(header, payload, a)
	})
}
