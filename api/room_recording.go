package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/app"
	"rostrum/domain"
)

const roomRecordingPath = "/api/rooms/{room}/recording"

// RoomRecording is how the recording of a room stands.
type RoomRecording struct {
	On        bool              `json:"on" example:"true" doc:"What is published now is recorded, also after a publisher that was lost has come back."`
	Recording string            `json:"recording,omitempty" example:"KZ7N4Q2WSXB5JTE3VLMOYRH6CA" doc:"The recording's id. There is something to see of it from its first packet on."`
	Started   *time.Time        `json:"started,omitempty" example:"2026-01-31T18:00:00Z" doc:"When its first packet came; missing before."`
	Bytes     int64             `json:"bytes" example:"20500000" doc:"How much has been written."`
	Gaps      int               `json:"gaps" example:"0" doc:"In how many stretches media is missing so far."`
	Trouble   string            `json:"trouble,omitempty" example:"no space left on device" doc:"Why nothing can be written now, for people; missing while it can."`
	Refused   *RecordingRefusal `json:"refused,omitempty" doc:"Why the room is not recorded although it is on."`
}

// RecordingRefusal is why a recording could not begin.
type RecordingRefusal struct {
	Code   string `json:"code" example:"spool_full" doc:"As in problems."`
	Reason string `json:"reason" example:"The recording spool is full." doc:"For people."`
}

type roomRecordingOutput struct {
	CacheControl string `header:"Cache-Control" hidden:"true"`
	Body         RoomRecording
}

// registerRoomRecording declares the recording of a live room.
func (s *service) registerRoomRecording(api huma.API) {
	get := s.roomRecordingOperation(api, http.MethodGet, domain.ActionPlay)
	get.OperationID, get.Summary = "getRoomRecording", "See whether a room is being recorded"
	get.Description = "Off where nobody publishes."
	get.Security = slices.Concat(anybody, bearer)
	huma.Register(api, get, s.roomRecording(func(_ domain.Caller, room domain.RoomName) (app.RoomRecording, error) {
		return s.app.RoomRecording(room)
	}))

	const why = " A recording begins and ends while the room's settings stay as they are: so it has a place of its own, and is no part of the room."
	start := s.roomRecordingOperation(api, http.MethodPut, domain.ActionAdmin, "room_idle", "spool_full", "shutting_down")
	start.OperationID, start.Summary = "startRoomRecording", "Record what is being published in a room"
	start.Description = "Begins to record until the publisher has left, or until it is stopped; where the room is recorded already nothing changes." + why
	huma.Register(api, start, s.roomRecording(func(by domain.Caller, room domain.RoomName) (app.RoomRecording, error) {
		return s.app.Record(by, room, true)
	}))

	stop := s.roomRecordingOperation(api, http.MethodDelete, domain.ActionAdmin, "shutting_down")
	stop.OperationID, stop.Summary = "stopRoomRecording", "Record a room no more"
	stop.Description = "Ends the recording, which goes on its way into the store; the publication goes on. Where nothing is recorded nothing changes." + why
	huma.Register(api, stop, s.roomRecording(func(by domain.Caller, room domain.RoomName) (app.RoomRecording, error) {
		return s.app.Record(by, room, false)
	}))
}

// roomRecordingOperation is what the operations on the recording of a room have in
// common.
func (s *service) roomRecordingOperation(api huma.API, method string, action domain.Action, codes ...string) huma.Operation {
	op := s.roomOperation(api, method, roomRecordingPath, action, codes...)
	op.Tags = []string{tagRecordings}
	return op
}

// roomRecording answers with how the recording of a room stands after act.
func (s *service) roomRecording(act func(domain.Caller, domain.RoomName) (app.RoomRecording, error)) func(context.Context, *roomInput) (*roomRecordingOutput, error) {
	return func(ctx context.Context, in *roomInput) (*roomRecordingOutput, error) {
		r, err := act(callerOf(ctx), domain.RoomName(in.Room))
		if err != nil {
			return nil, s.refused(ctx, err)
		}
		return &roomRecordingOutput{CacheControl: noStore, Body: roomRecordingOf(r)}, nil
	}
}

func roomRecordingOf(r app.RoomRecording) RoomRecording {
	told := RoomRecording{
		On: r.On, Recording: string(r.Recording), Started: known(r.Status.Started),
		Bytes: r.Status.Bytes, Gaps: r.Status.Gaps, Trouble: r.Status.Trouble,
	}
	if r.Refused != nil {
		p, refusal := errInternal, (*domain.Refusal)(nil)
		if errors.As(r.Refused, &refusal) {
			p = problemOfRefusal(refusal)
		}
		told.Refused = &RecordingRefusal{Code: p.Code, Reason: p.Detail}
	}
	return told
}
