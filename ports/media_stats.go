package ports

import (
	"slices"
	"time"
)

// MediaStats is what a media port has done since it was opened, and how busy it is. What
// a session has added to a total stays when it has ended, and is added once: no total
// ever goes down.
type MediaStats struct {
	Publishers  PeerStats // what came from them, and what they were asked for
	Subscribers PeerStats // what was sent to them, and what they asked for
	Resends     ResendStats
	Egress      EgressStats
	Drops       map[DropReason]uint64 // packets; every reason is there
	Load        float64               // share of the time of those who send that goes into sending, 0 to 1
}

// PeerStats is what has gone between the port and all sessions of one role.
type PeerStats struct {
	Packets, Bytes   uint64    // as the sessions' reports count them
	Lost             uint64    // packets that did not come: as the port gave them up, or as subscribers reported
	NACKs            uint64    // messages that asked for lost packets (RFC 4585 §6.2.1)
	KeyframeRequests uint64    // messages that asked for a key frame (PLI and FIR)
	Connected        Durations // from the offer until media could flow, of sessions that came so far
	FirstMedia       Durations // from the offer until its first packet, likewise; of who was connected before anybody published, from then on
}

// ResendStats is what became of the packets that subscribers asked for again.
type ResendStats struct {
	Sent    uint64
	Refused uint64 // too much was asked for
}

// EgressStats is how packets were handed to the network.
type EgressStats struct {
	Bursts      uint64 // of a track, each sent to all of its subscribers, taps among them
	Packets     uint64 // all that left: media, what was sent again, reports
	Messages    uint64 // that they left in: one packet, or several of one size
	Calls       uint64 // of the operating system that took the messages
	Unsegmented uint64 // how often a way to a subscriber turned out to take packets one by one alone
}

// DropReason says why a packet was dropped.
type DropReason string

// The reasons, along a packet's way.
const (
	DropReceiveBuffer DropReason = "receive_buffer" // the socket had no room for it, before it could be read
	DropInbox         DropReason = "inbox_full"     // its publisher sends faster than it is served
	DropMalformed     DropReason = "malformed"      // it is no packet of RTP or RTCP
	DropUnknown       DropReason = "unknown_stream" // it is of no stream that its session has agreed upon
	DropForged        DropReason = "unauthentic"    // it was not made with the session's keys
	DropReplayed      DropReason = "replayed"       // it has come before, or is too old or too short to be checked
	DropLate          DropReason = "late"           // it is media that is there already, or of no use any more
	DropFlood         DropReason = "rtcp_flood"     // its peer sends more RTCP than it may, or under more names
	DropSendBuffer    DropReason = "send_buffer"    // the operating system had no room for it in time
	DropSend          DropReason = "send_refused"   // the operating system, or a connection that closes, did not take it
)

// DropReasons returns all reasons, along a packet's way.
func DropReasons() []DropReason {
	return []DropReason{
		DropReceiveBuffer, DropInbox, DropMalformed, DropUnknown, DropForged, DropReplayed, DropLate, DropFlood, DropSendBuffer, DropSend,
	}
}

// durationBounds are the upper bounds by which Durations sorts.
var durationBounds = [...]time.Duration{
	5 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond,
	time.Second, 2500 * time.Millisecond, 5 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute,
}

// DurationBounds returns the upper bounds by which Durations sorts: 5 ms to a minute.
func DurationBounds() []time.Duration { return slices.Clone(durationBounds[:]) }

// Durations is how often something took how long: a histogram. The zero value has counted
// nothing. A copy counts for itself.
type Durations struct {
	Counts [len(durationBounds) + 1]uint64 // up to each bound, above the one before; the last is of what took longer
	Sum    time.Duration
}

// Add counts one that took so long.
func (d *Durations) Add(took time.Duration) {
	at, _ := slices.BinarySearch(durationBounds[:], took)
	d.Counts[at]++
	d.Sum += took
}

// Count returns how many have been counted.
func (d *Durations) Count() (n uint64) {
	for _, count := range d.Counts {
		n += count
	}
	return n
}
