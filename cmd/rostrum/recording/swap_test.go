package recording

import (
	"os"
	"testing"

	"rostrum/cmd/rostrum/rig"
)

// A store is swapped by one line of configuration: the same publication ends up whole
// in each, and nothing stays in the spool.
func TestEveryStore(t *testing.T) {
	t.Parallel()
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t)
			s := onBucket(t, b)
			b.holds(t, s.wholePublication(t))
		})
	}
	t.Run("file", func(t *testing.T) {
		t.Parallel()
		s := newStand(t)
		all := s.wholePublication(t)
		if got := len(s.objects()); got != len(all[0].Parts)+1 {
			t.Errorf("the directory has %q", s.objects())
		}
	})
}

// wholePublication publishes a clip and checks that it is stored, announced and gone
// from the spool. It returns the one recording.
func (s *stand) wholePublication(t *testing.T) []recording {
	t.Helper()
	h := newHook(t)
	s.flags = append(s.flags, h.flags()...)
	v := s.start()
	const seconds = 4
	s.publish("hall", clipFile(t, "libx264", seconds)).wait()
	all := s.stored(1)
	if n := s.read(all[0]); n < seconds*clipRate-unsent || n > seconds*clipRate {
		t.Errorf("%d pictures are stored of %d", n, seconds*clipRate)
	}
	h.told(all)
	rig.Eventually(t, "the spool is empty", func() bool { return len(s.spooled()) == 0 })
	v.stop()
	return all
}

// spooled returns the names of the recordings in the spool.
func (s *stand) spooled() []string {
	var names []string
	entries, _ := os.ReadDir(s.spool())
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}
