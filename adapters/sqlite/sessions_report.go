package sqlite

import (
	"database/sql/driver"
	"fmt"
	"math"
	"time"

	"rostrum/domain"
)

// reportRow is the JSON of a domain.SessionReport in the column report. Rows that were
// written long ago are read by it: a tag is never changed, and what is new may be missing.
type reportRow struct {
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

// Value is driver.Valuer. SQLite's own functions on JSON know integers up to 2^63-1.
func (r report) Value() (driver.Value, error) {
	row := reportRow(*r.of)
	for _, figure := range []*uint64{
		&row.Packets, &row.Bytes, &row.Bitrate, &row.Keyframes, &row.Resent, &row.Dropped, &row.Lost, &row.Estimate,
	} {
		*figure = min(*figure, math.MaxInt64)
	}
	return document{row}.Value()
}

// Scan is sql.Scanner.
func (r report) Scan(column any) error {
	var row reportRow
	if err := (document{&row}).Scan(column); err != nil {
		return fmt.Errorf("the report of a session: %w", err)
	}
	*r.of = domain.SessionReport(row)
	return nil
}
