package api

import (
	"time"

	"rostrum/domain"
)

// SessionRecord is what is kept of a session: who it was, what it came for, how it went
// and why it ended.
type SessionRecord struct {
	ID        string        `json:"id" example:"5VJTE4J6W3KQCZ2LXSOMRH7YAG" doc:"Its id."`
	Room      string        `json:"room" example:"demo" doc:"The room that it was in."`
	Role      string        `json:"role" enum:"publisher,subscriber" example:"subscriber" doc:"Whether it sent or received."`
	Subject   string        `json:"subject" example:"alice" doc:"Who it was, by its token."`
	Address   string        `json:"address,omitempty" example:"192.0.2.0/24" doc:"Where it came from, as much of it as the operator keeps."`
	UserAgent string        `json:"user_agent,omitempty" example:"OBS-Studio/32.0" doc:"The client's program, as it says itself."`
	Node      string        `json:"node,omitempty" example:"north-1" doc:"The server that it was at."`
	Codecs    []string      `json:"codecs" nullable:"false" example:"VP8,OPUS" doc:"What it sent, or could receive."`
	Started   time.Time     `json:"started" example:"2026-01-31T18:00:00Z" doc:"When its offer came."`
	Ended     *time.Time    `json:"ended,omitempty" example:"2026-01-31T19:00:00Z" doc:"When it ended; missing while it is live."`
	Reason    string        `json:"reason,omitempty" enum:"client,codec,crash,never_connected,offer_failed,operator,peer_closed,publisher_left,publisher_lost,room_deleted,shutdown,silence,takeover,token_expired,token_revoked" example:"publisher_left" doc:"Why it ended, for programs; missing while it is live."`
	Because   string        `json:"because,omitempty" example:"the publisher left" doc:"The same for people."`
	Diagnosis string        `json:"diagnosis,omitempty" example:"12 packets of it never came: its network does not carry what it sends. Lower the encoder's bitrate, or use a better network." doc:"Why it failed, or what it lacks just now, and what to do about it, for people; missing where all is well."`
	Report    SessionReport `json:"report" doc:"How it went, or goes."`
}

// SessionReport are the numbers that explain how a session went. Counters are of the
// media that was received from a publisher, or sent to a subscriber.
type SessionReport struct {
	FirstCandidateAfterMS float64 `json:"first_candidate_after_ms,omitempty" example:"10.5" doc:"From its offer until its client told the first ICE candidate, in milliseconds; missing where it told none."`
	PairedAfterMS         float64 `json:"paired_after_ms,omitempty" example:"60.5" doc:"From its offer until ICE chose a pair of candidates, in milliseconds; missing where it never did."`
	ConnectedAfterMS      float64 `json:"connected_after_ms,omitempty" example:"180.5" doc:"From its offer until it was connected, DTLS included, in milliseconds; missing where it never was."`
	FirstMediaAfterMS     float64 `json:"first_media_after_ms,omitempty" example:"240.5" doc:"From its offer until its first packet of media, in milliseconds; missing where none came."`
	FirstKeyframeAfterMS  float64 `json:"first_keyframe_after_ms,omitempty" example:"250.5" doc:"From its offer until its first key frame began, in milliseconds; missing where there was none."`
	FirstPictureAfterMS   float64 `json:"first_picture_after_ms,omitempty" example:"270.5" doc:"From its offer until there was something to see, a whole key frame, in milliseconds: of a publisher by any subscriber, of a subscriber by itself; missing where there never was."`
	RecordedAfterMS       float64 `json:"recorded_after_ms,omitempty" example:"255.5" doc:"From its offer until media of it was in a recording, in milliseconds; missing where none is."`
	Recording             string  `json:"recording,omitempty" example:"KZ7N4Q2WSXB5JTE3VLMOYRH6CA" doc:"The first recording that has media of a publisher; missing where none has."`
	Refusal               string  `json:"refusal,omitempty" example:"The offer and the stream have no codec in common." doc:"Why its offer was refused, for people; missing where it was answered."`
	RoundTripMS           float64 `json:"round_trip_ms,omitempty" example:"23.5" doc:"To the client and back, in milliseconds, as ICE measured it last; missing where it never did."`
	Fed                   string  `json:"fed,omitempty" enum:"audio,video" example:"video" doc:"What whoever publishes sends to a subscriber just now: video, with or without sound, or sound alone; missing where nobody does."`
	Bitrate               uint64  `json:"bitrate" example:"2500000" doc:"In bit/s, over some seconds just now; 0 of a session that has ended."`
	Packets               uint64  `json:"packets" example:"180000" doc:"How many packets there were."`
	Bytes                 uint64  `json:"bytes" example:"206000000" doc:"How much they had in them."`
	Keyframes             uint64  `json:"keyframes" example:"300" doc:"How many key frames there were."`
	Lost                  uint64  `json:"lost" example:"12" doc:"How many packets never came: of a publisher for good, of a subscriber as it reports."`
	Resent                uint64  `json:"resent" example:"40" doc:"How many packets a subscriber asked for again and got."`
	Dropped               uint64  `json:"dropped" example:"0" doc:"How many packets this server lost: a publisher's for want of room, a subscriber's that could not be sent."`
	EstimatedBitrate      uint64  `json:"estimated_bitrate" example:"6000000" doc:"In bit/s, what a subscriber thinks that its way carries; 0 where it never said."`
	ICERestarts           int     `json:"ice_restarts" example:"0" doc:"How often ICE was restarted."`
	RemoteCandidates      int     `json:"remote_candidates" example:"4" doc:"How many candidates the client has told since ICE began or was restarted."`
	MDNSCandidates        int     `json:"mdns_candidates" example:"1" doc:"How many of them are names that only the client's own network resolves."`
	CandidatePair         string  `json:"candidate_pair,omitempty" example:"udp 192.0.2.10 198.51.100.7" doc:"The pair of candidates that ICE chose, the server's first; missing where it never did."`
	DTLS                  string  `json:"dtls,omitempty" example:"connected" doc:"How far DTLS came."`
}

