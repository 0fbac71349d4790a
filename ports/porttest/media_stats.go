package porttest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
	"rostrum/ports/porttest/webrtcpeer"
)

// mediaCounts shows that the totals are those of the reports, of sessions that live and
// of those that have ended, and that none goes down at any time.
func mediaCounts(t *testing.T, media ports.Media) {
	fresh := media.Stats()
	if p, s := fresh.Publishers, fresh.Subscribers; p != (ports.PeerStats{}) || s != p || fresh.Egress != (ports.EgressStats{}) {
		t.Errorf("before any session the totals are %+v", fresh)
	}
	watcher := watchStats(t, media)
	s := newScene(t, media)
	s.route(true)
	s.picture(t)
	s.counts(t)
	s.route(false)
	s.quiet(t)
	s.keepsCount(t, subscriberID, s.subscriber, func(m ports.MediaStats) ports.PeerStats { return m.Subscribers })
	s.publisher.Close()
	eventually(t, "the end of the publisher is told", func() bool { return len(s.heard.endings(publisherID)) > 0 })
	s.settled(t)
	s.keepsCount(t, publisherID, s.publisher, func(m ports.MediaStats) ports.PeerStats { return m.Publishers })
	watcher.end(t)
}

// counts checks that what flows is counted, and what was asked for.
func (s *scene) counts(t *testing.T) {
	t.Helper()
	before := s.media.Stats()
	eventually(t, "the totals grow", func() bool {
		now := s.media.Stats()
		return now.Publishers.Packets > before.Publishers.Packets+10 && now.Publishers.Bytes > before.Publishers.Bytes &&
			now.Subscribers.Packets > before.Subscribers.Packets+10 && now.Subscribers.Bytes > before.Subscribers.Bytes &&
			now.Egress.Bursts > before.Egress.Bursts
	})
	now := s.media.Stats()
	if e := now.Egress; e.Packets < now.Subscribers.Packets || e.Messages == 0 || e.Messages > e.Packets || e.Calls == 0 || e.Bursts == 0 {
		t.Errorf("%d packets were sent as %+v", now.Subscribers.Packets, e)
	}
	if now.Publishers.KeyframeRequests == 0 {
		t.Error("the publisher was asked for its key frame, and that is not counted")
	}
}

// keepsCount ends a session that carries nothing any more, and checks that the totals of
// its role, in which it is alone, are those of its report, while it lives, while its
// connection is being closed, and then.
func (s *scene) keepsCount(t *testing.T, id domain.SessionID, peer *webrtcpeer.Peer, of func(ports.MediaStats) ports.PeerStats) {
	t.Helper()
	check := func(when string, r domain.SessionReport) {
		t.Helper()
		total := of(s.media.Stats())
		since := time.Duration(0)
		if id == subscriberID { // which was connected when it was routed to a publisher
			since = r.ConnectedAfter
		}
		if total.Packets != r.Packets || total.Bytes != r.Bytes || total.Connected.Sum != r.ConnectedAfter || total.FirstMedia.Sum > r.FirstMediaAfter-since || since == 0 && total.FirstMedia.Sum != r.FirstMediaAfter {
			t.Errorf("%s the totals of %s are %+v, its report is %+v", when, id, total, r)
		}
		if total.Connected.Count() != 1 || total.FirstMedia.Count() != 1 {
			t.Errorf("%s %s is counted %d times as connected, and %d times as having had media", when, id, total.Connected.Count(), total.FirstMedia.Count())
		}
	}
	check("while it lives", s.reportOf(t, id))
	last := s.media.End(id)
	check("when it ends", last)
	peer.WaitClosed()
	check("when it is closed", last)
}

// statsWatcher looks at the totals all the time.
type statsWatcher struct {
	stop   func() // ends looking and waits for that
	faults []string
	looks  int
}

// watchStats watches the totals until the end of the watcher, or of the test.
func watchStats(t *testing.T, media ports.Media) *statsWatcher {
	t.Helper()
	w, done := &statsWatcher{}, make(chan struct{})
	var looking sync.WaitGroup
	looking.Go(func() { w.look(media, done) })
	w.stop = sync.OnceFunc(func() { close(done); looking.Wait() })
	t.Cleanup(w.stop)
	return w
}

func (w *statsWatcher) look(media ports.Media, done <-chan struct{}) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for before := totals(media.Stats()); ; w.looks++ {
		select {
		case <-done:
			return
		case <-tick.C:
		}
		stats := media.Stats()
		now := totals(stats)
		for i := range now {
			if now[i] < before[i] {
				w.faults = append(w.faults, "a total went down")
			}
		}
		if len(stats.Drops) != len(ports.DropReasons()) || stats.Load < 0 || stats.Load > 1 {
			w.faults = append(w.faults, "a reason is missing, or the load is no share")
		}
		before = now
	}
}

// end ends the watcher, and tells what it has found.
func (w *statsWatcher) end(t *testing.T) {
	t.Helper()
	w.stop()
	if faults := slices.Compact(w.faults); len(faults) > 0 || w.looks == 0 {
		t.Errorf("after %d looks at the totals: %v", w.looks, faults)
	}
}

// totals returns all that must not go down, in a fixed order.
func totals(m ports.MediaStats) []uint64 {
	all := []uint64{m.Resends.Sent, m.Resends.Refused, m.Egress.Bursts, m.Egress.Packets, m.Egress.Messages, m.Egress.Calls, m.Egress.Unsegmented}
	for _, p := range []ports.PeerStats{m.Publishers, m.Subscribers} {
		all = append(all, p.Packets, p.Bytes, p.Lost, p.NACKs, p.KeyframeRequests, uint64(p.Connected.Sum), uint64(p.FirstMedia.Sum))
		all = append(all, p.Connected.Counts[:]...)
		all = append(all, p.FirstMedia.Counts[:]...)
	}
	for _, reason := range ports.DropReasons() {
		all = append(all, m.Drops[reason])
	}
	return all
}
