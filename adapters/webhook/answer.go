package webhook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// How much of an answer that is no 2xx is read, in bytes, and repeated, in characters.
const (
	readLimit   = 16 << 10
	repeatLimit = 200
)

// refused says what a receiver has answered.
func (s *Sender) refused(answer *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(answer.Body, readLimit)) // what came before an error may say why
	status := strconv.Itoa(answer.StatusCode)
	if text := http.StatusText(answer.StatusCode); text != "" {
		status += " " + text
	}
	err := "it answered " + status
	if text := s.repeat(string(body)); text != "" {
		err += " and " + strconv.Quote(text)
	}
	switch {
	case answer.StatusCode/100 == 3:
		err += ". Redirects are not followed: give the address that it leads to in webhooks.urls"
	case answer.StatusCode == http.StatusUnauthorized, answer.StatusCode == http.StatusForbidden:
		err += ". See that the receiver has the same secret and the right time"
	}
	return errors.New(err)
}

// repeat returns what of a receiver's text may be said again: its beginning, without
// the secret.
func (s *Sender) repeat(text string) string {
	for _, secret := range s.hidden {
		text = strings.ReplaceAll(text, secret, "[secret]")
	}
	characters := []rune(strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD")))
	if len(characters) > repeatLimit {
		return string(characters[:repeatLimit-1]) + "…"
	}
	return string(characters)
}

// explain says what to do where no answer came. The end of ctx is returned as it is.
func (s *Sender) explain(ctx context.Context, err error) error {
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	err = cause(err)
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no answer within %v: let the receiver answer first and work later: %w", s.timeout, context.DeadlineExceeded)
	}
	if text := s.repeat(err.Error()); text != err.Error() { // it repeats what came instead of HTTP
		return errors.New("no answer that is HTTP: " + text)
	}
	return fmt.Errorf("no answer: %w. See that it runs, and that the address is right", err)
}

// cause takes the URL out of an error of net/http.
func cause(err error) error {
	var outer *url.Error
	if errors.As(err, &outer) {
		return outer.Err
	}
	return err
}
