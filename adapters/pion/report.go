package pion

import (
	"time"

	"rostrum/adapters/pion/fanout"
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

// gotOn gives a report when a session's streams got on: the earliest of any.
func (p *peer) gotOn(r *domain.SessionReport, all ...fanout.Firsts) {
	var first fanout.Firsts
	for _, one := range all {
		first.Media = earlier(first.Media, one.Media)
		first.Keyframe = earlier(first.Keyframe, one.Keyframe)
		first.Picture = earlier(first.Picture, one.Picture)
	}
	r.FirstMediaAfter = p.conn.After(first.Media)
	r.FirstKeyframeAfter = p.conn.After(first.Keyframe)
	r.FirstPictureAfter = p.conn.After(first.Picture)
}

// earlier returns the earlier of two instants, each of which may be the zero time:
// never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
