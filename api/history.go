package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/domain"
	"rostrum/ports"
)

const (
	tagSessions          = "Sessions"
	exampleSessionCursor = "MTc2OTg4MjQwMDAwMDAwMHw1VkpURTRKNlczS1FDWjJMWFNPTVJIN1lBRw"
)

// SessionFilter says which sessions are listed, in the words of its client. It is exported
// since huma reads the fields of no other embedded struct.
type SessionFilter struct {
	Role   string `query:"role"`
	Live   string `query:"live"`
	From   string `query:"from"`
	Before string `query:"before"`
	Limit  string `query:"limit"`
	Cursor string `query:"cursor"`
}

type roomSessionsInput struct {
	Room string `path:"room"`
	SessionFilter
}

type sessionsInput struct {
	Room string `query:"room"`
	SessionFilter
}

type sessionListOutput struct {
	CacheControl string `header:"Cache-Control" hidden:"true"`
	Body         SessionList
}

// registerHistory declares the lists of sessions that are or were.
func (s *service) registerHistory(api huma.API) {
	const what = "Tells who came, when, how it went and why it ended, those that began last first; of live ones as they go now. "
	ofRoom := s.roomOperation(api, http.MethodGet, roomPath+"/sessions", domain.ActionAdmin, "request_invalid", "cursor_invalid")
	ofRoom.OperationID, ofRoom.Summary, ofRoom.Tags = "listRoomSessions", "List the sessions of a room", []string{tagSessions}
	ofRoom.Description = what + "Also of rooms that are no more. Needs admin on the room."
	ofRoom.Parameters = append(ofRoom.Parameters, sessionParameters()...)
	registerAnswer(s, api, ofRoom, func(ctx context.Context, in *roomSessionsInput) (*sessionListOutput, error) {
		return s.listSessions(ctx, domain.RoomName(in.Room), in.SessionFilter)
	})

	room := roomParameter()
	room.In, room.Required, room.Description = "query", false, "Sessions of this room alone."
	all := huma.Operation{
		OperationID: "listSessions", Method: http.MethodGet, Path: sessionsPath, Tags: []string{tagSessions}, Security: bearer,
		Summary:     "List the sessions of all rooms",
		Description: what + "Needs admin on every room.",
		Middlewares: huma.Middlewares{s.limited(api, s.toSessions), s.administering(api)},
		Responses: refusals("request_invalid", "room_name_invalid", "cursor_invalid", "token_missing", "token_invalid", "forbidden",
			"rate_limited", "unavailable", "internal"),
		Parameters: append([]*huma.Param{room}, sessionParameters()...),

		SkipValidateParams: true,
	}
	registerAnswer(s, api, all, func(ctx context.Context, in *sessionsInput) (*sessionListOutput, error) {
		if in.Room == "" {
			return s.listSessions(ctx, "", in.SessionFilter)
		}
		room, err := domain.ParseRoomName(in.Room)
		if err != nil {
			return nil, err
		}
		return s.listSessions(ctx, room, in.SessionFilter)
	})
}

// listSessions answers with the sessions of a room, of all rooms for "".
func (s *service) listSessions(ctx context.Context, room domain.RoomName, filter SessionFilter) (*sessionListOutput, error) {
	query, after, limit, err := filter.parse()
	if err != nil {
		return nil, err
	}
	query.Room = room
	records, next, err := s.app.ListSessions(ctx, query, after, limit)
	if err != nil {
		return nil, err
	}
	list, now := SessionList{Sessions: []SessionRecord{}, NextCursor: cursorOf(next.Started, string(next.ID))}, time.Now()
	for _, r := range records {
		list.Sessions = append(list.Sessions, sessionOf(r, now))
	}
	return &sessionListOutput{CacheControl: noStore, Body: list}, nil
}

// parse refuses with domain.ErrCursor, and with errRequest and what should be there
// instead.
func (in *SessionFilter) parse() (query ports.SessionQuery, after ports.SessionPlace, limit int, err error) {
	switch role := domain.Role(in.Role); role {
	case "", domain.RolePublisher, domain.RoleSubscriber:
		query.Role = role
	default:
		return query, after, 0, errRequest.because("The query's role is neither publisher nor subscriber.")
	}
	if query.Live, err = parseBool("live", in.Live); err != nil {
		return query, after, 0, err
	}
	if query.From, query.Before, err = parseSpan(in.From, in.Before); err != nil {
		return query, after, 0, err
	}
	if limit, err = parseLimit(in.Limit); err != nil {
		return query, after, 0, err
	}
	at, id, err := parsePlace(in.Cursor)
	return query, ports.SessionPlace{Started: at, ID: domain.SessionID(id)}, limit, err
}

// sessionParameters documents the query of a list of sessions.
func sessionParameters() []*huma.Param {
	return append([]*huma.Param{
		queryParameter("role", "Sessions of this role alone.", &huma.Schema{
			Enum: []any{string(domain.RolePublisher), string(domain.RoleSubscriber)}, Examples: []any{string(domain.RolePublisher)},
		}),
		liveParameter("Sessions that have not ended alone."),
		limitParameter("sessions"),
		cursorParameter(exampleSessionCursor),
	}, spanParameters("Sessions that began")...)
}
