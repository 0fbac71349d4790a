package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/app"
	"rostrum/domain"
)

const exampleRoomCursor = "PmRlbW8"

type roomOutput struct {
	CacheControl string `header:"Cache-Control" hidden:"true"`
	ETag         string `header:"ETag" hidden:"true"` // "" of a room that is not provisioned
	Location     string `header:"Location" hidden:"true"`
	Body         Room
}

type roomListOutput struct {
	CacheControl string `header:"Cache-Control" hidden:"true"`
	Body         RoomList
}

// registerRooms declares the rooms: what is kept of them and what is live.
func (s *service) registerRooms(api huma.API) {
	s.registerRoomList(api)
	s.registerRoomCreation(api)
	s.registerRoomReading(api)
	s.registerRoomChange(api)
	s.registerRoomDeletion(api)
	s.registerPublicationEnd(api)
}

// toldRoom answers with a room as its caller may see it.
func toldRoom(ctx context.Context, v app.RoomView) *roomOutput {
	out := roomOutput{CacheControl: noStore, Body: roomOf(v, grantOf(ctx))}
	if v.Kept != nil {
		out.ETag = entityTag(v.Kept.Tag())
	}
	return &out
}

func versionHeader() *huma.Param {
	return header("The version of what is kept of the room, for If-Match; missing where it is not provisioned. What is live is no part of it.", `"3-k2v9x0a1bc"`)
}

func (s *service) registerRoomList(api huma.API) {
	op := huma.Operation{
		OperationID: "listRooms", Method: http.MethodGet, Path: roomsPath, Tags: []string{tagRooms}, Security: slices.Concat(anybody, bearer),
		Summary: "List rooms",
		Description: "Tells of the rooms that the bearer may watch, provisioned or live, in the order of their names. " +
			"A room that is there all the while is told of exactly once over the pages.",
		Middlewares: huma.Middlewares{s.limited(api, s.toSessions), s.identified(api)},
		Responses:   refusals("token_missing", "token_invalid", "rate_limited", "unavailable", "internal", "request_invalid", "room_name_invalid", "cursor_invalid"),
		Parameters:  roomListParameters(),

		SkipValidateParams: true,
	}
	registerAnswer(s, api, op, func(ctx context.Context, in *roomListInput) (*roomListOutput, error) {
		l, err := in.parse()
		if err != nil {
			return nil, err
		}
		grant := grantOf(ctx)
		if l.query.Label != "" { // labels are told to administrators alone, and are not to be found out by others
			grant = administration(grant)
		}
		views, next, err := s.app.ListRooms(ctx, grant, l.query, l.after, l.limit)
		if err != nil {
			return nil, err
		}
		list := RoomList{Rooms: []Room{}, NextCursor: roomCursor(next)}
		for _, v := range views {
			list.Rooms = append(list.Rooms, roomOf(v, grant))
		}
		return &roomListOutput{CacheControl: noStore, Body: list}, nil
	})
}

// administration returns what of a grant is for rooms that its bearer administers.
func administration(g domain.Grant) domain.Grant {
	g.Permissions = slices.DeleteFunc(slices.Clone(g.Permissions), func(p domain.Permission) bool { return p.Action != domain.ActionAdmin })
	return g
}

func (s *service) registerRoomReading(api huma.API) {
	op := s.roomOperation(api, http.MethodGet, roomPath, domain.ActionPlay, "room_unknown")
	op.OperationID, op.Summary, op.Security = "getRoom", "See a room", slices.Concat(anybody, bearer)
	op.Description = "What is kept of a room, and what is live in it. Who may watch it may see it, but for what is told only to who administers it. " +
		"Rooms that nobody provisioned are there while somebody is in them."
	op.Responses["200"] = &huma.Response{Headers: map[string]*huma.Param{"ETag": versionHeader()}}
	registerAnswer(s, api, op, func(ctx context.Context, in *roomInput) (*roomOutput, error) {
		v, err := s.app.Room(ctx, domain.RoomName(in.Room))
		if err != nil {
			return nil, err
		}
		return toldRoom(ctx, v), nil
	})
}

func (s *service) registerRoomDeletion(api huma.API) {
	op := s.roomOperation(api, http.MethodDelete, roomPath, domain.ActionAdmin, "room_unknown", "version_stale")
	op.OperationID, op.Summary = "deleteRoom", "Delete a room"
	op.Description = "Ends what is live in the room, and forgets what is kept of it, its tokens too. Its recordings and sessions are kept. Needs admin on the room."
	op.Parameters = append(op.Parameters, versionParameter(false))
	op.Middlewares = append(op.Middlewares, s.conditional(api, nil))
	registerAct(s, api, op, "The room is deleted.", func(ctx context.Context, in *roomInput) error {
		return s.app.DeleteRoom(ctx, callerOf(ctx), domain.RoomName(in.Room), conditionOf(ctx).fits)
	})
}

func (s *service) registerPublicationEnd(api huma.API) {
	op := s.roomOperation(api, http.MethodDelete, roomPath+"/publisher", domain.ActionAdmin, "room_idle")
	op.OperationID, op.Summary = "endPublication", "End what is being published in a room"
	op.Description = "Closes the connections of the publisher and of its subscribers; the room is free at once. Its publisher may come again, unless its token is revoked. Needs admin on the room."
	registerAct(s, api, op, "The publication has ended.", func(ctx context.Context, in *roomInput) error {
		return s.app.EndPublication(callerOf(ctx), domain.RoomName(in.Room))
	})
}
