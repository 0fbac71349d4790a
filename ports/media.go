package ports

import (
	"context"

	"rostrum/domain"
)

// Media terminates WebRTC: it answers offers, carries media between the sessions
// of a room as the last FanOut says, and tells what becomes of each session.
type Media interface {
	Tap

	// Publish answers a publisher's offer with a complete SDP answer: all
	// candidates in it, none to follow. From then on until End or Events.Ended
	// the session exists, connected or not. It refuses with domain.ErrOffer what
	// is no SDP offer and with domain.ErrOfferUnsupported or
	// domain.ErrNoCommonCodec what is one that is not served; then nothing
	// remains of the session. It may block for some milliseconds.
	Publish(ctx context.Context, offer Offer) (Publication, error)

	// Subscribe answers a subscriber's offer, as Publish does, with every codec in
	// common; those of tracks, what is published now, come first. Without tracks,
	// while nobody publishes yet, all sections are answered as live. It refuses
	// with domain.ErrNoCommonCodec when tracks has one that a section of the offer
	// is for and cannot take, and with domain.ErrServerFull when those that are
	// served would suffer from one more.
	Subscribe(ctx context.Context, offer Offer, tracks []domain.Track) (Subscription, error)

	// Route makes fan the whole truth of its room: every leg in it is served from
	// now on and no other one. Sessions in it that do not exist are passed over.
	// It waits for nobody but, where the room's publisher is another one than
	// before, for the burst of the old one that is being sent. Calls for one room
	// must come one after another.
	Route(fan domain.FanOut)

	// Patch applies a trickle ICE SDP fragment (RFC 8840) to a session: candidates
	// of its present ICE session are used, other credentials restart ICE (RFC 9725
	// §4.3.3) while DTLS and media go on. Patches of one session are applied one
	// after another, each decided by the tag that the one before it has left. It
	// refuses with domain.ErrSessionUnknown, with domain.ErrTagStale when Match does
	// not hold and with domain.ErrFragment what is no fragment; then nothing has
	// changed.
	Patch(ctx context.Context, id domain.SessionID, patch ICEPatch) (ICEUpdate, error)

	// Vitals tells how alive a session is, false if it does not exist.
	Vitals(id domain.SessionID) (domain.Vitals, bool)

	// Report returns what there is to say of a session up to now, false if it does not
	// exist or is a tap. It waits for nothing.
	Report(id domain.SessionID) (domain.SessionReport, bool)

	// Stats returns what has been done for all sessions since the port was opened. It
	// waits for nothing, may be called from any goroutine, and its totals never go
	// down: what a session has added to them is in them while it lives, while it is
	// being closed and afterwards, once. Taps are not sessions in them.
	Stats() MediaStats

	// End closes a session and tells its peer (DTLS close_notify). It returns what
	// there is to say of the session at once, the closing goes on behind it; unknown
	// sessions are passed over, their report is empty. Events.Ended is not called
	// for a session that End closed.
	End(id domain.SessionID) domain.SessionReport
}

// ICEPatch is a trickle ICE SDP fragment, and for which ICE session it was meant.
type ICEPatch struct {
	Match    func(tag string) bool // whether the present tag will do; it must not block
	Fragment string
}

// ICEUpdate is what a Patch came to. After a restart Fragment holds the server's
// new credentials and candidates, and Tag the new ICE session's tag; after a
// trickle both are empty.
type ICEUpdate struct {
	Tag      string
	Fragment string
}

// Offer is an SDP offer and the session that it is to become.
type Offer struct {
	Session domain.SessionID
	SDP     string
	Events  MediaEvents
}

// Publication is an answered publisher's offer: the SDP answer, the tag of the ICE
// session that it begins (unlike any other's, of letters and digits), and the tracks
// that it announced, each with the codec that it is expected to send.
type Publication struct {
	Answer string
	Tag    string
	Tracks []domain.Track
}

// Subscription is an answered subscriber's offer: the SDP answer, the ICE session's
// tag, and the codecs that the subscriber takes. It has a place for media of their
// kinds.
type Subscription struct {
	Answer string
	Tag    string
	Codecs []domain.Codec
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
