package porttest

import (
	"math/rand/v2"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// PageSize is how many rows are asked for.
const PageSize = 50

// ListCase is one kind of list: what it is for, and where its page begins.
type ListCase[Query, Place any] struct {
	Name string
	Draw func(r *rand.Rand) (Query, Place)
}

type (
	// RoomList is a kind of ports.Rooms.List.
	RoomList = ListCase[ports.RoomQuery, domain.RoomName]
	// SessionList is a kind of ports.Sessions.List.
	SessionList = ListCase[ports.SessionQuery, ports.SessionPlace]
	// RecordingList is a kind of ports.Recordings.List.
	RecordingList = ListCase[ports.RecordingQuery, ports.RecordingPlace]
)

// somewhere returns a number from the middle third, so that a page there is full.
func somewhere(r *rand.Rand, count int) int { return count/3 + r.IntN(count/3) }

// RoomLists are the kinds of lists of rooms that are measured.
func (d Dataset) RoomLists() []RoomList {
	none := func(*rand.Rand) domain.RoomName { return "" }
	middle := func(r *rand.Rand) domain.RoomName { return d.roomName(somewhere(r, d.rooms)) }
	town := func(r *rand.Rand) string { return towns[r.IntN(len(towns))] + "-" }
	list := func(name string, after func(*rand.Rand) domain.RoomName, query func(r *rand.Rand, q *ports.RoomQuery)) RoomList {
		return RoomList{Name: name, Draw: func(r *rand.Rand) (q ports.RoomQuery, _ domain.RoomName) {
			query(r, &q)
			return q, after(r)
		}}
	}
	return []RoomList{
		list("all", none, func(*rand.Rand, *ports.RoomQuery) {}),
		list("all, in the middle", middle, func(*rand.Rand, *ports.RoomQuery) {}),
		list("of a prefix", none, func(r *rand.Rand, q *ports.RoomQuery) { q.Prefix = town(r) }),
		list("of a label that all have, in the middle", middle, func(_ *rand.Rand, q *ports.RoomQuery) { q.Label = "team" }),
		list("of a label that few have", none, func(_ *rand.Rand, q *ports.RoomQuery) { q.Label = "pilot" }),
		list("of a label's common value, in the middle", middle, func(_ *rand.Rand, q *ports.RoomQuery) { q.Label, q.Value = "team", "team-00" }),
		list("of a label's rare value", none, func(_ *rand.Rand, q *ports.RoomQuery) { q.Label, q.Value = "team", "team-49" }),
		list("of a label's value that only the last have", none, func(_ *rand.Rand, q *ports.RoomQuery) { q.Label, q.Value = "town", towns[len(towns)-1] }),
		list("of a label's common value and a prefix", none, func(r *rand.Rand, q *ports.RoomQuery) {
			q.Label, q.Value, q.Prefix = "team", "team-00", town(r)
		}),
	}
}

// SessionLists are the kinds of lists of sessions that are measured.
func (d Dataset) SessionLists() []SessionList {
	first := func(*rand.Rand) ports.SessionPlace { return ports.SessionPlace{} }
	deep := func(r *rand.Rand) ports.SessionPlace {
		i := somewhere(r, d.sessions)
		return ports.SessionPlace{Started: d.started(i), ID: d.sessionID(i)}
	}
	list := func(name string, after func(*rand.Rand) ports.SessionPlace, q ports.SessionQuery) SessionList {
		return SessionList{Name: name, Draw: func(r *rand.Rand) (ports.SessionQuery, ports.SessionPlace) { return q, after(r) }}
	}
	const publisher, subscriber = domain.RolePublisher, domain.RoleSubscriber
	hall := d.roomName(huge)
	return []SessionList{
		list("all", first, ports.SessionQuery{}),
		list("all, deep", deep, ports.SessionQuery{}),
		{Name: "all, of a day", Draw: func(r *rand.Rand) (ports.SessionQuery, ports.SessionPlace) { return d.within(r, "", 24*time.Hour) }},
		list("all publishers, deep", deep, ports.SessionQuery{Role: publisher}),
		{Name: "of an ordinary room", Draw: func(r *rand.Rand) (ports.SessionQuery, ports.SessionPlace) {
			return ports.SessionQuery{Room: d.roomName(d.ordinary(r))}, ports.SessionPlace{}
		}},
		{Name: "of an ordinary room, of 60 days", Draw: func(r *rand.Rand) (ports.SessionQuery, ports.SessionPlace) {
			return d.within(r, d.roomName(d.ordinary(r)), 60*24*time.Hour)
		}},
		list("of the huge room", first, ports.SessionQuery{Room: hall}),
		list("of the huge room, deep", deep, ports.SessionQuery{Room: hall}),
		{Name: "of the huge room, of a day", Draw: func(r *rand.Rand) (ports.SessionQuery, ports.SessionPlace) { return d.within(r, hall, 24*time.Hour) }},
		{Name: "of the huge room, of two months, deep", Draw: func(r *rand.Rand) (ports.SessionQuery, ports.SessionPlace) {
			from := d.started(d.sessions / 3)
			return ports.SessionQuery{Room: hall, From: from, Before: from.Add(span / 3)}, deep(r)
		}},
		list("of a room that was huge", first, ports.SessionQuery{Room: d.roomName(former)}),
		list("publishers of the huge room", first, ports.SessionQuery{Room: hall, Role: publisher}),
		list("subscribers of the huge room, deep", deep, ports.SessionQuery{Room: hall, Role: subscriber}),
		list("all live", first, ports.SessionQuery{Live: true}),
		list("all live, deep", deep, ports.SessionQuery{Live: true}),
		list("live of the huge room", first, ports.SessionQuery{Room: hall, Live: true}),
		list("live publishers of the huge room", first, ports.SessionQuery{Room: hall, Role: publisher, Live: true}),
		{Name: "live of an ordinary room", Draw: func(r *rand.Rand) (ports.SessionQuery, ports.SessionPlace) {
			return ports.SessionQuery{Room: d.roomName(d.ordinary(r)), Live: true}, ports.SessionPlace{}
		}},
	}
}

// within returns a list of what began in a room in a stretch of time.
func (d Dataset) within(r *rand.Rand, room domain.RoomName, stretch time.Duration) (ports.SessionQuery, ports.SessionPlace) {
	from := d.started(somewhere(r, d.sessions))
	return ports.SessionQuery{Room: room, From: from, Before: from.Add(stretch)}, ports.SessionPlace{}
}

// RecordingLists are the kinds of lists of recordings that are measured.
func (d Dataset) RecordingLists() []RecordingList {
	first := func(*rand.Rand) ports.RecordingPlace { return ports.RecordingPlace{} }
	deep := func(r *rand.Rand) ports.RecordingPlace {
		i := 20 * somewhere(r, d.recordings())
		return ports.RecordingPlace{Started: d.started(i), ID: domain.RecordingID(d.sessionID(i))}
	}
	list := func(name string, after func(*rand.Rand) ports.RecordingPlace, q ports.RecordingQuery) RecordingList {
		return RecordingList{Name: name, Draw: func(r *rand.Rand) (ports.RecordingQuery, ports.RecordingPlace) { return q, after(r) }}
	}
	failed, stored := domain.RecordingFailed, domain.RecordingStored
	return []RecordingList{
		list("all", first, ports.RecordingQuery{}),
		list("of the huge room, deep", deep, ports.RecordingQuery{Room: d.roomName(huge)}),
		list("of a room that was huge", first, ports.RecordingQuery{Room: d.roomName(former)}),
		list("failed", first, ports.RecordingQuery{States: []domain.RecordingState{failed}}),
		list("stored or failed, deep", deep, ports.RecordingQuery{States: []domain.RecordingState{stored, failed}}),
	}
}
