package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/domain"
)

// RoomChange is a merge patch (RFC 7396) of what is kept of a room.
type RoomChange struct {
	DisplayName    wanted[string]             `json:"display_name,omitzero" required:"false" maxLength:"200" example:"All hands" doc:"Its name for people, without control characters."`
	Labels         wanted[map[string]*string] `json:"labels,omitzero" required:"false" maxProperties:"64" doc:"For programs: at most 64. A key has 1 to 63 letters, digits, dots, underscores, hyphens or slashes, with a letter or digit at both ends; a value has at most 256 characters. A label that is null is taken away, one that is not given stays."`
	MaxSubscribers wanted[int32]              `json:"max_subscribers,omitzero" required:"false" minimum:"0" example:"250" doc:"How many may watch at once. 0 and null leave it to the server."`
	Record         wanted[bool]               `json:"record,omitzero" required:"false" example:"true" doc:"Whether what is published is recorded from the first packet on. null leaves it to the server."`
	GraceSeconds   wanted[float64]            `json:"grace_seconds,omitzero" required:"false" minimum:"0" maximum:"3600" example:"10" doc:"How long a publisher that was lost has to come back, while its subscribers stay. null leaves it to the server."`
}

// apply changes settings as the patch says. It may be called again, on other settings.
func (c RoomChange) apply(s *domain.RoomSettings) {
	s.DisplayName = c.DisplayName.over(s.DisplayName)
	s.Labels = merge(s.Labels, c.Labels)
	if c.MaxSubscribers.given {
		s.MaxSubscribers = int(c.MaxSubscribers.over(0))
	}
	if c.Record.given {
		s.Record = c.Record.value
	}
	if c.GraceSeconds.given {
		s.Grace = durationOf(c.GraceSeconds.value)
	}
}

// durationOf returns so many seconds as a duration, nil of nil.
func durationOf(s *float64) *time.Duration {
	if s == nil {
		return nil
	}
	return ptr(seconds(*s))
}

// RoomOrder is a room that somebody wants: its name, and a patch of a room that nothing
// is chosen of.
type RoomOrder struct {
	Name string `json:"name" minLength:"1" maxLength:"64" pattern:"^[A-Za-z0-9_-]{1,64}$" example:"demo" doc:"Its name, which stays. Names differ by case."`
	RoomChange
}

type roomOrderInput struct {
	RawBody []byte `contentType:"application/json"`
}

type roomChangeInput struct {
	Room    string `path:"room"`
	RawBody []byte `contentType:"application/merge-patch+json"`
}

func (s *service) registerRoomCreation(api huma.API) {
	op := huma.Operation{
		OperationID: "createRoom", Method: http.MethodPost, Path: roomsPath, Tags: []string{tagRooms}, Security: bearer,
		Summary: "Create a room",
		Description: "Provisions a room, which is there from now on until it is deleted, whoever is in it. " +
			"Where it is live already, what is said here holds in it from now on. Needs admin on a room of that name.",
		Middlewares: huma.Middlewares{s.limited(api, s.toSessions), s.identified(api)},
		Responses: refusals("room_name_invalid", "room_settings_invalid", "token_missing", "token_invalid", "forbidden", "room_exists",
			"rate_limited", "unavailable", "internal"),
		DefaultStatus: http.StatusCreated,

		SkipValidateParams: true,
	}
	s.jsonBody(api, &op, errJSONType, mediaTypeJSON)
	op.Responses["201"] = &huma.Response{Description: "The room is there.", Headers: map[string]*huma.Param{
		"Location": header("The room's URL.", roomsPath+"/demo"), "ETag": versionHeader(),
	}}
	registerAnswer(s, api, op, s.createRoom)
	documentJSON[RoomOrder](api, api.OpenAPI().Paths[roomsPath].Post, "The room.", map[string]any{
		"name": "demo", "display_name": "All hands", "labels": map[string]string{"team": "news"}, "max_subscribers": 250, "record": true, "grace_seconds": 10,
	}, mediaTypeJSON)
}

func (s *service) createRoom(ctx context.Context, in *roomOrderInput) (*roomOutput, error) {
	order, err := parseJSON[RoomOrder](in.RawBody)
	if err != nil {
		return nil, err
	}
	name, err := domain.ParseRoomName(order.Name)
	if err != nil {
		return nil, err
	}
	if err := grantOf(ctx).Permits(domain.ActionAdmin, name, time.Now()); err != nil {
		return nil, err
	}
	var settings domain.RoomSettings
	order.apply(&settings)
	v, err := s.app.CreateRoom(ctx, callerOf(ctx), name, settings)
	if err != nil {
		return nil, err
	}
	out := toldRoom(ctx, v)
	out.Location = roomsPath + "/" + string(name)
	return out, nil
}

func (s *service) registerRoomChange(api huma.API) {
	op := s.roomOperation(api, http.MethodPatch, roomPath, domain.ActionAdmin, "room_settings_invalid", "room_unknown", "version_stale", "version_missing")
	op.OperationID, op.Summary = "changeRoom", "Change a provisioned room"
	op.Description = "Takes a JSON merge patch (RFC 7396): what is not given stays, and what is null is the server's choice again. " +
		"It holds at once, also where the room is live. If-Match says which version it is for: where somebody else has changed the room meanwhile, nothing is changed. Needs admin on the room."
	op.Parameters = append(op.Parameters, versionParameter(true))
	op.Middlewares = append(op.Middlewares, s.conditional(api, domain.ErrVersionMissing))
	s.jsonBody(api, &op, errPatchType, mediaTypeMergePatch, mediaTypeJSON)
	op.Responses["200"] = &huma.Response{Description: "The room as it is now.", Headers: map[string]*huma.Param{"ETag": versionHeader()}}
	registerAnswer(s, api, op, func(ctx context.Context, in *roomChangeInput) (*roomOutput, error) {
		change, err := parseJSON[RoomChange](in.RawBody)
		if err != nil {
			return nil, err
		}
		v, err := s.app.ChangeRoom(ctx, callerOf(ctx), domain.RoomName(in.Room), conditionOf(ctx).fits, change.apply)
		if err != nil {
			return nil, err
		}
		return toldRoom(ctx, v), nil
	})
	documentJSON[RoomChange](api, api.OpenAPI().Paths[roomPath].Patch, "What is to be otherwise.", map[string]any{
		"display_name": "All hands, in the large hall", "labels": map[string]any{"team": nil, "floor": "2"}, "max_subscribers": nil,
	}, mediaTypeMergePatch, mediaTypeJSON)
}
