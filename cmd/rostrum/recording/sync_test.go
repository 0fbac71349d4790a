package recording

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"rostrum/cmd/rostrum/clip"
	"rostrum/cmd/rostrum/recording/clapper"
	"rostrum/cmd/rostrum/rig"
)

// A flash and a beep of one instant are at one instant in what is stored, by the reports
// of a publisher that sends both in time.
func TestSoundAndPictureTogether(t *testing.T) {
	t.Parallel()
	const seconds = 10
	for _, encoder := range []string{"libvpx", "libx264"} {
		t.Run(encoder, func(t *testing.T) {
			t.Parallel()
			s := newStand(t)
			s.start()
			film, delay := clapper.Film(t, encoder, seconds), rig.WatchDelay()
			s.publish("hall", film).wait()
			late := delay.Sum()
			claps := s.claps(s.stored(1)[0])
			if len(claps) != seconds {
				t.Errorf("%d claps of %d are stored", len(claps), seconds)
			}
			checkTogether(t, claps, late)
		})
	}
}

// Sound that is held up on its way would be out of step by when it comes. Sender reports
// put it back; until both streams have one there is nothing else to go by.
func TestSoundHeldUpOnItsWay(t *testing.T) {
	t.Parallel()
	const (
		seconds  = 10
		by       = 300 * time.Millisecond
		reported = 3 * time.Second
	)
	for _, encoder := range []string{"libvpx", "libx264"} {
		t.Run(encoder, func(t *testing.T) {
			t.Parallel()
			s := newStand(t)
			s.start()
			film := clapper.Film(t, encoder, seconds)
			c := s.newCameraWithLateSound("hall", film, by)
			delay := rig.WatchDelay()
			c.film(film, nil)
			late, least := delay.Sum(), seconds
			if !c.arrive() {
				least = seconds * 2 / 3 // what this camera loses it does not send again
			}
			c.leave()
			claps := s.claps(s.stored(1)[0])
			early := slices.IndexFunc(claps, func(c clapper.Clap) bool { return c.Flash >= reported })
			if len(claps) < least || early < 0 {
				t.Fatalf("%d claps of %d are stored: %v", len(claps), seconds, claps)
			}
			t.Logf("before the reports: %v", clapper.OffsetsOf(claps[:early]))
			checkTogether(t, claps[early:], late)
		})
	}
}

// checkTogether checks that the beeps go with their flashes, where the publisher may have
// been late by so much.
func checkTogether(t *testing.T, claps []clapper.Clap, late time.Duration) {
	t.Helper()
	offsets := clapper.OffsetsOf(claps)
	t.Logf("sound comes after the picture by %v in the mean: %v; the machine was busy for %v", offsets.Mean(), offsets, late)
	if !offsets.Together(late) {
		t.Errorf("sound comes after the picture by %v, want %v or less either way", offsets, clapper.Tolerance)
	}
}

// claps returns those of a recording of one part.
func (s *stand) claps(r recording) []clapper.Clap {
	s.t.Helper()
	if len(r.Parts) != 1 {
		s.t.Fatalf("the recording has %d parts: %+v", len(r.Parts), r.Parts)
	}
	status, body := s.call(http.MethodGet, "/api/recordings/"+r.ID+"/media")
	if status != http.StatusOK {
		s.t.Fatalf("media of %s: %d %s", r.ID, status, body)
	}
	name := filepath.Join(s.t.TempDir(), r.Parts[0].File)
	if err := os.WriteFile(name, body, 0o600); err != nil {
		s.t.Fatal(err)
	}
	return clapper.Claps(s.t, name)
}

// newCameraWithLateSound publishes into a room a clip's pictures in time, and its sound
// late. The sender reports are of when either was due.
func (s *stand) newCameraWithLateSound(room, file string, by time.Duration) *camera {
	s.t.Helper()
	engine, registry, setting := &webrtc.MediaEngine{}, &interceptor.Registry{}, webrtc.SettingEngine{}
	if err := engine.RegisterDefaultCodecs(); err != nil {
		s.t.Fatal(err)
	}
	sent := &atomic.Int64{}
	registry.Add(lateFactory{by, sent}) // the innermost: the reports come before it
	if err := webrtc.ConfigureRTCPReports(registry); err != nil {
		s.t.Fatal(err)
	}
	setting.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	setting.SetIncludeLoopbackCandidate(true)
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(setting)).
		NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = pc.GracefulClose() })
	c := &camera{t: s.t, at: s, room: room, sent: sent, pc: pc, tracks: map[webrtc.RTPCodecType]*webrtc.TrackLocalStaticSample{}}
	opened, err := clip.Open(file)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = opened.Close() }()
	for _, t := range opened.Tracks {
		if c.tracks[t.Kind()], err = webrtc.NewTrackLocalStaticSample(t.Codec, t.Kind().String(), "camera"); err != nil {
			s.t.Fatal(err)
		}
		if _, err := pc.AddTransceiverFromTrack(c.tracks[t.Kind()], webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}); err != nil {
			s.t.Fatal(err)
		}
	}
	c.connect()
	return c
}

// lateFactory makes the interceptor that holds sound up, and counts all packets.
type lateFactory struct {
	by   time.Duration
	sent *atomic.Int64
}

func (f lateFactory) NewInterceptor(string) (interceptor.Interceptor, error) {
	return &late{by: f.by, sent: f.sent}, nil
}

type late struct {
	interceptor.NoOp
	by   time.Duration
	sent *atomic.Int64
}

func (l *late) BindLocalStream(stream *interceptor.StreamInfo, writer interceptor.RTPWriter) interceptor.RTPWriter {
	sound := strings.HasPrefix(stream.MimeType, "audio/")
	return interceptor.RTPWriterFunc(func(header *rtp.Header, payload []byte, a interceptor.Attributes) (int, error) {
		l.sent.Add(1)
		if !sound {
			return writer.Write(header, payload, a)
		}
		h, p := header.Clone(), slices.Clone(payload)
		time.AfterFunc(l.by, func() { _, _ = writer.Write(&h, p, a) }) // the connection may be closed by then
		return len(p), nil
	})
}
