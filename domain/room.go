package domain

import "slices"

// Room is one live room: at most one publisher, any number of subscribers up to
// its limit. Subscribers may come before the publisher (the lobby), and stay when
// it is lost (the grace). The methods decide; none of them blocks or fails
// half-way, and a refusal leaves the room as it was.
type Room struct {
	name        RoomName
	rules       RoomRules
	publisher   *Publisher
	lost        bool         // the last publisher was lost, and no other has connected yet
	subscribers []Subscriber // in order of arrival
	recorder    SessionID    // the subscriber that records; "": none
	recording   bool         // what is published is to be recorded
}

// NewRoom returns an empty room.
func NewRoom(name RoomName, rules RoomRules) *Room {
	return &Room{name: name, rules: rules, recording: rules.Record}
}

// Name returns the room's name.
func (r *Room) Name() RoomName { return r.name }

// Rules returns what holds in the room.
func (r *Room) Rules() RoomRules { return r.rules }

// SetRules has other rules hold from now on, and returns the sessions that end by it:
// those that came by a token that the room has no more. A publisher among them leaves
// the room to the next one, and its subscribers stay. Nobody ends for a lower limit.
func (r *Room) SetRules(rules RoomRules) []SessionID {
	if rules.Record != r.rules.Record {
		r.recording = rules.Record
	}
	r.rules = rules
	var ended []SessionID
	if r.publisher != nil && r.admits(r.publisher.Session) != nil {
		ended = append(ended, r.publisher.ID)
		r.Lose(r.publisher.ID)
	}
	r.subscribers = slices.DeleteFunc(r.subscribers, func(s Subscriber) bool {
		if r.admits(s.Session) == nil {
			return false
		}
		ended = append(ended, s.ID)
		return true
	})
	return ended
}

// admits refuses with [ErrTokenInvalid] a session that came by a token which the room
// does not have, because it was revoked on the way.
func (r *Room) admits(s Session) error {
	if s.Token != "" && !slices.Contains(r.rules.Tokens, s.Token) {
		return ErrTokenInvalid
	}
	return nil
}

// Publish gives the room to a publisher, or refuses with [ErrRoomBusy], or with
// [ErrTokenInvalid] where its token has been revoked. The publisher's tracks follow by
// [Room.SetTracks], when its offer is answered.
func (r *Room) Publish(s Session) error {
	if err := r.admits(s); err != nil {
		return err
	}
	if r.publisher != nil {
		return ErrRoomBusy
	}
	r.publisher = &Publisher{Session: s}
	return nil
}

// TakeOver gives the room to a publisher of the same subject in place of the one
// that is there, old, which is gone in all but name. It refuses with [ErrRoomBusy]
// when somebody else is there by now, and with [ErrTokenInvalid] as Publish does.
func (r *Room) TakeOver(old SessionID, s Session) error {
	if err := r.admits(s); err != nil {
		return err
	}
	if r.publisher == nil || r.publisher.ID != old || r.publisher.Subject != s.Subject {
		return ErrRoomBusy
	}
	r.Lose(old)
	return r.Publish(s)
}

// SetTracks says what the publisher sends, and returns the subscribers that end by
// it: those that have a place for a track but cannot decode it. It refuses with
// [ErrSessionUnknown] when that publisher has left.
func (r *Room) SetTracks(id SessionID, tracks []Track) ([]SessionID, error) {
	if r.publisher == nil || r.publisher.ID != id {
		return nil, ErrSessionUnknown
	}
	r.publisher.Tracks = slices.Clone(tracks)
	return r.dropIncapable(), nil
}

// SetTrack replaces one track of the publisher, which sends something else than
// it announced. It returns and refuses as SetTracks does.
func (r *Room) SetTrack(id SessionID, track Track) ([]SessionID, error) {
	if r.publisher == nil || r.publisher.ID != id {
		return nil, ErrSessionUnknown
	}
	i := slices.IndexFunc(r.publisher.Tracks, func(t Track) bool { return t.ID == track.ID })
	if i < 0 {
		return nil, ErrSessionUnknown
	}
	r.publisher.Tracks[i] = track
	return r.dropIncapable(), nil
}

