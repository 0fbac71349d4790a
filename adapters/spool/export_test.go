package spool

import (
	"time"

	"rostrum/adapters/spool/container"
)

// Media is the file that a part is written to.
type Media = media

// SetClock gives the spool another clock, before it is used.
func (s *Spool) SetClock(now func() time.Time) { s.now = now }

// SetLimit gives the spool another limit, while nobody else uses it.
func (s *Spool) SetLimit(bytes int64) { s.config.Limit = bytes }

// SetDisk gives the spool files that are wrapped, before it is used.
func (s *Spool) SetDisk(wrap func(Media) Media) {
	s.create = func(path string, video *container.VideoFormat, audio *container.AudioFormat) (media, error) {
		m, err := create(path, video, audio)
		if err != nil {
			return nil, err
		}
		return wrap(m), nil
	}
}
