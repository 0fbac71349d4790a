package rtc

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"rostrum/api/client"
)

// The server is told again what it has not heard. Once it has, that is no longer why a
// connection is lost.
func TestInsist(t *testing.T) {
	full := &client.Problem{Status: http.StatusServiceUnavailable, Retryable: true}
	stale := &client.Problem{Status: http.StatusPreconditionFailed}
	for name, c := range map[string]struct {
		answers []error
		want    error
	}{
		"at once":              {[]error{nil}, nil},
		"later":                {[]error{client.ErrUnreachable, full, nil}, nil},
		"it is of no use":      {[]error{full, stale}, stale},
		"the session is over":  {[]error{full, fmt.Errorf("x: %w", &client.Problem{Status: http.StatusNotFound})}, ErrEnded},
		"it was over long ago": {[]error{&client.Problem{Status: http.StatusGone}}, ErrEnded},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				connection, asked := &Connection{}, 0
				err := connection.insist(t.Context(), func() error {
					asked++
					return c.answers[asked-1]
				})
				if !errors.Is(err, c.want) || asked != len(c.answers) {
					t.Errorf("%v after %d, want %v", err, asked, c.want)
				}
				if err == nil && connection.unheard.Load() != nil {
					t.Errorf("what it has heard is told as trouble: %v", connection.unmet(true))
				}
			})
		})
	}
}
