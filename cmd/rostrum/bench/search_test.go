package bench

import "testing"

// TestSearchFindsWhatAServerHolds has servers of many sizes say when they are full.
func TestSearchFindsWhatAServerHolds(t *testing.T) {
	for holds := range 3000 {
		for _, guess := range []int{1, 100, 5000} {
			s := newSearch(guess, 2500)
			trials := 0
			for n, ok := s.next(); ok; n, ok = s.next() {
				if trials++; n < 1 || n > 2500 || trials > 30 {
					t.Fatalf("a server of %d from %d: trial %d is of %d subscribers", holds, guess, trials, n)
				}
				s.tell(n <= holds)
			}
			most := min(holds, 2500)
			if s.good > most || s.good < most-max(most/19, 1) {
				t.Fatalf("a server of %d from %d: found %d after %d trials", holds, guess, s.good, trials)
			}
		}
	}
}

func TestSearchOfThousandsTakesAboutADozenTrials(t *testing.T) {
	s := newSearch(100, 100_000)
	trials := 0
	for n, ok := s.next(); ok; n, ok = s.next() {
		trials++
		s.tell(n <= 1730)
	}
	if trials > 12 {
		t.Errorf("%d trials", trials)
	}
}
