package sqlite

import (
	"database/sql/driver"
	"fmt"
	"time"

	"rostrum/domain"
)

// token is the JSON of a domain.RoomToken in the column tokens. Rows that were written
// long ago are read by it: a tag is never changed, and what is new may be missing.
type token struct {
	ID      domain.TokenID `json:"id"`
	Label   string         `json:"label"`
	Action  domain.Action  `json:"action"`
	Subject domain.Subject `json:"subject"`
	Hash    []byte         `json:"sha256"`
	Created *int64         `json:"created_us"` // microseconds since 1970
	Expires *int64         `json:"expires_us"` // null: never
}

// tokens are the tokens of a room as the column that they are kept in.
type tokens struct {
	of *[]domain.RoomToken
}

// Value is driver.Valuer.
func (t tokens) Value() (driver.Value, error) {
	rows := make([]token, 0, len(*t.of))
	for _, d := range *t.of {
		rows = append(rows, token{
			ID: d.ID, Label: d.Label, Action: d.Action, Subject: d.Subject, Hash: d.Hash[:],
			Created: micros(d.Created), Expires: micros(d.Expires),
		})
	}
	return document{rows}.Value()
}

// Scan is sql.Scanner.
func (t tokens) Scan(column any) error {
	var rows []token
	if err := (document{&rows}).Scan(column); err != nil {
		return fmt.Errorf("tokens of a room: %w", err)
	}
	*t.of = nil
	for _, row := range rows {
		d := domain.RoomToken{
			ID: row.ID, Label: row.Label, Action: row.Action, Subject: row.Subject,
			Created: fromMicros(row.Created), Expires: fromMicros(row.Expires),
		}
		if copy(d.Hash[:], row.Hash) != len(d.Hash) || len(row.Hash) != len(d.Hash) {
			return fmt.Errorf("the hash of token %s of a room has %d bytes, not %d", row.ID, len(row.Hash), len(d.Hash))
		}
		*t.of = append(*t.of, d)
	}
	return nil
}

// fromMicros is micros undone.
func fromMicros(us *int64) time.Time {
	if us == nil {
		return time.Time{}
	}
	return time.UnixMicro(*us).UTC()
}
