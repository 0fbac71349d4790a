// Package client is the Go client of a Rostrum server. It publishes and plays by WHIP and
// WHEP, and has a method for every other operation of the server's contract, from which
// those are generated.
//
//	rostrum, err := client.New("https://live.example.com", client.Bearer(os.Getenv("ROSTRUM_TOKEN")))
//	...
//	rooms, err := rostrum.ListRoomsWithResponse(ctx, &client.ListRoomsParams{})
//	for _, room := range rooms.JSON200.Rooms { ... }
//
// Each operation has two methods. ListRoomsWithResponse reads the answer and returns it
// parsed; ListRooms returns it as an [http.Response], to be closed by the caller.
//
// # Signalling
//
// [Client.Publish] and [Client.Play] take an SDP offer into a room and return the
// [Session] that it has become, which trickles ICE candidates, restarts ICE and ends.
// This package knows no media: package rtc puts it and pion/webrtc together to a
// publisher and a subscriber that stay connected.
//
// # Errors
//
// Whatever is asked for, an answer that says no is a [*Problem], whose Code is for
// programs. [ErrUnreachable] matches when there was no answer, [ErrContract] when there
// was one that the contract does not have, [ErrUntrusted] when a certificate does not prove
// that it is the server's. [Retryable] tells them apart for who tries again.
//
//	var problem *client.Problem
//	switch {
//	case errors.As(err, &problem) && problem.Code == "room_busy":
//	case errors.Is(err, client.ErrUnreachable):
//	}
//
// # Bounds
//
// A request that is not answered within [Patience] fails, and so does one whose answer is
// longer than [MaxAnswer]. What may be longer or take longer, as a recording or a stream
// of events, is asked for with the context that [Streaming] returns.
//
// The token goes to the server that New was given, and to nobody whom that redirects to.
package client
