package domain

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// ObjectKey names an object in the store, or what the names of several begin with:
// parts of letters, digits, dots, underscores, hyphens and equals signs between
// slashes, none of which is "." or "..".
type ObjectKey string

var objectKey = regexp.MustCompile(`\A[A-Za-z0-9._=-]+(/[A-Za-z0-9._=-]+)*\z`)

// Below returns the key of a file below k.
func (k ObjectKey) Below(file string) ObjectKey { return k + "/" + ObjectKey(file) }

// Valid reports whether k is what its type promises, and no longer than 512.
func (k ObjectKey) Valid() bool {
	if len(k) > 512 || !objectKey.MatchString(string(k)) {
		return false
	}
	for part := range strings.SplitSeq(string(k), "/") {
		if part == "." || part == ".." {
			return false
		}
	}
	return true
}

// KeyTemplate makes the keys of recordings: text in which {room}, {recording},
// {date} (2006-01-02), {year}, {month}, {day} and {time} (150405), all in UTC, are
// filled in. {recording} must be in it, or two recordings would have one key.
type KeyTemplate string

// placeholder finds what stands in braces.
var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// Check says what is wrong with the template, nil if nothing is.
func (t KeyTemplate) Check() error {
	if !strings.Contains(string(t), "{recording}") {
		return errors.New("must have {recording} in it, or two recordings would get one key")
	}
	filled := t.fill(Recording{ID: "X", Room: "x"})
	if open := placeholder.FindString(string(filled)); open != "" {
		return fmt.Errorf("must have {room}, {recording}, {date}, {year}, {month}, {day} or {time} in braces, not %s", open)
	}
	if !filled.Valid() {
		return fmt.Errorf("must be letters, digits, dots, hyphens, underscores and equals signs between single slashes besides its braces, not %q", string(t))
	}
	return nil
}

// Key returns the key of a recording. The template must be one that Check passes.
func (t KeyTemplate) Key(r Recording) ObjectKey { return t.fill(r) }

func (t KeyTemplate) fill(r Recording) ObjectKey {
	at := r.Started.UTC()
	return ObjectKey(strings.NewReplacer(
		"{room}", string(r.Room), "{recording}", string(r.ID),
		"{date}", at.Format(time.DateOnly), "{year}", at.Format("2006"), "{month}", at.Format("01"),
		"{day}", at.Format("02"), "{time}", at.Format("150405"),
	).Replace(string(t)))
}
