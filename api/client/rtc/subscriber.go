package rtc

import (
	"context"

	"github.com/pion/webrtc/v4"

	"rostrum/api/client"
)

// Subscriber receives what is published in a room, also from a publisher that comes later
// or comes back.
type Subscriber struct {
	Client *client.Client
	Room   string

	// OnTrack is called with each track that comes, on a goroutine of its own. It reads the
	// track until that returns an error, which is when the session ends. Nil: what comes is
	// dropped.
	OnTrack func(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver)

	// Kinds are what is to be received; none means sound and picture.
	Kinds []webrtc.RTPCodecType

	Settings
}

// Run receives until ctx ends, or While is done, and returns nil then. Else it returns why
// it could not go on.
func (s *Subscriber) Run(ctx context.Context) error {
	return run(ctx, &s.Settings, s.Client.Server(), s)
}

func (s *Subscriber) begin(ctx context.Context, offer string) (*client.Session, error) {
	return s.Client.Play(ctx, s.Room, offer)
}

func (s *Subscriber) equip(c *Connection) error {
	kinds := s.Kinds
	if len(kinds) == 0 {
		kinds = []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio}
	}
	for _, kind := range kinds {
		_, err := c.PeerConnection.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
		if err != nil {
			return err
		}
	}
	c.PeerConnection.OnTrack(func(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
		if s.OnTrack != nil {
			c.goes(func() { s.OnTrack(track, receiver) })
		}
	})
	return nil
}
