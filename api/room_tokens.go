package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/domain"
)

const (
	roomTokensPath = roomPath + "/tokens"
	roomTokenPath  = roomTokensPath + "/{token}"
)

type tokenInput struct {
	Room  string `path:"room"`
	Token string `path:"token"`
}

type tokenOrderInput struct {
	Room    string `path:"room"`
	RawBody []byte `contentType:"application/json"`
}

type tokenRotationInput struct {
	Room    string `path:"room"`
	Token   string `path:"token"`
	RawBody []byte `contentType:"application/json"`
}

type tokenListOutput struct {
	CacheControl string `header:"Cache-Control" hidden:"true"`
	Body         RoomTokenList
}

type newTokenOutput struct {
	CacheControl string `header:"Cache-Control" hidden:"true"`
	Body         NewRoomToken
}

// registerRoomTokens declares the tokens that a provisioned room has of its own.
func (s *service) registerRoomTokens(api huma.API) {
	s.registerTokenList(api)
	s.registerTokenCreation(api)
	s.registerTokenRotation(api)
	s.registerTokenRevocation(api)
}

func tokenParameter() *huma.Param {
	return &huma.Param{
		Name: "token", In: "path", Required: true, Description: "The token's id, not the token itself.",
		Schema: &huma.Schema{Type: huma.TypeString, MinLength: ptr(1), MaxLength: ptr(64), Pattern: "^[A-Z0-9]{1,64}$", Examples: []any{"WQ3KDM7XZV5BTNJ2RLYOHC6S4A"}},
	}
}

func (s *service) registerTokenList(api huma.API) {
	op := s.roomOperation(api, http.MethodGet, roomTokensPath, domain.ActionAdmin, "room_unknown")
	op.OperationID, op.Summary = "listRoomTokens", "List the tokens of a room"
	op.Description = "Tells of the tokens that the room has of its own, never of what their bearers show. Needs admin on the room."
	registerAnswer(s, api, op, func(ctx context.Context, in *roomInput) (*tokenListOutput, error) {
		v, err := s.app.Room(ctx, domain.RoomName(in.Room))
		if err != nil {
			return nil, err
		}
		list := RoomTokenList{Tokens: []RoomToken{}}
		if v.Kept != nil {
			list.Tokens = validTokens(v.Kept.Tokens, time.Now())
		}
		return &tokenListOutput{CacheControl: noStore, Body: list}, nil
	})
}

func (s *service) registerTokenCreation(api huma.API) {
	op := s.roomOperation(api, http.MethodPost, roomTokensPath, domain.ActionAdmin, "room_token_invalid", "room_unknown", "too_many_tokens")
	op.OperationID, op.Summary, op.DefaultStatus = "createRoomToken", "Make a token for a room", http.StatusCreated
	op.Description = "Makes a token by which its bearer may publish or play in this provisioned room. What the bearer shows is told in this answer and never again. Needs admin on the room."
	s.jsonBody(api, &op, errJSONType, mediaTypeJSON)
	op.Responses["201"] = &huma.Response{Description: "The token can be used."}
	registerAnswer(s, api, op, func(ctx context.Context, in *tokenOrderInput) (*newTokenOutput, error) {
		order, err := parseTokenOrder(in.RawBody, time.Now())
		if err != nil {
			return nil, err
		}
		return newToken(s.app.MintToken(ctx, callerOf(ctx), domain.RoomName(in.Room), order))
	})
	documentJSON[RoomTokenOrder](api, api.OpenAPI().Paths[roomTokensPath].Post, "The token.",
		map[string]any{"action": "publish", "label": "encoder in the large hall", "expires_in_seconds": 86400}, mediaTypeJSON)
}

// newToken answers with a token that has just been made.
func newToken(t domain.RoomToken, secret domain.TokenSecret, err error) (*newTokenOutput, error) {
	if err != nil {
		return nil, err
	}
	return &newTokenOutput{CacheControl: noStore, Body: NewRoomToken{RoomToken: tokenOf(t), Token: string(secret)}}, nil
}

func (s *service) registerTokenRotation(api huma.API) {
	const path = roomTokenPath + "/rotation"
	op := s.roomOperation(api, http.MethodPost, path, domain.ActionAdmin, "room_unknown", "token_unknown", "too_many_tokens")
	op.OperationID, op.Summary, op.DefaultStatus = "rotateRoomToken", "Put a new token in the place of one", http.StatusCreated
	op.Description = "Makes a token that allows the same, for as long, to the same subject; the old one goes on for as long as is said here. " +
		"What the bearer shows is told in this answer and never again. Needs admin on the room."
	op.Parameters = append(op.Parameters, tokenParameter())
	s.jsonBody(api, &op, errJSONType, mediaTypeJSON)
	op.Responses["201"] = &huma.Response{Description: "The new token can be used."}
	registerAnswer(s, api, op, func(ctx context.Context, in *tokenRotationInput) (*newTokenOutput, error) {
		id, err := parseTokenID(in.Token)
		if err != nil {
			return nil, err
		}
		overlap, err := parseOverlap(in.RawBody)
		if err != nil {
			return nil, err
		}
		return newToken(s.app.RotateToken(ctx, callerOf(ctx), domain.RoomName(in.Room), id, overlap))
	})
	documentJSON[RoomTokenRotation](api, api.OpenAPI().Paths[path].Post, "How the old one ends.", map[string]any{"overlap_seconds": 3600}, mediaTypeJSON)
}

func (s *service) registerTokenRevocation(api huma.API) {
	op := s.roomOperation(api, http.MethodDelete, roomTokenPath, domain.ActionAdmin, "room_unknown", "token_unknown")
	op.OperationID, op.Summary = "revokeRoomToken", "Revoke a token of a room"
	op.Description = "The token is valid no more, and the sessions that it began end. Needs admin on the room."
	op.Parameters = append(op.Parameters, tokenParameter())
	registerAct(s, api, op, "The token is revoked.", func(ctx context.Context, in *tokenInput) error {
		id, err := parseTokenID(in.Token)
		if err != nil {
			return err
		}
		return s.app.RevokeToken(ctx, callerOf(ctx), domain.RoomName(in.Room), id)
	})
}
