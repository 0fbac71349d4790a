package domain_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"rostrum/domain"
)

func TestRefusalsCompareByCode(t *testing.T) {
	because := domain.ErrOffer.Because("The body is empty.")
	for name, c := range map[string]struct {
		err, target error
		want        bool
	}{
		"itself":                     {domain.ErrRoomBusy, domain.ErrRoomBusy, true},
		"made by Because":            {because, domain.ErrOffer, true},
		"the other way round":        {domain.ErrOffer, because, true},
		"made by Because twice":      {because.Because("Again."), domain.ErrOffer, true},
		"wrapped":                    {fmt.Errorf("publish: %w", because), domain.ErrOffer, true},
		"joined with its cause":      {fmt.Errorf("%w: %w", domain.ErrUnavailable, io.EOF), domain.ErrUnavailable, true},
		"another of the same kind":   {domain.ErrRoomBusy, domain.ErrRoomExists, false},
		"another with the same text": {domain.ErrRoomBusy.Because("x"), domain.ErrOffer.Because("x"), false},
		"no refusal":                 {io.EOF, domain.ErrOffer, false},
		"a refusal is no EOF":        {domain.ErrOffer, io.EOF, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := errors.Is(c.err, c.target); got != c.want {
				t.Errorf("errors.Is(%v, %v): %v", c.err, c.target, got)
			}
		})
	}
}

func TestBecauseLeavesTheOriginal(t *testing.T) {
	before := *domain.ErrRoomBusy
	got := domain.ErrRoomBusy.Because("Ann is publishing.")
	if *domain.ErrRoomBusy != before {
		t.Errorf("ErrRoomBusy has become %+v", *domain.ErrRoomBusy)
	}
	want := before
	want.Reason = "Ann is publishing."
	if *got != want || got.Error() != want.Reason {
		t.Errorf("Because: %+v, want %+v", *got, want)
	}
}
