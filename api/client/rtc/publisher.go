package rtc

import (
	"context"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"rostrum/api/client"
)

// Publisher sends tracks into a room.
type Publisher struct {
	Client *client.Client
	Room   string

	// Tracks are what is sent: of sound or of picture, or one of each. They carry no
	// medium themselves: what is written to them goes to the connection of the moment.
	Tracks []webrtc.TrackLocal

	// OnKeyframeRequest is called when somebody needs a key frame of a track to go on, from
	// a goroutine of that track. An encoder makes one then; a file cannot.
	OnKeyframeRequest func(webrtc.TrackLocal)

	Settings
}

// Run publishes until ctx ends, or While is done, and returns nil then. Else it returns why
// it could not go on.
func (p *Publisher) Run(ctx context.Context) error {
	return run(ctx, &p.Settings, p.Client.Server(), p)
}

func (p *Publisher) begin(ctx context.Context, offer string) (*client.Session, error) {
	return p.Client.Publish(ctx, p.Room, offer)
}

func (p *Publisher) equip(c *Connection) error {
	for _, track := range p.Tracks {
		transceiver, err := c.PeerConnection.AddTransceiverFromTrack(track, webrtc.RTPTransceiverInit{
			Direction: webrtc.RTPTransceiverDirectionSendonly,
		})
		if err != nil {
			return err
		}
		c.goes(func() { p.listen(track, transceiver.Sender()) })
	}
	return nil
}

// listen reads what the server says of a track, which pion answers NACKs from.
func (p *Publisher) listen(track webrtc.TrackLocal, sender *webrtc.RTPSender) {
	for {
		packets, _, err := sender.ReadRTCP()
		if err != nil {
			return
		}
		for _, packet := range packets {
			switch packet.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				if p.OnKeyframeRequest != nil {
					p.OnKeyframeRequest(track)
				}
			}
		}
	}
}
