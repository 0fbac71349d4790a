package config

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is text that nobody may read by accident: printed with any verb, logged,
// or marshalled as text, JSON or YAML, it shows as "***", and as nothing when it is
// empty, so that a reader still sees whether it was given.
type Secret string

const mask = "***"

// Reveal returns the secret itself. The caller keeps it out of logs and errors.
func (s Secret) Reveal() string { return string(s) }

// String returns the mask.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return mask
}

// Format writes the mask whatever the verb and its flags ask for.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText returns the mask. It has no counterpart: what was printed cannot be
// read back.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue returns the mask.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
