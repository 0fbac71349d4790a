package domain

// FanOut is the decision who receives what in a room: the whole truth at one
// moment, not a change of it. Whoever gets two of them for a room follows the
// later one alone.
type FanOut struct {
	Room      RoomName
	Publisher SessionID // empty: nobody sends, and there are no routes
	Routes    []Route   // one for each track, in the publisher's order
}

// Route is one track's part of the decision.
type Route struct {
	Track Track
	Legs  []Leg // in order of arrival
}

// Leg is one subscriber's share of a track: the one layer that it receives.
type Leg struct {
	Subscriber SessionID
	Layer      LayerID
}

// FanOut decides who receives which track and layer: every connected subscriber
// each track that it takes, and the recorder every track, in the best layer that is
// being sent. It reads the room and changes nothing.
func (r *Room) FanOut() FanOut {
	if r.publisher == nil {
		return FanOut{Room: r.name}
	}
	fan := FanOut{Room: r.name, Publisher: r.publisher.ID}
	for _, t := range r.publisher.Tracks {
		fan.Routes = append(fan.Routes, Route{Track: t, Legs: r.legs(t)})
	}
	return fan
}

func (r *Room) legs(t Track) []Leg {
	var legs []Leg
	layer := t.best()
	for _, s := range r.subscribers {
		if s.Connected && s.takes(t) {
			legs = append(legs, Leg{Subscriber: s.ID, Layer: layer})
		}
	}
	if r.recorder != "" {
		legs = append(legs, Leg{Subscriber: r.recorder, Layer: layer})
	}
	return legs
}
