package pion

import (
	"time"

	"rostrum/domain"
)

// Report returns what there is to say of a session up to now. A tap has no report
// before its End. See ports.Media.
func (m *Media) Report(id domain.SessionID) (domain.SessionReport, bool) {
	var r domain.SessionReport
	p, s := m.find(id)
	switch {
	case p != nil:
		r = p.report()
		r.Bitrate = p.bitrate.load()
	case s != nil:
		r = s.report()
		r.Bitrate = s.bitrate.load()
	default:
		return domain.SessionReport{}, false
	}
	return r, true
}

// earlier returns the earlier of two instants, each of which may be the zero time:
// never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
