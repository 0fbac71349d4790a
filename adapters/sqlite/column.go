package sqlite

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"
)

// instant is a time as the column that it is kept in: microseconds since 1970, NULL
// for the zero time.
type instant struct {
	at *time.Time
}

// Scan is sql.Scanner.
func (i instant) Scan(column any) error {
	switch us := column.(type) {
	case nil:
		*i.at = time.Time{}
	case int64:
		*i.at = time.UnixMicro(us).UTC()
	default:
		return fmt.Errorf("a time is %T, not microseconds", column)
	}
	return nil
}

// micros is what an instant scans.
func micros(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	us := t.UnixMicro()
	return &us
}

// document is what of points to as a column of JSON.
type document struct {
	of any
}

// Value is driver.Valuer.
func (d document) Value() (driver.Value, error) {
	text, err := json.Marshal(d.of)
	return string(text), err
}

// Scan is sql.Scanner.
func (d document) Scan(column any) error {
	text, ok := column.(string)
	if !ok {
		return fmt.Errorf("a document is %T, not text", column)
	}
	if err := json.Unmarshal([]byte(text), d.of); err != nil {
		return fmt.Errorf("a document: %w", err)
	}
	return nil
}
