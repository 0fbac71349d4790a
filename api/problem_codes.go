package api

import (
	"cmp"
	"slices"

	"rostrum/domain"
)

// Problems of one operation alone. Those that have the code of another one are that
// problem in other words, and are not here.
var operationProblems = []*Problem{errEvents, errEventStreams, errLink, errOtherFile}

var refusalsByCode = byCode(
	domain.ErrRoomName, domain.ErrOffer, domain.ErrTokenMissing, domain.ErrTokenInvalid, domain.ErrForbidden,
	domain.ErrRoomUnknown, domain.ErrSessionUnknown, domain.ErrRoomBusy, domain.ErrRoomExists,
	domain.ErrFragment, domain.ErrTagMissing, domain.ErrTagStale,
	domain.ErrOfferUnsupported, domain.ErrNoCommonCodec, domain.ErrRateLimited, domain.ErrRoomFull,
	domain.ErrServerFull, domain.ErrTooManyRooms, domain.ErrShuttingDown, domain.ErrUnavailable,
	domain.ErrRecordingUnknown, domain.ErrRecordingEmpty, domain.ErrRecordingLive, domain.ErrRecordingState,
	domain.ErrRecordingPending, domain.ErrRoomIdle, domain.ErrSpoolFull, domain.ErrCursor,
	domain.ErrRoomSettings, domain.ErrRoomToken, domain.ErrTokenUnknown, domain.ErrTooManyTokens,
	domain.ErrVersionMissing, domain.ErrVersionStale,
)

func byCode(refusals ...*domain.Refusal) map[string]*domain.Refusal {
	known := map[string]*domain.Refusal{}
	for _, r := range refusals {
		known[r.Code] = r
	}
	return known
}

// problemOf returns the problem with that code.
func problemOf(code string) *Problem {
	if r := refusalsByCode[code]; r != nil {
		return problemOfRefusal(r)
	}
	for _, p := range slices.Concat(httpProblems, operationProblems) {
		if p.Code == code {
			return p
		}
	}
	panic("no problem has the code " + code)
}

// problems returns every problem that is ever answered, one for each code, by status and
// code. A recording that is empty is none: the archive hears of it, and no caller.
func problems() []*Problem {
	all := slices.Concat(httpProblems, operationProblems)
	for _, r := range refusalsByCode {
		if r != domain.ErrRecordingEmpty {
			all = append(all, problemOfRefusal(r))
		}
	}
	slices.SortFunc(all, func(a, b *Problem) int {
		return cmp.Or(cmp.Compare(a.Status, b.Status), cmp.Compare(a.Code, b.Code))
	})
	return all
}

// codes returns the codes of all problems, in their order.
func codes() (all []any) {
	for _, p := range problems() {
		all = append(all, p.Code)
	}
	return all
}
