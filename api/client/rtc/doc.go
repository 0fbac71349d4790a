// Package rtc publishes into rooms of a Rostrum server, and plays what is published there,
// with pion/webrtc. It stays connected: candidates are trickled, ICE is restarted when a
// network changes, and a session that is lost is followed by another one.
//
//	track, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "video", "camera")
//	...
//	publisher := rtc.Publisher{
//		Client: rostrum, Room: "demo", Tracks: []webrtc.TrackLocal{track},
//		Settings: rtc.Settings{OnEvent: func(e rtc.Event) { log.Print(e) }},
//	}
//	err = publisher.Run(ctx) // until ctx ends, or it is of no use to try again
//
// A [Subscriber] is the other side: its OnTrack reads what comes.
//
// # Lifetimes
//
// Run owns everything that it starts: when it returns, the session is ended on the server,
// the connection closed, and no goroutine left, those of OnTrack and While included. It
// ends when its context does. What it is given stays the caller's; tracks may be written
// to before Run and between connections, when it goes nowhere.
package rtc
