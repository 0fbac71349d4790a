package rtc_test

import (
	"context"
	"fmt"

	"github.com/pion/webrtc/v4"

	"rostrum/api/client"
	"rostrum/api/client/rtc"
)

// A publisher sends what its camera sees, and a subscriber says what comes.
func Example() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	rostrum, err := client.New(live.URL, client.Bearer(token)) // as https://live.example.com
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rostrum.CloseIdleConnections()

	track, send := camera() // a webrtc.TrackLocalStaticSample, and what writes samples to it
	publisher := rtc.Publisher{
		Client: rostrum, Room: "example", Tracks: []webrtc.TrackLocal{track},
		Settings: rtc.Settings{While: send},
	}
	published := make(chan error)
	go func() { published <- publisher.Run(ctx) }()

	subscriber := rtc.Subscriber{
		Client: rostrum, Room: "example",
		OnTrack: func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
			if _, _, err := track.ReadRTP(); err == nil {
				fmt.Println("receiving", track.Codec().MimeType)
			}
			cancel() // one packet is enough here
		},
	}
	fmt.Println(subscriber.Run(ctx), <-published)
	// Output:
	// receiving video/VP8
	// <nil> <nil>
}
