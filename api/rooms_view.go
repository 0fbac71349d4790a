package api

import (
	"maps"
	"time"

	"rostrum/app"
	"rostrum/domain"
)

// Room is a room as it is now.
type Room struct {
	Name           string            `json:"name" example:"demo" doc:"Its name."`
	Provisioned    bool              `json:"provisioned" example:"true" doc:"Whether it has been created, and is there also while nobody is in it. Other rooms come and go with who is in them."`
	Version        int64             `json:"version,omitempty" example:"3" doc:"One more with each change of what is kept of it, its tokens too; the ETag is made of it and of when it was created. Missing where it is not provisioned."`
	DisplayName    string            `json:"display_name,omitempty" example:"All hands" doc:"Its name for people."`
	Labels         map[string]string `json:"labels,omitempty" example:"{\"team\":\"news\"}" doc:"For programs. Told only to who administers the room."`
	MaxSubscribers int               `json:"max_subscribers,omitempty" example:"250" doc:"How many may watch at once; missing where the server's limit holds. Told only to who administers the room."`
	Record         *bool             `json:"record,omitempty" example:"true" doc:"Whether what is published is recorded; missing where the server decides. Told only to who administers the room."`
	GraceSeconds   *float64          `json:"grace_seconds,omitempty" example:"10" doc:"How long a publisher that was lost has to come back; missing where the server decides. Told only to who administers the room."`
	Created        *time.Time        `json:"created,omitempty" example:"2026-01-31T18:00:00Z" doc:"When it was created; missing where it is not provisioned."`
	Changed        *time.Time        `json:"changed,omitempty" example:"2026-01-31T18:05:00Z" doc:"When what is kept of it was changed last."`
	Live           *LiveRoom         `json:"live,omitempty" doc:"What there is of it now; missing while nobody is there."`
}

// LiveRoom is what there is of a room while somebody is in it.
type LiveRoom struct {
	Publisher   *LivePublisher `json:"publisher,omitempty" doc:"Who publishes; missing while nobody does."`
	Awaiting    bool           `json:"awaiting" example:"false" doc:"Whether the publisher was lost and may come back, while its subscribers stay."`
	Subscribers int            `json:"subscribers" example:"120" doc:"How many subscribers there are, those too who are not connected yet."`
	Recording   RoomRecording  `json:"recording" doc:"How its recording stands."`
}

// LivePublisher is who publishes in a room.
type LivePublisher struct {
	Session     string      `json:"session,omitempty" example:"5VJTE4J6W3KQCZ2LXSOMRH7YAG" doc:"Its session. Told only to who administers the room."`
	Subject     string      `json:"subject,omitempty" example:"alice" doc:"Who it is, by its token. Told only to who administers the room."`
	Since       time.Time   `json:"since" example:"2026-01-31T18:00:00Z" doc:"When it came."`
	Connected   bool        `json:"connected" example:"true" doc:"Whether media may flow."`
	Tracks      []LiveTrack `json:"tracks" nullable:"false" doc:"What it sends."`
	Bitrate     uint64      `json:"bitrate" example:"2500000" doc:"What is received, in bit/s, over some seconds just now."`
	Packets     uint64      `json:"packets" example:"180000" doc:"How many packets have been received."`
	Bytes       uint64      `json:"bytes" example:"206000000" doc:"How much they had in them."`
	Lost        uint64      `json:"lost" example:"12" doc:"How many packets never came."`
	Keyframes   uint64      `json:"keyframes" example:"300" doc:"How many key frames were received."`
	RoundTripMS float64     `json:"round_trip_ms,omitempty" example:"23.5" doc:"To the publisher and back, in milliseconds; missing before it is known. Told only to who administers the room."`
}

// LiveTrack is what of a publication is one stream.
type LiveTrack struct {
	Kind  string `json:"kind" enum:"audio,video" example:"video" doc:"Sound or picture."`
	Codec string `json:"codec" example:"VP8" doc:"Its encoding."`
}

// RoomList is one page of a list.
type RoomList struct {
	Rooms      []Room `json:"rooms" nullable:"false" doc:"In the order of their names, byte by byte. There may be fewer than the limit, also where more follow."`
	NextCursor string `json:"next_cursor,omitempty" example:"PmRlbW8" doc:"The cursor of the next page; missing where there are no more."`
}

// roomOf returns what the bearer of grant is told of a room.
func roomOf(v app.RoomView, grant domain.Grant) Room {
	whole := administers(grant, v.Name)
	r := Room{Name: string(v.Name)}
	if v.Kept != nil {
		r.tellKept(*v.Kept, whole)
	}
	if v.Live != nil {
		r.Live = liveOf(*v.Live, whole)
	}
	return r
}

func administers(grant domain.Grant, room domain.RoomName) bool {
	return grant.Permits(domain.ActionAdmin, room, time.Now()) == nil
}

func (r *Room) tellKept(kept domain.ProvisionedRoom, whole bool) {
	r.Provisioned, r.Version, r.DisplayName = true, kept.Version, kept.Settings.DisplayName
	r.Created, r.Changed = known(kept.Created), known(kept.Changed)
	if !whole {
		return
	}
	r.Labels, r.MaxSubscribers, r.Record = maps.Clone(kept.Settings.Labels), kept.Settings.MaxSubscribers, kept.Settings.Record
	if kept.Settings.Grace != nil {
		r.GraceSeconds = ptr(kept.Settings.Grace.Seconds())
	}
}

func liveOf(l app.LiveRoom, whole bool) *LiveRoom {
	live := LiveRoom{Awaiting: l.Awaiting, Subscribers: l.Subscribers, Recording: roomRecordingOf(l.Recording)}
	if l.Publisher != nil {
		live.Publisher = publisherOf(*l.Publisher, whole)
	}
	return &live
}

func publisherOf(p app.LivePublisher, whole bool) *LivePublisher {
	told := LivePublisher{
		Since: p.Since, Connected: p.Connected, Tracks: []LiveTrack{},
		Bitrate: p.Report.Bitrate, Packets: p.Report.Packets, Bytes: p.Report.Bytes, Lost: p.Report.Lost, Keyframes: p.Report.Keyframes,
	}
	for _, t := range p.Tracks {
		told.Tracks = append(told.Tracks, LiveTrack{Kind: string(t.Kind()), Codec: string(t.Codec)})
	}
	if whole {
		told.Session, told.Subject, told.RoundTripMS = string(p.ID), string(p.Subject), milliseconds(p.Report.RoundTrip)
	}
	return &told
}

// milliseconds returns a duration in milliseconds, to the microsecond.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
