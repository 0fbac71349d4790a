package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

const (
	recordingsPath   = "/api/recordings"
	recordingPath    = recordingsPath + "/{recording}"
	tagRecordings    = "Recordings"
	exampleRecording = "KZ7N4Q2WSXB5JTE3VLMOYRH6CA"
	exampleCursor    = "MTc2OTg4MjQwMDAwMDAwMHxLWjdONFEyV1NYQjVKVEUzVkxNT1lSSDZDQQ"
)

// recordingInput names a recording.
type recordingInput struct {
	Recording string `path:"recording"`
}

// RecordingList is one page of a list.
type RecordingList struct {
	Recordings []Recording `json:"recordings" nullable:"false" doc:"Those that began last come first. There may be fewer than the limit, also where more follow."`
	NextCursor string      `json:"next_cursor,omitempty" example:"MTc2OTg4MjQwMDAwMDAwMHxLWjdONFEyV1NYQjVKVEUzVkxNT1lSSDZDQQ" doc:"The cursor of the next page; missing where there are no more."`
}

type listOutput struct {
	CacheControl string `header:"Cache-Control" hidden:"true"`
	Body         RecordingList
}

type recordingOutput struct {
	CacheControl string `header:"Cache-Control" hidden:"true"`
	Body         RecordingDetail
}

const noStore = "no-store"

// registerRecordings declares the list of recordings, and what can be done with one.
func (s *service) registerRecordings(api huma.API) {
	s.registerList(api)
	s.registerGet(api)
	s.registerRetry(api)
	s.registerDelete(api)
}

// recordingOperation is what the operations on recordings have in common. Any text is
// a recording's id that may not be there.
func (s *service) recordingOperation(api huma.API, method, path string, codes ...string) huma.Operation {
	return huma.Operation{
		Method: method, Path: path, Tags: []string{tagRecordings}, Security: slices.Concat(anybody, bearer),
		Middlewares: huma.Middlewares{s.limited(api, s.toSessions), s.identified(api)},
		Responses:   refusals(append([]string{"token_missing", "token_invalid", "rate_limited", "unavailable", "internal"}, codes...)...),

		SkipValidateParams: true,
	}
}

func recordingParameter() *huma.Param {
	return &huma.Param{
		Name: "recording", In: "path", Required: true, Description: "The recording's id.",
		Schema: &huma.Schema{Type: huma.TypeString, MinLength: ptr(1), MaxLength: ptr(64), Pattern: "^[A-Z0-9]{1,64}$", Examples: []any{exampleRecording}},
	}
}

func (s *service) registerList(api huma.API) {
	op := s.recordingOperation(api, http.MethodGet, recordingsPath, "request_invalid", "room_name_invalid", "cursor_invalid")
	op.OperationID, op.Summary = "listRecordings", "List recordings"
	op.Description = "Tells of the recordings of the rooms that the bearer may watch, those that began last first. A recording that is there all the while is told of exactly once over the pages."
	op.Parameters = listParameters()
	huma.Register(api, op, func(ctx context.Context, in *listInput) (*listOutput, error) {
		l, err := in.parse()
		if err != nil {
			return nil, s.refused(ctx, err)
		}
		views, next, err := s.archive.ListRecordings(ctx, grantOf(ctx), l.query, l.after, l.limit)
		if err != nil {
			return nil, s.refused(ctx, err)
		}
		list, now := RecordingList{Recordings: []Recording{}, NextCursor: cursorOf(next.Started, string(next.ID))}, time.Now()
		for _, v := range views {
			list.Recordings = append(list.Recordings, recordingOf(v, now))
		}
		return &listOutput{CacheControl: noStore, Body: list}, nil
	})
}

func (s *service) registerGet(api huma.API) {
	op := s.recordingOperation(api, http.MethodGet, recordingPath, "recording_unknown")
	op.OperationID, op.Summary = "getRecording", "See all that is known of a recording"
	op.Description = "Who may watch its room may see it; to others it is not there. Each part has a link by which it plays without a token for one hour, or until the server restarts."
	op.Parameters = []*huma.Param{recordingParameter()}
	huma.Register(api, op, func(ctx context.Context, in *recordingInput) (*recordingOutput, error) {
		id, err := parseRecordingID(in.Recording)
		if err != nil {
			return nil, s.refused(ctx, err)
		}
		v, err := s.archive.Recording(ctx, grantOf(ctx), id)
		if err != nil {
			return nil, s.refused(ctx, err)
		}
		return &recordingOutput{CacheControl: noStore, Body: s.links.detailOf(v, time.Now())}, nil
	})
}

func (s *service) registerRetry(api huma.API) {
	op := s.recordingOperation(api, http.MethodPost, recordingPath+"/retry", "forbidden", "recording_unknown", "recording_state")
	op.OperationID, op.Summary = "retryRecording", "Try a recording again now"
	op.Description = "Has the step that has failed taken at once, and not only when its time has come. Needs admin on the recording's room."
	op.Security = bearer
	op.Parameters = []*huma.Param{recordingParameter()}
	op.DefaultStatus = http.StatusOK
	huma.Register(api, op, func(ctx context.Context, in *recordingInput) (*recordingOutput, error) {
		id, err := parseRecordingID(in.Recording)
		if err != nil {
			return nil, s.refused(ctx, err)
		}
		v, err := s.archive.RetryRecording(ctx, callerOf(ctx), id)
		if err != nil {
			return nil, s.refused(ctx, err)
		}
		return &recordingOutput{CacheControl: noStore, Body: s.links.detailOf(v, time.Now())}, nil
	})
}

func (s *service) registerDelete(api huma.API) {
	op := s.recordingOperation(api, http.MethodDelete, recordingPath, "forbidden", "recording_unknown", "recording_live")
	op.OperationID, op.Summary = "deleteRecording", "Erase a recording"
	op.Description = "Erases its files, in the store and on this server, and what is known of it; that cannot be undone. " +
		"An upload that is running is broken off. Who did it is kept. Needs admin on the recording's room."
	op.Security = bearer
	op.Parameters = []*huma.Param{recordingParameter()}
	op.DefaultStatus = http.StatusNoContent
	op.Responses["204"] = &huma.Response{Description: "It is erased."}
	huma.Register(api, op, func(ctx context.Context, in *recordingInput) (*struct{}, error) {
		id, err := parseRecordingID(in.Recording)
		if err == nil {
			err = s.archive.DeleteRecording(ctx, callerOf(ctx), id)
		}
		if err != nil {
			return nil, s.refused(ctx, err)
		}
		return nil, nil //nolint:nilnil // an answer without content
	})
}
