// Package usage tells a command that was used wrongly from one that has failed. The first
// is the caller's to mend: it ends with exit code 2, and with how to get help.
package usage

import "fmt"

// Error says what is wrong with a command line, and what to write instead. Find it by
// errors.As.
type Error struct{ err error }

// Errorf makes an Error as fmt.Errorf does, %w included.
func Errorf(format string, values ...any) error { return &Error{fmt.Errorf(format, values...)} }

// Wrap makes err an Error. Nil stays nil.
func Wrap(err error) error {
	if err == nil {
		return nil
	}
	return &Error{err}
}

func (e *Error) Error() string { return e.err.Error() }

// Unwrap returns what was wrapped.
func (e *Error) Unwrap() error { return e.err }