// dropIncapable takes out the subscribers that cannot decode what is published.
func (r *Room) dropIncapable() []SessionID {
	var dropped []SessionID
	r.subscribers = slices.DeleteFunc(r.subscribers, func(s Subscriber) bool {
		if !s.cannotTake(r.publisher.Tracks) {
			return false
		}
		dropped = append(dropped, s.ID)
		return true
	})
	return dropped
}

// Subscribe lets a subscriber in and returns the tracks that there are to receive,
// none while nobody publishes. It refuses with [ErrRoomFull] at the room's limit, and
// with [ErrTokenInvalid] where its token has been revoked. What the subscriber takes
// follows by [Room.SetCodecs].
func (r *Room) Subscribe(s Session) ([]Track, error) {
	if err := r.admits(s); err != nil {
		return nil, err
	}
	if limit := r.rules.MaxSubscribers; limit > 0 && len(r.subscribers) >= limit {
		return nil, ErrRoomFull
	}
	r.subscribers = append(r.subscribers, Subscriber{Session: s})
	if r.publisher == nil {
		return nil, nil
	}
	return slices.Clone(r.publisher.Tracks), nil
}

// SetCodecs says what a subscriber takes. It refuses with [ErrSessionUnknown] when
// that subscriber has left, and with [ErrNoCommonCodec] when what is published by
// now is not among it.
func (r *Room) SetCodecs(id SessionID, codecs []Codec) error {
	s := r.subscriber(id)
	if s == nil {
		return ErrSessionUnknown
	}
	if r.publisher != nil && (Subscriber{Codecs: codecs}).cannotTake(r.publisher.Tracks) {
		return ErrNoCommonCodec
	}
	s.Codecs = slices.Clone(codecs)
	return nil
}

// Connect says that a session's connection is up: a subscriber receives from
// now on. It refuses with [ErrSessionUnknown] when the session has left.
func (r *Room) Connect(id SessionID) error {
	if r.publisher != nil && r.publisher.ID == id {
		r.publisher.Connected = true
		r.lost = false
		return nil
	}
	s := r.subscriber(id)
	if s == nil {
		return ErrSessionUnknown
	}
	s.Connected = true
	return nil
}

// Leave takes a session out of the room and returns all that end by it: the
// session itself and, when it was the publisher, every subscriber too. It returns
// nil when the session is not in the room.
func (r *Room) Leave(id SessionID) []SessionID {
	if r.publisher != nil && r.publisher.ID == id {
		return r.Clear()
	}
	before := len(r.subscribers)
	r.subscribers = slices.DeleteFunc(r.subscribers, func(s Subscriber) bool { return s.ID == id })
	if len(r.subscribers) == before {
		return nil
	}
	return []SessionID{id}
}

// Lose takes a publisher out that is gone without a word, and reports whether it
// was there. Its subscribers stay: the room awaits the next publisher. One that
// never connected leaves the room as it found it.
func (r *Room) Lose(id SessionID) bool {
	if r.publisher == nil || r.publisher.ID != id {
		return false
	}
	r.lost = r.lost || r.publisher.Connected
	r.publisher = nil
	return true
}

// Awaiting reports whether the room has lost its publisher and waits for one.
func (r *Room) Awaiting() bool { return r.lost && r.publisher == nil }

// Clear takes everybody out of the room and returns who it was, the publisher
// first.
func (r *Room) Clear() []SessionID {
	var ended []SessionID
	if r.publisher != nil {
		ended = append(ended, r.publisher.ID)
	}
	for _, s := range r.subscribers {
		ended = append(ended, s.ID)
	}
	r.publisher, r.subscribers, r.lost = nil, nil, false
	r.recording = r.rules.Record
	return ended
}

// Empty reports whether nobody is in the room, nor awaited by a recording that goes on.
func (r *Room) Empty() bool {
	return r.publisher == nil && len(r.subscribers) == 0 && (r.recorder == "" || !r.Awaiting())
}

// Publisher returns a copy of the publisher, and whether there is one.
func (r *Room) Publisher() (Publisher, bool) {
	if r.publisher == nil {
		return Publisher{}, false
	}
	p := *r.publisher
	p.Tracks = slices.Clone(p.Tracks)
	return p, true
}

// Subscribers returns how many subscribers are in the room.
func (r *Room) Subscribers() int { return len(r.subscribers) }

func (r *Room) subscriber(id SessionID) *Subscriber {
	i := slices.IndexFunc(r.subscribers, func(s Subscriber) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return &r.subscribers[i]
}
