package sqlite

import (
	"context"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.Sessions = (*Sessions)(nil)

// Sessions is ports.Sessions in the table sessions.
type Sessions struct {
	db *DB
}

// sessionColumns are those of the table, in the order of sessionFields and keepSession.
const sessionColumns = `id, room, role, subject, address, user_agent, node, codecs, started, ended, reason, report`

const (
	selectSessions = `SELECT ` + sessionColumns + ` FROM sessions`
	getSession     = selectSessions + ` WHERE id = ?`

	// keepSession leaves what has ended when it comes with a record of when that was live.
	keepSession = `
		INSERT INTO sessions (` + sessionColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET room = excluded.room, role = excluded.role, subject = excluded.subject,
			address = excluded.address, user_agent = excluded.user_agent, node = excluded.node,
			codecs = excluded.codecs, started = excluded.started, ended = excluded.ended,
			reason = excluded.reason, report = excluded.report
		WHERE sessions.ended IS NULL OR excluded.ended IS NOT NULL`

	abandonSessions = `
		UPDATE sessions INDEXED BY live_sessions_by_node SET ended = max(started, ?), reason = ?
		WHERE node = ? AND ended IS NULL`

	forgetSessions = `
		DELETE FROM sessions WHERE rowid IN (
			SELECT rowid FROM sessions INDEXED BY sessions_by_end WHERE ended < ? ORDER BY ended LIMIT ?)`
)

// sessionFields are where a row is scanned to.
func sessionFields(r *domain.SessionRecord) []any {
	return []any{
		&r.ID, &r.Room, &r.Role, &r.Subject, &r.Address, &r.UserAgent, &r.Node, document{&r.Codecs},
		instant{&r.Started}, instant{&r.Ended}, &r.Reason, report{&r.Report},
	}
}

// Get is ports.Sessions.Get.
func (s *Sessions) Get(ctx context.Context, id domain.SessionID) (domain.SessionRecord, error) {
	r, err := look(ctx, s.db, sessionFields, getSession, id)
	if err != nil {
		return domain.SessionRecord{}, err
	}
	if r == nil {
		return domain.SessionRecord{}, domain.ErrSessionUnknown
	}
	return *r, nil
}

// Keep is ports.Sessions.Keep.
func (s *Sessions) Keep(ctx context.Context, records []domain.SessionRecord) error {
	return s.db.update(ctx, func(ctx context.Context, tx tx) error {
		return each(ctx, tx, records, keepSession, func(r domain.SessionRecord) []any {
			return []any{
				r.ID, r.Room, r.Role, r.Subject, r.Address, r.UserAgent, r.Node, document{r.Codecs},
				r.Started.UnixMicro(), micros(r.Ended), r.Reason, report{&r.Report},
			}
		})
	})
}

// Abandon is ports.Sessions.Abandon.
func (s *Sessions) Abandon(ctx context.Context, node string, at time.Time) (ended int, err error) {
	err = s.db.update(ctx, func(ctx context.Context, tx tx) (err error) {
		ended, err = tx.exec(ctx, abandonSessions, at.UnixMicro(), domain.EndedByCrash, node)
		return err
	})
	return ended, err
}

// List is ports.Sessions.List. A page is read from an index in its order, however many
// sessions there are.
func (s *Sessions) List(ctx context.Context, query ports.SessionQuery, after ports.SessionPlace, limit int) ([]domain.SessionRecord, error) {
	text, args := listSessions(query, after, limit)
	return list(ctx, s.db, sessionFields, text, args...)
}

// Forget is ports.Sessions.Forget. Those that ended first go first.
func (s *Sessions) Forget(ctx context.Context, before time.Time, limit int) (removed int, err error) {
	err = s.db.update(ctx, func(ctx context.Context, tx tx) (err error) {
		removed, err = tx.exec(ctx, forgetSessions, before.UnixMicro(), max(limit, 0))
		return err
	})
	return removed, err
}
