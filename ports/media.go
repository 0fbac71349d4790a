package ports

import (
	"context"

	"rostrum/domain"
)

// Media terminates WebRTC: it answers offers, carries media between the sessions
// of a room as the last FanOut says, and tells what becomes of each session.
type Media interface {
	// Publish answers a publisher's offer with a complete SDP answer: all
	// candidates in it, none to follow. From then on until End or Events.Ended
	// the session exists, connected or not. It refuses with domain.ErrOffer what
	// is no SDP offer and with domain.ErrOfferUnsupported or
	// domain.ErrNoCommonCodec what is one that is not served; then nothing
	// remains of the session. It may block for some milliseconds.
	Publish(ctx context.Context, offer Offer) (Publication, error)

	// Subscribe answers a subscriber's offer to receive tracks, as Publish does.
	// The codecs of tracks come first in the answer.
	Subscribe(ctx context.Context, offer Offer, tracks []domain.Track) (Subscription, error)

	// Route makes fan the whole truth of its room: every leg in it is served from
	// now on and no other one. Sessions in it that do not exist are passed over.
	// It does not block; calls for one room must come one after another.
	Route(fan domain.FanOut)

	// End closes a session and tells its peer (DTLS close_notify). It returns at
	// once, the closing goes on behind it; unknown sessions are passed over.
	// Events.Ended is not called for a session that End closed.
	End(id domain.SessionID)
}

// Offer is an SDP offer and the session that it is to become.
type Offer struct {
	Session domain.SessionID
	SDP     string
	Events  MediaEvents
}

// Publication is an answered publisher's offer: the SDP answer, and the tracks
// that it announced, each with the codec that it is expected to send.
type Publication struct {
	Answer string
	Tracks []domain.Track
}

// Subscription is an answered subscriber's offer: the SDP answer, and the kinds
// of media that it has a place for.
type Subscription struct {
	Answer string
	Kinds  []domain.MediaKind
}

// MediaEvents hears of a session's life. Calls for one session come one after
// another, from a goroutine of the adapter, and possibly before Publish or
// Subscribe has returned; an implementation must not call back into Media.End
// and wait for it.
type MediaEvents interface {
	// Connected is called once, when DTLS is up and media may flow.
	Connected(id domain.SessionID)
	// TrackChanged is called when a publisher sends a track otherwise than it
	// announced.
	TrackChanged(id domain.SessionID, track domain.Track)
	// Ended is called once, last, when the session is over without End.
	Ended(id domain.SessionID, reason domain.EndReason)
}
