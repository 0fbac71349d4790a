package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Rate is a limit of so many in so much time, written 10/1m, or none, written off,
// which is also the zero value.
type Rate struct {
	n   uint64
	per time.Duration
}

const rateOff = "off"

// Rate returns how many are allowed in how much time. Both are above 0 when on is
// true; when it is false there is no limit.
func (r Rate) Rate() (n uint64, per time.Duration, on bool) { return r.n, r.per, r.n > 0 }

// UnmarshalText accepts COUNT/DURATION with both above 0, and "off". After an error
// r is what it was.
func (r *Rate) UnmarshalText(text []byte) error {
	if string(text) == rateOff {
		*r = Rate{}
		return nil
	}
	count, duration, _ := strings.Cut(string(text), "/")
	n, err := strconv.ParseUint(count, 10, 64)
	per, perErr := time.ParseDuration(duration)
	if err != nil || perErr != nil || n == 0 || per <= 0 {
		return fmt.Errorf("must be %s, not %q", wantRate, text)
	}
	*r = Rate{n, per}
	return nil
}

// MarshalText returns what UnmarshalText reads back as the same rate.
func (r Rate) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// String returns the rate as an operator writes it: 10/1m and not 10/1m0s.
func (r Rate) String() string {
	if r.n == 0 {
		return rateOff
	}
	per := r.per.String()
	if strings.HasSuffix(per, "m0s") {
		per = strings.TrimSuffix(per, "0s")
	}
	if strings.HasSuffix(per, "h0m") {
		per = strings.TrimSuffix(per, "0m")
	}
	return fmt.Sprintf("%d/%s", r.n, per)
}
