package archive

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rostrum/domain"
)

// worked is what the workers of a schedule have done, in order.
type worked struct {
	mu  sync.Mutex
	ids []domain.RecordingID
	at  map[domain.RecordingID]time.Time
}

func (w *worked) note(id domain.RecordingID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids = append(w.ids, id)
	if w.at == nil {
		w.at = map[domain.RecordingID]time.Time{}
	}
	w.at[id] = time.Now()
}

func (w *worked) all() []domain.RecordingID {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.ids)
}

func TestScheduleWorksWhenItIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, w := newSchedule(), &worked{}
		began := time.Now()
		s.add("late", began.Add(time.Hour))
		s.add("soon", began.Add(time.Minute))
		s.add("now", began)
		s.add("late", began.Add(2*time.Hour)) // sooner holds
		var working sync.WaitGroup
		working.Go(func() { s.work(func(_ context.Context, id domain.RecordingID) { w.note(id) }) })
		time.Sleep(3 * time.Hour)
		s.close()
		working.Wait()
		for id, after := range map[domain.RecordingID]time.Duration{"now": 0, "soon": time.Minute, "late": time.Hour} {
			if got := w.at[id].Sub(began); got != after {
				t.Errorf("%s was done after %v, want %v", id, got, after)
			}
		}
		if n := len(w.all()); n != 3 || s.len() != 0 {
			t.Errorf("%d were done, %d are left", n, s.len())
		}
	})
}

func TestScheduleWorksOnEachOnceAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSchedule()
		var mu sync.Mutex
		now, most, runs := map[domain.RecordingID]int{}, 0, 0
		step := func(_ context.Context, id domain.RecordingID) {
			mu.Lock()
			now[id]++
			most, runs = max(most, now[id]), runs+1
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			now[id]--
			mu.Unlock()
		}
		var working sync.WaitGroup
		for range 4 {
			working.Go(func() { s.work(step) })
		}
		for i := range 20 {
			s.add("one", time.Now())
			s.add(domain.RecordingID(strconv.Itoa(i)), time.Now())
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(time.Minute)
		s.close()
		working.Wait()
		if most != 1 {
			t.Errorf("one recording was worked on %d times at once", most)
		}
		if runs < 22 || runs > 30 {
			t.Errorf("%d steps", runs)
		}
	})
}

func TestScheduleRemoveBreaksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, w := newSchedule(), &worked{}
		var working sync.WaitGroup
		working.Go(func() {
			s.work(func(ctx context.Context, id domain.RecordingID) {
				<-ctx.Done()
				s.add(id, time.Now()) // as a step does that has failed
				w.note(id)
			})
		})
		s.add("a", time.Now())
		synctest.Wait()
		s.remove("a")
		s.remove("unknown")
		if got := w.all(); !slices.Equal(got, []domain.RecordingID{"a"}) || s.len() != 0 {
			t.Errorf("done %v, %d are left", got, s.len())
		}
		s.close()
		working.Wait()
	})
}

func TestScheduleDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, w := newSchedule(), &worked{}
		for i := range 5 {
			s.add(domain.RecordingID(strconv.Itoa(i)), time.Now().Add(time.Duration(i)*2*time.Second))
		}
		s.add("late", time.Now().Add(time.Hour))
		began := time.Now()
		stop := s.drain(10 * time.Second)
		defer stop()
		s.work(func(_ context.Context, id domain.RecordingID) {
			w.note(id)
			if id == "2" {
				s.add(id, time.Now().Add(time.Second)) // it has failed: the next start does it
			}
		})
		if got := w.all(); !slices.Equal(got, []domain.RecordingID{"0", "1", "2", "3", "4"}) || time.Since(began) != 0 {
			t.Errorf("%v were done in %v", got, time.Since(began))
		}
		if n := s.left(); n != 2 {
			t.Errorf("%d are left, want the one that has failed and the late one", n)
		}
	})
}

func TestScheduleDrainHasPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSchedule()
		s.add("a", time.Now())
		s.add("b", time.Now())
		began := time.Now()
		defer s.drain(10 * time.Second)()
		runs := 0
		s.work(func(ctx context.Context, _ domain.RecordingID) { runs++; <-ctx.Done() })
		if runs != 1 || time.Since(began) != 10*time.Second || s.left() != 2 {
			t.Errorf("%d steps in %v, %d are left", runs, time.Since(began), s.left())
		}
	})
}
