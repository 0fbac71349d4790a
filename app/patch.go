package app

import (
	"context"

	"rostrum/domain"
	"rostrum/ports"
)

// Patch trickles candidates to a session, or restarts its ICE, at the wish of the
// bearer of grant (RFC 9725 §4.3). It refuses as Present does, and as
// ports.Media.Patch.
func (a *App) Patch(ctx context.Context, grant domain.Grant, role domain.Role, id domain.SessionID, patch ports.ICEPatch) (ports.ICEUpdate, error) {
	if _, err := a.own(grant, role, id); err != nil {
		return ports.ICEUpdate{}, err
	}
	return a.media.Patch(ctx, id, patch)
}

// Present returns nil if there is such a session in that role and the bearer of
// grant may act on it, else domain.ErrSessionUnknown or domain.ErrForbidden.
func (a *App) Present(grant domain.Grant, role domain.Role, id domain.SessionID) error {
	_, err := a.own(grant, role, id)
	return err
}

// own returns where a session is that the bearer of grant may act on.
func (a *App) own(grant domain.Grant, role domain.Role, id domain.SessionID) (placement, error) {
	place, ok := a.directory.find(id)
	if !ok || place.Role != role {
		return placement{}, domain.ErrSessionUnknown
	}
	if !grant.Owns(place.By.Subject, place.Room) {
		return placement{}, domain.ErrForbidden.Because("The session belongs to somebody else. Use the token that began it.")
	}
	return place, nil
}
