package porttest

import (
	"slices"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

func updateRecordingAtOnce(t *testing.T, a archive) {
	const writers, each = 8, 25
	a.keep(t, domain.Recording{ID: "A", Started: noon})
	atOnce(t, writers, func(int) error {
		for range each {
			if err := a.attempt(t.Context(), "A"); err != nil {
				return err
			}
		}
		return nil
	})
	if got := a.kept(t, "A").Failure.Attempts; got != writers*each {
		t.Errorf("%d increments came to %d", writers*each, got)
	}
}

func updateRecordingCreatesOnce(t *testing.T, a archive) {
	const writers = 16
	outcomes := make([]error, writers)
	atOnce(t, writers, func(i int) error {
		outcomes[i] = a.Update(t.Context(), "A", func(now *domain.Recording) (*domain.Recording, []ports.Delivery, error) {
			if now != nil {
				return nil, nil, domain.ErrRecordingState
			}
			return &domain.Recording{ID: "A", Started: noon, Failure: domain.Failure{Attempts: i + 1}}, nil, nil
		})
		return nil
	})
	winner := slices.Index(outcomes, nil)
	for i, err := range outcomes {
		if i != winner && err != error(domain.ErrRecordingState) {
			t.Errorf("writer %d got %v, want ErrRecordingState: writer %d made the recording", i, err, winner)
		}
	}
	if got := a.kept(t, "A").Failure.Attempts; got != winner+1 {
		t.Errorf("the recording is that of writer %d, but writer %d was told so", got-1, winner)
	}
}

func updateManyRecordings(t *testing.T, a archive) {
	const writers, each = 8, 10
	atOnce(t, writers, func(i int) error {
		for range each + i {
			if err := a.attempt(t.Context(), recordingID(i)); err != nil {
				return err
			}
		}
		return nil
	})
	for i := range writers {
		if got := a.kept(t, recordingID(i)).Failure.Attempts; got != each+i {
			t.Errorf("%s was incremented to %d, want %d", recordingID(i), got, each+i)
		}
	}
}

func updateDelivers(t *testing.T, a archive) {
	r := domain.Recording{ID: "A", Started: noon}
	all := []ports.Delivery{delivery("A", 0), delivery("A", 1), delivery("B", 2)}
	all[1].Body, all[2].Body = []byte("\x00\xff not text \xfe"), nil
	all[1].Attempts = 7
	a.keep(t, r, all[:2]...)
	a.keep(t, r, all[2])
	a.keep(t, r)
	sameKept(t, "what is due", all, a.due(t))
	sameKept(t, "the recording", r, a.kept(t, "A"))
}

func updateLeavesDelivery(t *testing.T, a archive) {
	first := delivery("A", 0)
	first.Attempts = 3
	again, other := first, delivery("A", 1)
	again.Body, again.Attempts, again.Next = []byte("another"), 0, noon.Add(-time.Hour)
	a.keep(t, domain.Recording{ID: "A", State: domain.RecordingUploading}, first)
	a.keep(t, domain.Recording{ID: "A", State: domain.RecordingStored}, again, other)
	sameKept(t, "what is due", []ports.Delivery{first, other}, a.due(t))
	if got := a.kept(t, "A").State; got != domain.RecordingStored {
		t.Errorf("the recording is %s, want the change that came with a known delivery", got)
	}
}

func updateToNilDelivers(t *testing.T, a archive) {
	a.keep(t, domain.Recording{ID: "A", Started: noon}, delivery("A", 0))
	err := a.Update(t.Context(), "A", func(*domain.Recording) (*domain.Recording, []ports.Delivery, error) {
		return nil, []ports.Delivery{delivery("A", 1)}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sameKept(t, "what is due after the recording is deleted", []ports.Delivery{delivery("A", 0), delivery("A", 1)}, a.due(t))
}

// updateShowsTogether looks at recordings that become stored one after another, and
// never sees one stored with nothing to deliver, or the reverse.
func updateShowsTogether(t *testing.T, a archive) {
	const count = 30
	done := make(chan error, 1)
	go func() {
		for i := range count {
			err := a.Update(t.Context(), recordingID(i), func(*domain.Recording) (*domain.Recording, []ports.Delivery, error) {
				return &domain.Recording{ID: recordingID(i), Started: noon}, []ports.Delivery{delivery(recordingID(i), 0)}, nil
			})
			if err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for over := false; !over; {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			over = true
		default:
		}
		due := len(a.due(t))
		kept := len(a.ids(t, ports.RecordingQuery{}))
		dueThen := len(a.due(t))
		if kept < due || dueThen < kept {
			t.Fatalf("%d deliveries, then %d recordings, then %d deliveries: one was seen without the other", due, kept, dueThen)
		}
		if over && kept != count {
			t.Errorf("there are %d recordings, want %d", kept, count)
		}
	}
}
