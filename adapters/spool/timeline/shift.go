package timeline

// settle is how many ticks have passed after a move before the next one: more than
// lies between a picture and those that are decoded before it and shown after it.
const settle = VideoRate / 2

// shift is what is added to timestamps of pictures. It depends on the timestamp alone,
// not on the order in which times are asked for, and never has one of two timestamps
// overtake the other.
type shift struct {
	from, to int64
	at       int64 // behind this timestamp, it goes from one to the other
	asked    int64 // the greatest timestamp that has been asked for
}

// standing returns a shift that is the same everywhere.
func standing(by int64) shift { return shift{from: by, to: by} }

// of returns the shift at a timestamp. Forward it goes at once, since time may jump
// ahead; back it goes at half the pace at which time passes.
func (s *shift) of(at int64) int64 {
	s.asked = max(s.asked, at)
	switch passed := at - s.at; {
	case passed <= 0:
		return s.from
	case s.to > s.from:
		return s.to
	default:
		return max(s.from-passed/2, s.to)
	}
}

// done reports whether the last move is over.
func (s *shift) done() bool {
	return s.asked-s.at >= 2*max(s.from-s.to, 0)+settle
}

// move begins a move from the greatest timestamp that has been asked for.
func (s *shift) move(by int64) {
	s.from, s.at = s.to, s.asked
	s.to += by
}
