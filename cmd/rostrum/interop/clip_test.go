//go:build interop

package interop

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"

	"rostrum/cmd/rostrum/clip"
)

// publishClip connects a peer that sends the built-in clip, VP8 and Opus, again and
// again until the test ends.
func (p *peer) publishClip(endpoint string) {
	p.t.Helper()
	demo, err := clip.Demo()
	if err != nil {
		p.t.Fatal(err)
	}
	var tracks []*webrtc.TrackLocalStaticSample
	for _, track := range demo.Tracks {
		local, err := webrtc.NewTrackLocalStaticSample(track.Codec, track.Kind().String(), "clip")
		if err != nil {
			p.t.Fatal(err)
		}
		if _, err := p.pc.AddTrack(local); err != nil {
			p.t.Fatal(err)
		}
		tracks = append(tracks, local)
	}
	p.connect(endpoint)
	ctx, stop := context.WithCancel(context.Background())
	sent := make(chan error)
	go func() { sent <- sendClip(ctx, demo, tracks) }()
	p.t.Cleanup(func() {
		stop()
		if err := errors.Join(<-sent, demo.Close()); err != nil {
			p.t.Error(err)
		}
	})
}

// sendClip sends each sample at its time, round and round until ctx ends.
func sendClip(ctx context.Context, c *clip.Clip, tracks []*webrtc.TrackLocalStaticSample) error {
	start := time.Now()
	for {
		s, err := c.Next()
		switch {
		case errors.Is(err, io.EOF):
			start = time.Now()
			if err := c.Rewind(); err != nil {
				return err
			}
			continue
		case err != nil:
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Until(start.Add(s.PTS))):
		}
		if err := tracks[s.Track].WriteSample(media.Sample{Data: s.Data, Duration: s.Duration}); err != nil {
			return err
		}
	}
}

// playVP8 connects a peer that plays a room, and waits for two seconds of sound and
// picture, the picture from a key frame on.
func (p *peer) playVP8(endpoint string) {
	p.t.Helper()
	pictures, sounds := make(chan struct{}), make(chan struct{})
	p.pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		if track.Kind() == webrtc.RTPCodecTypeVideo {
			read(track, startsVP8, 48, pictures)
			return
		}
		read(track, func([]byte) bool { return true }, 100, sounds)
	})
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio} {
		receive := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}
		if _, err := p.pc.AddTransceiverFromKind(kind, receive); err != nil {
			p.t.Fatal(err)
		}
	}
	p.connect(endpoint)
	within(p.t, 15*time.Second, pictures, "pictures")
	within(p.t, 15*time.Second, sounds, "sound")
}

// read reads a track until it ends. It closes enough when as many frames as wanted
// have come, from the first packet on that decoding can start with.
func read(track *webrtc.TrackRemote, starts func([]byte) bool, wanted int, enough chan<- struct{}) {
	begun, frames := false, 0
	for {
		packet, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		if begun = begun || starts(packet.Payload); !begun {
			continue
		}
		if !packet.Marker && track.Kind() == webrtc.RTPCodecTypeVideo {
			continue
		}
		if frames++; frames == wanted {
			close(enough)
		}
	}
}

// startsVP8 reports whether a payload begins a key frame.
func startsVP8(payload []byte) bool {
	var vp8 codecs.VP8Packet
	frame, err := vp8.Unmarshal(payload)
	return err == nil && vp8.S == 1 && vp8.PID == 0 && len(frame) > 0 && frame[0]&1 == 0
}
