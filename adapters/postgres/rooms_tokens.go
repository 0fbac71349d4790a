package postgres

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"rostrum/domain"
)

// token is the JSON of a domain.RoomToken in the column tokens. Rows that were written
// long ago are read by it: a tag is never changed, and what is new may be missing.
type token struct {
	ID      domain.TokenID `json:"id"`
	Label   string         `json:"label,omitempty"`
	Action  domain.Action  `json:"action"`
	Subject domain.Subject `json:"subject"`
	Hash    string         `json:"sha256"` // in hexadecimal
	Created time.Time      `json:"created"`
	Expires time.Time      `json:"expires,omitzero"`
}

// tokens are the tokens of a room as the column that they are kept in.
type tokens struct {
	of *[]domain.RoomToken
}

// MarshalJSON is json.Marshaler.
func (t tokens) MarshalJSON() ([]byte, error) {
	rows := make([]token, 0, len(*t.of))
	for _, d := range *t.of {
		rows = append(rows, token{
			ID: d.ID, Label: d.Label, Action: d.Action, Subject: d.Subject,
			Hash: hex.EncodeToString(d.Hash[:]), Created: inJSON(d.Created), Expires: inJSON(d.Expires),
		})
	}
	return json.Marshal(rows)
}

// ScanBytes is pgtype.BytesScanner.
func (t tokens) ScanBytes(column []byte) error {
	var rows []token
	if err := json.Unmarshal(column, &rows); err != nil {
		return fmt.Errorf("tokens of a room: %w", err)
	}
	*t.of = nil
	for _, row := range rows {
		d := domain.RoomToken{
			ID: row.ID, Label: row.Label, Action: row.Action, Subject: row.Subject,
			Created: row.Created.UTC(), Expires: row.Expires.UTC(),
		}
		if n, err := hex.Decode(d.Hash[:], []byte(row.Hash[:min(len(row.Hash), 2*len(d.Hash))])); err != nil || n != len(d.Hash) {
			return fmt.Errorf("token %s of a room has no SHA-256", row.ID)
		}
		*t.of = append(*t.of, d)
	}
	return nil
}
