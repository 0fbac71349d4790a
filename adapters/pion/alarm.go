package pion

import "time"

// alarm is a timer that knows when it is set for.
type alarm struct {
	*time.Timer
	at time.Time // zero: it is not set
}

func newAlarm() *alarm {
	a := &alarm{Timer: time.NewTimer(time.Hour)}
	a.Stop()
	return a
}

// set sets the alarm for a time and no other, or for none if it is zero.
func (a *alarm) set(at time.Time) {
	switch {
	case at.Equal(a.at):
		return
	case at.IsZero():
		a.Stop()
	default:
		a.Reset(time.Until(at))
	}
	a.at = at
}

// sooner sets the alarm for a time unless it is set for an earlier one.
func (a *alarm) sooner(at time.Time) {
	if a.at.IsZero() || at.Before(a.at) {
		a.set(at)
	}
}
