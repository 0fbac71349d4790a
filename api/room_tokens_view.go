package api

import (
	"time"

	"rostrum/app"
	"rostrum/domain"
)

const maxOverlap = 7 * 24 * time.Hour // of a token and the one that takes its place

// RoomToken is a token that a room has of its own, without its secret.
type RoomToken struct {
	ID      string     `json:"id" example:"WQ3KDM7XZV5BTNJ2RLYOHC6S4A" doc:"Its id, which is no secret."`
	Label   string     `json:"label,omitempty" example:"encoder in the large hall" doc:"For people: whose it is."`
	Action  string     `json:"action" enum:"publish,play" example:"publish" doc:"What it allows in the room."`
	Subject string     `json:"subject" example:"token:WQ3KDM7XZV5BTNJ2RLYOHC6S4A" doc:"Who its bearer is, as sessions and the audit trail have it. A token that takes its place has the same."`
	Created time.Time  `json:"created" example:"2026-01-31T18:00:00Z" doc:"When it was made."`
	Expires *time.Time `json:"expires,omitempty" example:"2026-03-01T00:00:00Z" doc:"When it ends, and the sessions that it began with it; missing where it never does."`
}

// RoomTokenList holds the tokens of a room.
type RoomTokenList struct {
	Tokens []RoomToken `json:"tokens" nullable:"false" doc:"Those that are valid, in the order in which they were made."`
}

// NewRoomToken is a token that has just been made, with its secret.
type NewRoomToken struct {
	RoomToken
	Token string `json:"token" example:"rostrum.demo.LZ5H3Q7WBXNT2KRCVJ6YSODM4E" doc:"What its bearer shows. It is told this once and kept nowhere: store it now."`
}

// RoomTokenOrder is a token that somebody wants.
type RoomTokenOrder struct {
	Action           string   `json:"action" enum:"publish,play" example:"publish" doc:"What it is to allow in the room."`
	Label            string   `json:"label,omitempty" maxLength:"200" example:"encoder in the large hall" doc:"For people: whose it is, without control characters."`
	Expires          *string  `json:"expires,omitempty" format:"date-time" example:"2026-03-01T00:00:00Z" doc:"When it ends (RFC 3339). Without this and expires_in_seconds it never does."`
	ExpiresInSeconds *float64 `json:"expires_in_seconds,omitempty" exclusiveMinimum:"0" example:"86400" doc:"After how long it ends, in place of expires."`
}

// RoomTokenRotation says how a token gives way to another.
type RoomTokenRotation struct {
	OverlapSeconds *float64 `json:"overlap_seconds" minimum:"0" maximum:"604800" nullable:"false" example:"3600" doc:"How long the old one goes on besides the new one. With 0 it ends now, and the sessions that it began with it."`
}

// validTokens leaves out those that have expired and wait to be forgotten.
func validTokens(tokens []domain.RoomToken, now time.Time) []RoomToken {
	valid := []RoomToken{}
	for _, t := range tokens {
		if t.Expires.IsZero() || now.Before(t.Expires) {
			valid = append(valid, tokenOf(t))
		}
	}
	return valid
}

func tokenOf(t domain.RoomToken) RoomToken {
	return RoomToken{
		ID: string(t.ID), Label: t.Label, Action: string(t.Action), Subject: string(t.Subject), Created: t.Created, Expires: known(t.Expires),
	}
}

// parseTokenOrder reads what token is wanted.
func parseTokenOrder(body []byte, now time.Time) (app.TokenOrder, error) {
	wants, err := parseJSON[RoomTokenOrder](body)
	if err != nil {
		return app.TokenOrder{}, err
	}
	order := app.TokenOrder{Action: domain.Action(wants.Action), Label: wants.Label}
	switch {
	case wants.Expires != nil && wants.ExpiresInSeconds != nil:
		return app.TokenOrder{}, errRequest.because("The body has both expires and expires_in_seconds. Say one of them.")
	case wants.ExpiresInSeconds != nil:
		order.Expires = now.Add(seconds(*wants.ExpiresInSeconds))
	case wants.Expires != nil:
		if order.Expires, err = time.Parse(time.RFC3339, *wants.Expires); err != nil || order.Expires.UTC().Year() > 9999 { // which JSON cannot tell
			return app.TokenOrder{}, errRequest.because("The member expires is no time. Write it as RFC 3339 has it, such as 2026-01-31T18:00:00Z.")
		}
		if !now.Before(order.Expires) { // the zero time, as some clients write none, would be never
			return app.TokenOrder{}, domain.ErrRoomToken.Because("A token must expire in the future, or never, which is said by leaving expires out.")
		}
	}
	order.Expires = order.Expires.UTC().Truncate(time.Microsecond) // as it is kept
	return order, nil
}

// parseOverlap has it said how long the old token goes on, as sessions may end by it.
func parseOverlap(body []byte) (time.Duration, error) {
	wants, err := parseJSON[RoomTokenRotation](body)
	if err != nil {
		return 0, err
	}
	if wants.OverlapSeconds == nil || *wants.OverlapSeconds < 0 || *wants.OverlapSeconds > maxOverlap.Seconds() {
		return 0, errRequest.because("The member overlap_seconds must be a number from 0, which ends the old token now, to 604800.")
	}
	return seconds(*wants.OverlapSeconds), nil
}

// parseTokenID refuses with domain.ErrTokenUnknown what cannot be one.
func parseTokenID(text string) (domain.TokenID, error) {
	if !anID.MatchString(text) {
		return "", domain.ErrTokenUnknown
	}
	return domain.TokenID(text), nil
}
