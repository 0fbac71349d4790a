package spool

import "rostrum/adapters/spool/container"

// silence is a packet of Opus in which nothing is to be heard.
type silence struct {
	length int64 // in ticks
	packet []byte
}

// silences returns packets of silence, the longest first: six frames of 20 ms, one of
// that, of 10, of 5 and of 2.5 ms (RFC 6716 §3.1: CELT, mono; §3.2.5: six of one size).
func silences() []silence {
	const ms = container.AudioRate / 1000
	return []silence{
		{120 * ms, []byte{31<<3 | 3, 6, 0xff, 0xfe, 0xff, 0xfe, 0xff, 0xfe, 0xff, 0xfe, 0xff, 0xfe, 0xff, 0xfe}},
		{20 * ms, []byte{31 << 3, 0xff, 0xfe}},
		{10 * ms, []byte{30 << 3, 0xff, 0xfe}},
		{5 * ms, []byte{29 << 3, 0xff, 0xfe}},
		{5 * ms / 2, []byte{28 << 3, 0xff, 0xfe}},
	}
}

// fill makes silence ready up to a time, but for what is shorter than any packet, and
// reports whether there is some. Where sound is missing, something must be in the file:
// browsers play packets of sound one behind the other, whatever time they tell, and
// what follows upon a gap would be as much too early as that is long.
func (l *lane) fill(to int64) (some bool) {
	for _, s := range silences() {
		for ; to-l.covered >= s.length; some = true {
			l.ready = append(l.ready, container.Sample{DTS: l.covered, PTS: l.covered, Duration: s.length, Key: true, Data: s.packet})
			l.covered += s.length
		}
	}
	l.next = max(l.next, l.covered)
	return some
}
