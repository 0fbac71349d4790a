package container

import (
	"bytes"

	"github.com/at-wat/ebml-go/webm"

	"rostrum/domain"
)

// stream is what there is of one track. Times are in milliseconds.
type stream struct {
	blocks           int
	first, last, end int64
}

// cue is where playing may begin.
type cue struct {
	at      int64 // in milliseconds
	cluster int64 // where it begins, in the Segment
}

// follow reports whether the blocks of a cluster are of tracks that the file has, and
// follow on those before them.
func (s *webmScan) follow() bool {
	streams := s.streams
	for _, b := range s.blocks {
		if b.track < videoTrack || b.track > audioTrack || s.tracks.entries[b.track] == 0 {
			return false
		}
		t := &streams[b.track]
		if b.at < 0 || t.blocks > 0 && b.at < t.last {
			return false
		}
		t.blocks++
		t.last = b.at
	}
	return len(s.blocks) > 0
}

// add adds the blocks of the cluster that begins at a place.
func (s *webmScan) add(cluster int64) {
	sounds := s.streams[audioTrack].blocks
	for _, b := range s.blocks {
		t := &s.streams[b.track]
		if t.blocks == 0 {
			t.first = b.at
		}
		t.blocks++
		t.last, t.end = b.at, max(t.end, b.until)
		point := cue{at: b.at, cluster: cluster - s.segment}
		switch {
		case b.track == videoTrack && b.key:
			s.cues = append(s.cues, point)
		case b.track == audioTrack && t.blocks == sounds+1:
			s.sounds = append(s.sounds, point)
		}
	}
}

// contents returns what has been found up to end, and what finalizes the file.
func (s *webmScan) contents(end int64) (c contents, err error) {
	tracks := bytes.Clone(s.tracks.element)
	for track, place := range s.tracks.entries {
		stream := s.streams[track]
		if place > 0 && stream.blocks == 0 {
			tracks[place] = voidID
		}
		if stream.blocks > 0 {
			s.describe(&c.summary, track, stream)
		}
	}
	points, track := s.cues, uint64(videoTrack)
	if c.summary.Pictures == 0 {
		points, track = s.sounds, audioTrack
	}
	if c.summary.Pictures+c.summary.Sounds == 0 {
		return c, ErrEmpty
	}
	if c.index, err = marshalCues(points, track); err != nil {
		return c, err
	}
	head := webmHead{tracks: tracks, size: uint64(end + int64(len(c.index)) - s.segment), cues: uint64(end - s.segment)} //nolint:gosec // none is negative
	if length := float64(max(s.streams[videoTrack].end, s.streams[audioTrack].end)); length > 0 {
		head.duration = &length
	}
	if c.closed, err = head.encode(); err != nil {
		return c, err
	}
	c.open, err = webmHead{tracks: s.tracks.element}.encode()
	c.end = end
	return c, err
}

func marshalCues(points []cue, track uint64) ([]byte, error) {
	var cues webm.Cues
	for _, p := range points {
		cues.CuePoint = append(cues.CuePoint, webm.CuePoint{
			CueTime: uint64(p.at), //nolint:gosec // follow has seen that it is not negative
			CueTrackPositions: []webm.CueTrackPosition{{
				CueTrack: track, CueClusterPosition: uint64(p.cluster), //nolint:gosec // a place
			}},
		})
	}
	return marshal(&struct{ Cues webm.Cues }{cues})
}

// describe adds a track to a summary.
func (s *webmScan) describe(to *Summary, track int, t stream) {
	if track == audioTrack {
		to.Audio, to.Sounds = domain.Opus, t.blocks
	} else {
		to.Video, to.Pictures = domain.VP8, t.blocks
		to.Width, to.Height = int(s.tracks.video.PixelWidth), int(s.tracks.video.PixelHeight) //nolint:gosec // as we wrote it
	}
	to.show(seconds(t.first, 1000), seconds(t.end, 1000))
}
