package main

import (
	"errors"
	"fmt"
	"strings"
)

// judge returns why changes may not stay as they are between two versions, where declared
// is what is told to those who write clients of the newer one.
func judge(changes []change, before, now, declared string) error {
	raised, err := raise(before, now)
	if err != nil {
		return err
	}
	var needed level
	var problems []error
	for _, c := range changes {
		if !c.breaks {
			needed = max(needed, minor)
			continue
		}
		needed = major
		if !strings.Contains(declared, "`"+c.key()+"`") {
			problems = append(problems, fmt.Errorf("%w: name it in api/changes/%s.md as `%s`, with a sentence about what clients must do", errUndeclared, now, c.key()))
		}
	}
	if raised < needed {
		problems = append(problems, fmt.Errorf("%w: version %s of api/contract.go was released as %s; raise its %s number", errVersion, now, before, needed))
	}
	return errors.Join(problems...)
}

// Why changes may not stay.
var (
	errUndeclared = errors.New("a change that breaks clients is not declared")
	errVersion    = errors.New("the contract has changed and its version does not say so")
	errNoVersion  = errors.New("a version is three numbers, such as 1.4.0, and never goes back")
)

// level is which number of a version was raised.
type level int

const (
	none level = iota
	patch
	minor
	major
)

func (l level) String() string { return [...]string{"no", "third", "second", "first"}[l] }

// raise returns which number a version has raised against the one before. Those behind it
// begin at 0 again.
func raise(before, now string) (level, error) {
	was, is := [3]int{}, [3]int{}
	for text, parts := range map[string]*[3]int{before: &was, now: &is} {
		var rest string
		if n, _ := fmt.Sscanf(text+" end", "%d.%d.%d %s", &parts[0], &parts[1], &parts[2], &rest); n != 4 || rest != "end" {
			return none, fmt.Errorf("%w: %q", errNoVersion, text)
		}
	}
	switch {
	case before == now:
		return none, nil
	case is == [3]int{was[0] + 1}:
		return major, nil
	case is == [3]int{was[0], was[1] + 1}:
		return minor, nil
	case is == [3]int{was[0], was[1], was[2] + 1}:
		return patch, nil
	default:
		return none, fmt.Errorf("%w: %s after %s", errNoVersion, now, before)
	}
}
