package draining

import (
	"slices"
	"testing"
	"time"

	"rostrum/ports/porttest/webrtcpeer"
)

// audience is how many watch in the tests of a server under load.
const audience = 20

// The publisher ends what it publishes while the server drains: nobody has lost a packet,
// the recording is in the store, and nothing is waited for any longer.
func TestTerminatedUnderLoadUntilThePublisherEnds(t *testing.T) {
	t.Parallel()
	b := newBucket(t)
	s := onBucket(t, b)
	s.start()
	p := s.publish(t, "hall")
	all := s.crowd(t, "hall", audience)
	stranger := webrtcpeer.Publisher(t).Offer()
	events := s.listen(all[0].path, "viewercount", "reconnect")
	s.terminate()

	s.refuses(stranger, "hall", "other")
	s.restart(t, all[1].client)
	s.leave(t, all[2].client)
	s.subscribers("hall", audience-1)
	all[1].sees(t, 50)
	s.lives()
	if lines := s.told("waiting for sessions to end"); len(lines) == 0 || len(lines) > 3 {
		t.Errorf("the log tells in %d lines who is waited for:\n%s", len(lines), s.now.Log)
	}

	last := p.pause()
	for i, v := range all {
		if i != 2 { // it has left
			v.seesAll(t, last)
		}
	}
	s.leave(t, p.client)
	s.exits()
	for i, v := range all {
		if i != 1 { // whose client takes nothing while it restarts
			v.lostNothing(t)
		}
	}
	var heard []string
	for name := range events {
		heard = append(heard, name)
	}
	if slices.Contains(heard, "reconnect") || !slices.Contains(heard, "viewercount") {
		t.Errorf("the viewer has heard %q: its stream went on to its end, there was no need to go", heard)
	}
	if m := b.recording(t); m.pictures() <= int(last-all[3].first()) {
		t.Errorf("the recording has %d pictures, a viewer has seen %d to %d", m.pictures(), all[3].first(), all[3].last())
	}
}

// Whoever is left after drain.timeout is ended, told to come back elsewhere, and has lost
// nothing until then.
func TestTerminatedUnderLoadUntilTheTimeout(t *testing.T) {
	t.Parallel()
	b := newBucket(t)
	s := onBucket(t, b)
	const timeout = 6 * time.Second
	s.start("--drain.timeout", timeout.String())
	p := s.publish(t, "hall")
	all := s.crowd(t, "hall", audience)
	events := s.listen(all[0].path, "reconnect")
	before := all[0].last()
	s.terminate()
	s.exits()
	p.WaitClosed()
	m := b.recording(t)
	meanwhile := m.pictures() - int(before) // to the end, which is that of publisher and viewers
	for _, v := range all {
		v.lostNothing(t)
		if n := int(v.last() - before); n < max(rate/2, meanwhile*3/4) {
			t.Errorf("a viewer has seen %d pictures in the %v that were left, and %d were recorded", n, timeout, meanwhile)
		}
	}
	var heard []string
	for name := range events {
		heard = append(heard, name)
	}
	if !slices.Equal(heard, []string{"reconnect"}) {
		t.Errorf("the viewer has heard %q, want to come back elsewhere", heard)
	}
	if m.pictures() <= int(all[0].last()-all[0].first()) {
		t.Errorf("the recording has %d pictures, a viewer has seen %d to %d", m.pictures(), all[0].first(), all[0].last())
	}
	if lines := s.told("not every session has ended by itself"); len(lines) != 1 {
		t.Errorf("the log does not tell that sessions were ended:\n%s", s.now.Log)
	}
}
