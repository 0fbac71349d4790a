package porttest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// Outbox checks what ports.Outbox promises. open returns an empty outbox and the
// recordings whose updates put deliveries into it.
func Outbox(t *testing.T, open func(t *testing.T) (ports.Recordings, ports.Outbox)) {
	for name, promise := range map[string]func(*testing.T, archive){
		"Due/has those first that have waited longest": dueOrder,
		"Due/has what is due now and not what will be": dueNow,
		"Due/gives copies": dueCopies,
		"Delivered/forgets one delivery to one receiver":     deliveredForgets,
		"Delivered/of what is not there is no error":         deliveredUnknown,
		"Postpone/counts an attempt and moves the time":      postponeMoves,
		"Postpone/of what is not there makes nothing":        postponeUnknown,
		"Postpone/at once loses no attempt":                  postponeAtOnce,
		"Update/delivers again what has been delivered":      deliveredAgain,
		"a cancelled context/is an error and writes nothing": cancelledOutbox,
	} {
		t.Run(name, func(t *testing.T) {
			recordings, outbox := open(t)
			promise(t, archive{recordings, outbox})
		})
	}
}

// post keeps deliveries, each with a recording of its own.
func (a archive) post(t *testing.T, deliveries ...ports.Delivery) {
	t.Helper()
	for _, d := range deliveries {
		a.keep(t, domain.Recording{ID: domain.RecordingID(d.ID), Started: noon}, d)
	}
}

func dueOrder(t *testing.T, a archive) {
	want := []ports.Delivery{delivery("D", 0), delivery("A", 1), delivery("C", 2), delivery("C", 3), delivery("B", 4)}
	a.post(t, want[3], want[0], want[4], want[2], want[1])
	sameKept(t, "what is due", want, a.due(t))
	for _, limit := range []int{-1, 0, 1, 3, 5, 6} {
		got, err := a.Due(t.Context(), noon.Add(time.Minute), limit)
		if err != nil {
			t.Fatal(err)
		}
		sameKept(t, fmt.Sprintf("up to %d of what is due", limit), want[:min(max(limit, 0), 5)], got)
	}
}

func dueNow(t *testing.T, a archive) {
	past, future := delivery("A", 0), delivery("B", 10)
	past.Next = noon.Add(1500).In(time.FixedZone("far east", 9*3600))
	a.post(t, past, future)
	past.Next = noon.Add(1000)
	for after, want := range map[time.Duration][]ports.Delivery{
		0: nil, 999: nil, 1000: {past}, time.Second: {past},
		10*time.Second - 1: {past}, 10 * time.Second: {past, future}, time.Hour: {past, future},
	} {
		got, err := a.Due(t.Context(), noon.Add(after).In(time.FixedZone("", -3600)), 10)
		if err != nil {
			t.Fatal(err)
		}
		sameKept(t, fmt.Sprintf("what is due %v after noon", after), want, got)
		for _, d := range got {
			if d.Next.Location() != time.UTC {
				t.Errorf("Next of %s is in %s, want UTC", d.ID, d.Next.Location())
			}
		}
	}
}

func dueCopies(t *testing.T, a archive) {
	a.post(t, delivery("A", 0))
	a.due(t)[0].Body[0] = '!'
	sameKept(t, "what is due", []ports.Delivery{delivery("A", 0)}, a.due(t))
}

func deliveredForgets(t *testing.T, a archive) {
	a.post(t, delivery("A", 0), delivery("A", 1), delivery("B", 1))
	if err := a.Delivered(t.Context(), "A", delivery("A", 1).To); err != nil {
		t.Fatal(err)
	}
	sameKept(t, "what is due", []ports.Delivery{delivery("A", 0), delivery("B", 1)}, a.due(t))
	if _, err := a.Get(t.Context(), "A"); err != nil {
		t.Errorf("the recording went with its delivery: %v", err)
	}
}

func deliveredUnknown(t *testing.T, a archive) {
	a.post(t, delivery("A", 0))
	for range 2 {
		for _, d := range []ports.Delivery{delivery("A", 1), delivery("B", 0), {}} {
			if err := a.Delivered(t.Context(), d.ID, d.To); err != nil {
				t.Errorf("Delivered of %q to %q: %v", d.ID, d.To, err)
			}
		}
	}
	sameKept(t, "what is due", []ports.Delivery{delivery("A", 0)}, a.due(t))
}

func postponeMoves(t *testing.T, a archive) {
	first, second := delivery("A", 0), delivery("A", 1)
	a.post(t, first, second)
	for i := range 3 {
		first.Attempts, first.Next = i+1, noon.Add(time.Hour*time.Duration(i+1)+time.Microsecond)
		given := first.Next.Add(999).In(time.FixedZone("far east", 9*3600))
		if err := a.Postpone(t.Context(), first.ID, first.To, given); err != nil {
			t.Fatal(err)
		}
		sameKept(t, "what will be due", []ports.Delivery{second, first}, a.due(t))
	}
	due, err := a.Due(t.Context(), noon.Add(time.Hour), 10)
	if err != nil {
		t.Fatal(err)
	}
	sameKept(t, "what is due before", []ports.Delivery{second}, due)
}

func postponeUnknown(t *testing.T, a archive) {
	a.post(t, delivery("A", 0))
	for _, d := range []ports.Delivery{delivery("A", 1), delivery("B", 0)} {
		if err := a.Postpone(t.Context(), d.ID, d.To, noon); err != nil {
			t.Errorf("Postpone of %s to %s, which is not there: %v", d.ID, d.To, err)
		}
	}
	sameKept(t, "what is due", []ports.Delivery{delivery("A", 0)}, a.due(t))
}

func postponeAtOnce(t *testing.T, a archive) {
	const writers, each = 8, 10
	d := delivery("A", 0)
	a.post(t, d)
	atOnce(t, writers, func(int) error {
		for range each {
			if err := a.Postpone(t.Context(), d.ID, d.To, d.Next); err != nil {
				return err
			}
		}
		return nil
	})
	if got := a.due(t)[0].Attempts; got != writers*each {
		t.Errorf("%d failed attempts came to %d", writers*each, got)
	}
}

// deliveredAgain: what has been forgotten is not remembered, so that whoever announces
// a thing twice has it delivered twice, under one id.
func deliveredAgain(t *testing.T, a archive) {
	d := delivery("A", 0)
	a.post(t, d)
	if err := a.Delivered(t.Context(), d.ID, d.To); err != nil {
		t.Fatal(err)
	}
	sameKept(t, "what is due after delivery", nil, a.due(t))
	a.post(t, d)
	sameKept(t, "what is due again", []ports.Delivery{d}, a.due(t))
}

func cancelledOutbox(t *testing.T, a archive) {
	d := delivery("A", 0)
	a.post(t, d)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, due := a.Due(ctx, noon, 1)
	for call, err := range map[string]error{
		"Due": due, "Delivered": a.Delivered(ctx, d.ID, d.To), "Postpone": a.Postpone(ctx, d.ID, d.To, noon.Add(time.Hour)),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", call, err)
		}
	}
	sameKept(t, "what is due", []ports.Delivery{d}, a.due(t))
}