// SessionList is one page of a list.
type SessionList struct {
	Sessions   []SessionRecord `json:"sessions" nullable:"false" doc:"Those that began last come first."`
	NextCursor string          `json:"next_cursor,omitempty" example:"MTc2OTg4MjQwMDAwMDAwMHw1VkpURTRKNlczS1FDWjJMWFNPTVJIN1lBRw" doc:"The cursor of the next page; missing where there are no more."`
}

// sessionOf returns what is told of a session at a time.
func sessionOf(r domain.SessionRecord, now time.Time) SessionRecord {
	told := SessionRecord{
		ID: string(r.ID), Room: string(r.Room), Role: string(r.Role), Subject: string(r.Subject),
		Address: r.Address, UserAgent: r.UserAgent, Node: r.Node, Codecs: []string{},
		Started: r.Started, Ended: known(r.Ended), Reason: string(r.Reason), Because: r.Reason.Words(), Diagnosis: r.Diagnosis(now), Report: reportOf(r.Report),
	}
	for _, c := range r.Codecs {
		told.Codecs = append(told.Codecs, string(c))
	}
	return told
}

func reportOf(r domain.SessionReport) SessionReport {
	return SessionReport{
		FirstCandidateAfterMS: milliseconds(r.FirstCandidateAfter), PairedAfterMS: milliseconds(r.PairedAfter), ConnectedAfterMS: milliseconds(r.ConnectedAfter),
		FirstMediaAfterMS: milliseconds(r.FirstMediaAfter), FirstKeyframeAfterMS: milliseconds(r.FirstKeyframeAfter), FirstPictureAfterMS: milliseconds(r.FirstPictureAfter),
		RecordedAfterMS: milliseconds(r.RecordedAfter), Recording: string(r.Recording), Refusal: r.Refusal,
		RoundTripMS: milliseconds(r.RoundTrip), Fed: string(r.Fed), Bitrate: r.Bitrate, Packets: r.Packets, Bytes: r.Bytes, Keyframes: r.Keyframes,
		Lost: r.Lost, Resent: r.Resent, Dropped: r.Dropped, EstimatedBitrate: r.Estimate, ICERestarts: r.Restarts,
		RemoteCandidates: r.RemoteCandidates, MDNSCandidates: r.MDNSCandidates, CandidatePair: r.Pair, DTLS: r.DTLS,
	}
}
