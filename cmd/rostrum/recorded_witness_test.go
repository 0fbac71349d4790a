package main

import (
	"cmp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/webrtcpeer"
)

// witness is a subscriber that has been in the room before its publisher. It notes when
// media comes by its own clock, and what time the publisher gives it.
type witness struct {
	peer   *webrtcpeer.Peer
	mu     sync.Mutex
	tracks map[webrtc.RTPCodecType]map[uint32]time.Time // when the first packet of a timestamp came
}

// came is a picture, or a packet of sound.
type came struct {
	at      time.Time     // by the witness's clock
	claimed time.Duration // by the publisher's, since the first of the track
}

func newWitness(t *testing.T, server, room string) *witness {
	t.Helper()
	w := &witness{tracks: map[webrtc.RTPCodecType]map[uint32]time.Time{}}
	w.peer = webrtcpeer.Subscriber(t, w.watch)
	connect(t, w.peer, server, "/api/whep/play/"+room)
	w.peer.WaitConnected()
	return w
}

func (w *witness) watch(track *webrtc.TrackRemote) {
	for {
		p, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		w.note(track.Kind(), p.Timestamp, time.Now())
	}
}

func (w *witness) note(kind webrtc.RTPCodecType, timestamp uint32, at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.tracks[kind] == nil {
		w.tracks[kind] = map[uint32]time.Time{}
	}
	if _, known := w.tracks[kind][timestamp]; !known {
		w.tracks[kind][timestamp] = at
	}
}

// settle waits until nothing has come for a second.
func (w *witness) settle(t *testing.T) {
	t.Helper()
	const enough = 20 // looks that find nothing more
	last, same := -1, 0
	rig.Eventually(t, "all that is on its way has come", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		now := len(w.tracks[webrtc.RTPCodecTypeVideo]) + len(w.tracks[webrtc.RTPCodecTypeAudio])
		if same++; now != last {
			last, same = now, 0
		}
		return same >= enough
	})
}

// all waits for the end of the publication, and returns what came.
func (w *witness) all() (pictures, sounds []came) {
	w.peer.WaitClosed()
	w.mu.Lock()
	defer w.mu.Unlock()
	return inOrder(w.tracks[webrtc.RTPCodecTypeVideo], 90_000), inOrder(w.tracks[webrtc.RTPCodecTypeAudio], 48_000)
}

// inOrder counts timestamps, which wrap, from one that is near to the others.
func inOrder(track map[uint32]time.Time, rate time.Duration) (all []came) {
	near, first := uint32(0), time.Time{}
	for timestamp, at := range track {
		if first.IsZero() || at.Before(first) {
			near, first = timestamp, at
		}
	}
	for timestamp, at := range track {
		all = append(all, came{at, time.Duration(int32(timestamp-near)) * time.Second / rate})
	}
	slices.SortFunc(all, func(a, b came) int { return cmp.Compare(a.claimed, b.claimed) })
	return all
}

// lasted returns for how long media came, the last picture or packet of sound with how
// long the one before it was.
func lasted(pictures, sounds []came) time.Duration {
	first, last := pictures[0].at, pictures[len(pictures)-1].at
	for _, s := range sounds {
		if s.at.Before(first) {
			first = s.at
		}
		if s.at.After(last) {
			last = s.at
		}
	}
	end := len(pictures) - 1
	return last.Sub(first) + pictures[end].claimed - pictures[end-1].claimed
}

// stood returns by how much less time has passed by the timestamps of sound than by the
// clock on the wall, or more. A browser without the time to capture sound leaves some
// out and does not say so; pictures are moved to stay in step with what there is.
func stood(sounds []came) time.Duration {
	if len(sounds) == 0 {
		return 0
	}
	first, last := sounds[0], sounds[len(sounds)-1]
	return (last.at.Sub(first.at) - (last.claimed - first.claimed)).Abs()
}
