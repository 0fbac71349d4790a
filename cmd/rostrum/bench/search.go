package bench

// search looks for the largest number that holds, by doubling until one does not and bisecting then. It takes for granted that
// what holds for many holds for fewer, and is exact to 5 %.
type search struct {
	most int // not more, whatever holds
	good int // the largest that held, 0 for none
	bad  int // the smallest that did not, 0 for none
	try  int
}

// newSearch begins with a guess.
func newSearch(guess, most int) *search { return &search{most: most, try: min(guess, most)} }

// next returns what to try, not ok when the search is over.
func (s *search) next() (n int, ok bool) {
	switch {
	case s.good >= s.most, s.bad == 1:
		return 0, false
	case s.bad > 0 && s.bad-s.good <= max(s.good/20, 1):
		return 0, false
	default:
		return s.try, true
	}
}

// tell says whether what was tried held.
func (s *search) tell(held bool) {
	if held {
		s.good = s.try
	} else {
		s.bad = s.try
	}
	if s.bad == 0 {
		s.try = min(2*s.good, s.most)
	} else {
		s.try = s.good + (s.bad-s.good)/2
	}
}
