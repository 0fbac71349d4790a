package config

import (
	"errors"
	"time"
)

const wantDuration = "a duration such as 10s or 1m"

// Duration is a length of time, 0 or more, written as Go writes it: 10s, 1m30s.
type Duration struct{ time.Duration }

// UnmarshalText reads a duration.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	if err != nil || parsed < 0 {
		return errors.New(wantDuration)
	}
	d.Duration = parsed
	return nil
}

// MarshalText writes it as UnmarshalText reads it.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }
