package bench

import "testing"

// A server holds so many subscribers where nearly nothing is lost, what comes comes soon, and
// everybody sees something.
func TestWhatHolds(t *testing.T) {
	good := Run{Packets: Packets{Loss: 0.0009}, Latency: &Latency{P99: 99}}
	lossy, late, blind, idle := good, good, good, good
	lossy.Packets.Loss = 0.001
	late.Latency = &Latency{P99: 100}
	blind.Blind = 1
	idle.Latency = nil
	for name, c := range map[string]struct {
		run  Run
		held bool
	}{
		"a good one": {good, true}, "packets are lost": {lossy, false}, "packets are late": {late, false},
		"one sees nothing": {blind, false}, "no media": {idle, false},
	} {
		if held, why := c.run.held(watchable); held != c.held {
			t.Errorf("%s: held is %v: %s", name, held, why)
		}
	}
}
