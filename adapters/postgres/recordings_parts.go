package postgres

import (
	"encoding/json"
	"fmt"
	"time"

	"rostrum/domain"
)

// part is the JSON of a domain.Part in the column parts. Rows that were written long ago
// are read by it: a tag is never changed, and what is new may be missing.
type part struct {
	File      string           `json:"file"`
	Publisher domain.SessionID `json:"publisher"`
	Video     domain.Codec     `json:"video,omitempty"`
	Audio     domain.Codec     `json:"audio,omitempty"`
	Width     int              `json:"width,omitempty"`
	Height    int              `json:"height,omitempty"`
	Started   time.Time        `json:"started"`
	Duration  time.Duration    `json:"duration_ns"`
	Pictures  int              `json:"pictures"`
	Sounds    int              `json:"sounds"`
	Gaps      []gap            `json:"gaps,omitempty"`
	Bytes     int64            `json:"bytes"`
	SHA256    string           `json:"sha256"`
	CRC32C    uint32           `json:"crc32c"`
}

type gap struct {
	Kind   domain.MediaKind `json:"kind"`
	At     time.Duration    `json:"at_ns"`
	Length time.Duration    `json:"length_ns"`
	Reason domain.GapReason `json:"reason"`
}

// parts are the parts of a recording as the column that they are kept in.
type parts struct {
	of *[]domain.Part
}

// MarshalJSON is json.Marshaler.
func (p parts) MarshalJSON() ([]byte, error) {
	rows := make([]part, 0, len(*p.of))
	for _, d := range *p.of {
		row := part{
			File: d.File, Publisher: d.Publisher, Video: d.Video, Audio: d.Audio, Width: d.Width, Height: d.Height,
			Started: inJSON(d.Started), Duration: d.Duration, Pictures: d.Pictures, Sounds: d.Sounds,
			Bytes: d.Bytes, SHA256: d.SHA256, CRC32C: d.CRC32C,
		}
		for _, g := range d.Gaps {
			row.Gaps = append(row.Gaps, gap(g))
		}
		rows = append(rows, row)
	}
	return json.Marshal(rows)
}

// ScanBytes is pgtype.BytesScanner.
func (p parts) ScanBytes(column []byte) error {
	var rows []part
	if err := json.Unmarshal(column, &rows); err != nil {
		return fmt.Errorf("parts of a recording: %w", err)
	}
	*p.of = nil
	for _, row := range rows {
		d := domain.Part{
			File: row.File, Publisher: row.Publisher, Video: row.Video, Audio: row.Audio, Width: row.Width, Height: row.Height,
			Started: row.Started.UTC(), Duration: row.Duration, Pictures: row.Pictures, Sounds: row.Sounds,
			Bytes: row.Bytes, SHA256: row.SHA256, CRC32C: row.CRC32C,
		}
		for _, g := range row.Gaps {
			d.Gaps = append(d.Gaps, domain.Gap(g))
		}
		*p.of = append(*p.of, d)
	}
	return nil
}
