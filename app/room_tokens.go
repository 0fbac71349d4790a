package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"rostrum/domain"
)

// TokenOrder is a token that somebody wants for a room.
type TokenOrder struct {
	Action  domain.Action // ActionPublish or ActionPlay
	Label   string
	Expires time.Time // zero: never
}

// MintToken makes a token for a provisioned room, and returns it with its secret, which
// is kept nowhere. It refuses with domain.ErrRoomUnknown, domain.ErrRoomToken and
// domain.ErrTooManyTokens.
func (a *App) MintToken(ctx context.Context, by domain.Caller, name domain.RoomName, order TokenOrder) (domain.RoomToken, domain.TokenSecret, error) {
	t, secret := newToken(name)
	t.Action, t.Label, t.Expires, t.Subject = order.Action, order.Label, order.Expires.UTC(), domain.Subject("token:"+t.ID)
	err := a.changeTokens(ctx, by, "room.token.mint", name, func(r *domain.ProvisionedRoom) (string, error) {
		return fmt.Sprintf("%s for %s", t.ID, t.Action), r.Mint(t)
	})
	return t, secret, err
}

// RotateToken puts a new token in the place of one, which is valid for as long as overlap
// says; without an overlap its sessions end now, with one as at every expiry. It refuses
// with domain.ErrRoomUnknown, domain.ErrTokenUnknown and domain.ErrTooManyTokens.
func (a *App) RotateToken(ctx context.Context, by domain.Caller, name domain.RoomName, id domain.TokenID, overlap time.Duration) (domain.RoomToken, domain.TokenSecret, error) {
	next, secret := newToken(name)
	err := a.changeTokens(ctx, by, "room.token.rotate", name, func(r *domain.ProvisionedRoom) (detail string, err error) {
		next, err = r.Rotate(id, next, overlap)
		return fmt.Sprintf("%s by %s, overlap %s", id, next.ID, overlap), err
	})
	if err == nil && overlap > 0 {
		a.directory.expire(a.endOf(next.Created.Add(overlap)), func(_ domain.SessionID, p placement) bool {
			return p.Room == name && p.By.Token == id
		})
	}
	return next, secret, err
}

// RevokeToken takes a token away, and ends the sessions that came by it. It refuses with
// domain.ErrRoomUnknown and domain.ErrTokenUnknown.
func (a *App) RevokeToken(ctx context.Context, by domain.Caller, name domain.RoomName, id domain.TokenID) error {
	return a.changeTokens(ctx, by, "room.token.revoke", name, func(r *domain.ProvisionedRoom) (string, error) {
		return string(id), r.Revoke(id, keptNow())
	})
}

func (a *App) changeTokens(ctx context.Context, by domain.Caller, act string, name domain.RoomName, change func(*domain.ProvisionedRoom) (detail string, err error)) error {
	_, err := a.updateAndApply(ctx, by, act, name, func(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, string, error) {
		if now == nil {
			return nil, "", domain.ErrRoomUnknown.Because("The room is not provisioned, and only such a room has tokens. Create it first.")
		}
		detail, err := change(now)
		return now, detail, err
	})
	return err
}

// newToken returns what of a token is made up: 26 characters of 130 random bits.
func newToken(room domain.RoomName) (domain.RoomToken, domain.TokenSecret) {
	secret := domain.NewTokenSecret(room, rand.Text())
	return domain.RoomToken{ID: domain.TokenID(rand.Text()), Hash: secret.Hash(), Created: keptNow()}, secret
}
