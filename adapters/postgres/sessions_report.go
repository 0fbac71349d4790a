package postgres

import (
	"encoding/json"
	"fmt"
	"time"

	"rostrum/domain"
)

// session is a domain.SessionRecord as keepSessions takes it.
type session struct {
	ID        domain.SessionID `json:"id"`
	Room      domain.RoomName  `json:"room"`
	Role      domain.Role      `json:"role"`
	Subject   domain.Subject   `json:"subject"`
	Address   string           `json:"address"`
	UserAgent string           `json:"user_agent"`
	Node      string           `json:"node"`
	Codecs    []domain.Codec   `json:"codecs"`
	Started   time.Time        `json:"started"`
	Ended     time.Time        `json:"ended,omitzero"`
	Reason    domain.EndReason `json:"reason"`
	Report    report           `json:"report"`
}

func newSession(r *domain.SessionRecord) session {
	row := session{
		ID: r.ID, Room: r.Room, Role: r.Role, Subject: r.Subject, Address: r.Address, UserAgent: r.UserAgent, Node: r.Node,
		Codecs: r.Codecs, Started: inJSON(r.Started), Ended: inJSON(r.Ended), Reason: r.Reason, Report: report{&r.Report},
	}
	if row.Codecs == nil {
		row.Codecs = []domain.Codec{}
	}
	return row
}

// figures is the JSON of a domain.SessionReport in the column report. Rows that were
// written long ago are read by it: a tag is never changed, and what is new may be missing.
type figures struct {
	RemoteCandidates    int           `json:"remote_candidates,omitempty"`
	MDNSCandidates      int           `json:"mdns_candidates,omitempty"`
	FirstCandidateAfter time.Duration `json:"first_candidate_after_ns,omitempty"`
	Pair                string        `json:"pair,omitempty"`
	PairedAfter         time.Duration `json:"paired_after_ns,omitempty"`
	DTLS                string        `json:"dtls,omitempty"`
	ConnectedAfter      time.Duration `json:"connected_after_ns,omitempty"`
	RoundTrip           time.Duration `json:"round_trip_ns,omitempty"`

	FirstMediaAfter    time.Duration    `json:"first_media_after_ns,omitempty"`
	FirstKeyframeAfter time.Duration    `json:"first_keyframe_after_ns,omitempty"`
	FirstPictureAfter  time.Duration    `json:"first_picture_after_ns,omitempty"`
	Fed                domain.MediaKind `json:"fed,omitempty"`

	Packets   uint64 `json:"packets,omitempty"`
	Bytes     uint64 `json:"bytes,omitempty"`
	Bitrate   uint64 `json:"bitrate,omitempty"`
	Keyframes uint64 `json:"keyframes,omitempty"`
	Resent    uint64 `json:"resent,omitempty"`
	Dropped   uint64 `json:"dropped,omitempty"`
	Lost      uint64 `json:"lost,omitempty"`
	Estimate  uint64 `json:"estimate,omitempty"`
	Restarts  int    `json:"restarts,omitempty"`

	Refusal       string             `json:"refusal,omitempty"`
	Recording     domain.RecordingID `json:"recording,omitempty"`
	RecordedAfter time.Duration      `json:"recorded_after_ns,omitempty"`
}

// report is the report of a session as the column that it is kept in.
type report struct {
	of *domain.SessionReport
}

// MarshalJSON is json.Marshaler.
func (r report) MarshalJSON() ([]byte, error) {
	row := figures(*r.of)
	for _, f := range []*uint64{
		&row.Packets, &row.Bytes, &row.Bitrate, &row.Keyframes, &row.Resent, &row.Dropped, &row.Lost, &row.Estimate,
	} {
		*f = figure(*f)
	}
	return json.Marshal(row)
}

// ScanBytes is pgtype.BytesScanner.
func (r report) ScanBytes(column []byte) error {
	var row figures
	if err := json.Unmarshal(column, &row); err != nil {
		return fmt.Errorf("report of a session: %w", err)
	}
	*r.of = domain.SessionReport(row)
	return nil
}
