package bench

import (
	"context"
	"maps"
	"time"
)

const (
	quietFor   = 300 * time.Millisecond // without a packet: nothing is on the way any more
	quietLimit = 5 * time.Second        // then a server holds back what is too old to matter
)

// window measures the crowd as it is. The media plays before and after, and pauses at both ends of what is measured.
func (r *rig) window() (Run, error) {
	load := r.options.Load
	blind, err := r.crowd.see(r.alive)
	if err != nil {
		return Run{}, err
	}
	if err := r.wait("settling", load.Settle); err != nil {
		return Run{}, err
	}
	before, err := r.snapshot()
	if err != nil {
		return Run{}, err
	}
	r.sweep.ask(r.placeProbes)
	if !load.Idle {
		r.publisher.player.resume()
	}
	if err := r.wait("measuring", load.Duration); err != nil {
		return Run{}, err
	}
	after, err := r.snapshot()
	if err != nil {
		return Run{}, err
	}
	run := r.compare(before, after)
	run.Blind = blind
	r.sweep.ask(func() { r.readProbes(&run) })
	r.publisher.player.resume()
	return run, nil
}

// snapshot is what has been counted so far, with nothing on the way since at.
type snapshot struct {
	paused, at     time.Time
	sent, received uint64
	dropped        uint64
	server, bench  usage
}

// snapshot pauses the media and waits until nothing is on the way.
func (r *rig) snapshot() (s snapshot, err error) {
	silent := r.publisher.player.pause()
	s.paused = time.Now()
	if err := r.quieten(silent); err != nil {
		return s, err
	}
	s.at, s.sent = time.Now(), r.publisher.player.packetsSent()
	if s.server, err = r.serverUsage(); err != nil {
		return s, err
	}
	if s.bench, err = usageOf(0); err != nil {
		return s, err
	}
	r.sweep.ask(func() {
		for _, m := range r.crowd.members {
			s.received += m.receiver.packets()
			s.dropped += uint64(m.receiver.socket.drops())
		}
	})
	return s, nil
}

// quieten waits until nothing of what was sent before the silence is on the way.
func (r *rig) quieten(silent time.Time) error {
	for began := time.Now(); time.Since(began) < quietLimit; {
		last := silent
		r.sweep.ask(func() {
			for _, m := range r.crowd.members {
				if m.receiver.lastMedia.After(last) {
					last = m.receiver.lastMedia
				}
			}
		})
		wait := quietFor - time.Since(last)
		if wait <= 0 {
			return nil
		}
		if err := sleep(r.alive, wait); err != nil {
			return err
		}
	}
	return nil
}

// wait tells how long it still takes.
func (r *rig) wait(phase string, d time.Duration) error {
	const tick = time.Second
	for end := time.Now().Add(d); ; {
		left := time.Until(end)
		if left <= 0 {
			return nil
		}
		r.progress.tell(phase, "%d subscribers, %v to go", len(r.crowd.members), left.Round(tick))
		if err := sleep(r.alive, min(left, tick)); err != nil {
			return err
		}
		if err := context.Cause(r.publisher.alive); err != nil {
			return err
		}
	}
}

// placeProbes makes probes of subscribers from the first to the last, evenly.
func (r *rig) placeProbes() {
	members, probes := r.crowd.members, min(r.options.Load.Probes, len(r.crowd.members))
	for i := range probes {
		at := 0
		if probes > 1 {
			at = i * (len(members) - 1) / (probes - 1)
		}
		to := members[at].receiver
		to.probe = newProbe(to.keys.in, to.tracks[:])
	}
}

func (r *rig) readProbes(run *Run) {
	var all histogram
	for _, m := range r.crowd.members {
		if p := m.receiver.probe; p != nil {
			all.add(&p.latency)
			run.Packets.Unreadable += p.unreadable
			m.receiver.probe = nil
		}
	}
	if all.total > 0 {
		run.Latency = &Latency{
			P50: millis(all.quantile(0.5)), P99: millis(all.quantile(0.99)), P999: millis(all.quantile(0.999)),
			Max: millis(all.longest), Packets: all.total,
		}
	}
	if !r.options.Search { // there the media paused while they joined
		r.readJoins(run)
	}
}

func (r *rig) readJoins(run *Run) {
	var first [kinds + 1]histogram
	for _, m := range r.crowd.members {
		sound, picture := m.receiver.firstAt[audio], m.receiver.firstAt[video]
		if picture.IsZero() {
			continue
		}
		first[video].record(picture.Sub(m.posted))
		if !sound.IsZero() && sound.Before(picture) {
			picture = sound
		}
		first[kinds].record(picture.Sub(m.posted))
	}
	run.FirstVideo = Percentiles{millis(first[video].quantile(0.5)), millis(first[video].quantile(0.99))}
	run.FirstPacket = Percentiles{millis(first[kinds].quantile(0.5)), millis(first[kinds].quantile(0.99))}
}

// compare makes figures of two snapshots.
func (r *rig) compare(a, b snapshot) Run {
	n, seconds := len(r.crowd.members), b.paused.Sub(a.at).Seconds()
	run := Run{Subscribers: n, Seconds: seconds, Refusals: maps.Clone(r.crowd.refusals)}
	run.Packets = Packets{
		Sent: b.sent - a.sent, Expected: (b.sent - a.sent) * uint64(n), Received: b.received - a.received, DroppedHere: b.dropped - a.dropped,
	}
	if p := &run.Packets; p.Expected > p.Received {
		p.Loss = float64(p.Expected-p.Received) / float64(p.Expected)
	}
	run.BenchCores = (b.bench.cpu - a.bench.cpu).Seconds() / seconds
	if r.options.Target.PID == 0 {
		return run
	}
	cpu := (b.server.cpu - a.server.cpu).Seconds() // what was still on the way at the end is in it
	run.Server = &ServerFigure{
		Cores: cpu / seconds, Memory: b.server.memory,
		Wakeups:       max(float64(b.server.wakeups)-float64(a.server.wakeups), 0) / seconds, // fewer, when a thread has ended
		PerSubscriber: max(float64(b.server.memory)-float64(r.before.memory), 0) / float64(n),
	}
	if run.Packets.Received > 0 {
		run.Server.PacketMicros = cpu * 1e6 / float64(run.Packets.Received)
	}
	return run
}
