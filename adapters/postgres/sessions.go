package postgres

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.Sessions = (*Sessions)(nil)

// Sessions is ports.Sessions in the table sessions.
type Sessions struct {
	db *DB
}

// sessionColumns are those of the table, in the order of sessionFields.
const sessionColumns = `id, room, role, subject, address, user_agent, node, codecs, started, ended, reason, report`

const selectSessions = `SELECT ` + sessionColumns + ` FROM sessions`

func sessionFields(r *domain.SessionRecord) []any {
	return []any{
		&r.ID, &r.Room, &r.Role, &r.Subject, &r.Address, &r.UserAgent, &r.Node, &r.Codecs,
		instant{&r.Started}, instant{&r.Ended}, &r.Reason, report{&r.Report},
	}
}

// Get is ports.Sessions.Get.
func (s *Sessions) Get(ctx context.Context, id domain.SessionID) (domain.SessionRecord, error) {
	found, err := list(ctx, s.db, sessionFields, selectSessions+` WHERE id = $1`, id)
	if err != nil {
		return domain.SessionRecord{}, err
	}
	if len(found) == 0 {
		return domain.SessionRecord{}, domain.ErrSessionUnknown
	}
	return found[0], nil
}

// keepSessions takes all records at once, as one JSON array of objects named as columns.
const keepSessions = `
	INSERT INTO sessions (` + sessionColumns + `)
	SELECT ` + sessionColumns + ` FROM jsonb_to_recordset($1) AS record (
		id text, room text, role text, subject text, address text, user_agent text, node text, codecs text[],
		started timestamptz, ended timestamptz, reason text, report jsonb)
	ON CONFLICT (id) DO UPDATE SET room = excluded.room, role = excluded.role, subject = excluded.subject,
		address = excluded.address, user_agent = excluded.user_agent, node = excluded.node, codecs = excluded.codecs,
		started = excluded.started, ended = excluded.ended, reason = excluded.reason, report = excluded.report
	WHERE sessions.ended IS NULL OR excluded.ended IS NOT NULL`

// Keep is ports.Sessions.Keep. Thousands of records are one statement.
func (s *Sessions) Keep(ctx context.Context, records []domain.SessionRecord) error {
	if len(records) == 0 {
		return ctx.Err()
	}
	rows, err := json.Marshal(sessionRows(records))
	if err != nil {
		return err
	}
	_, err = s.db.execute(ctx, keepSessions, rows)
	return err
}

// sessionRows returns one row for each session, in the order of their ids, in which
// everybody locks them: of several records the last, but none of when it was live behind
// one of its end.
func sessionRows(records []domain.SessionRecord) []session {
	last := map[domain.SessionID]int{}
	for i, r := range records {
		if before, found := last[r.ID]; found && r.Live() && !records[before].Live() {
			continue
		}
		last[r.ID] = i
	}
	rows := make([]session, 0, len(last))
	for _, i := range last {
		rows = append(rows, newSession(&records[i]))
	}
	slices.SortFunc(rows, func(a, b session) int { return cmp.Compare(a.ID, b.ID) })
	return rows
}

// Abandon is ports.Sessions.Abandon.
func (s *Sessions) Abandon(ctx context.Context, node string, at time.Time) (int, error) {
	return s.db.execute(ctx, `UPDATE sessions SET ended = greatest(started, $2), reason = $3 WHERE node = $1 AND ended IS NULL`,
		node, at, domain.EndedByCrash)
}

// List is ports.Sessions.List. A page is read from an index in its order, however many
// sessions there are.
func (s *Sessions) List(ctx context.Context, query ports.SessionQuery, after ports.SessionPlace, limit int) ([]domain.SessionRecord, error) {
	text, args := listSessions(query, after, limit)
	return list(ctx, s.db, sessionFields, text, args...)
}

// listSessions returns the query for a page, and its arguments.
func listSessions(query ports.SessionQuery, after ports.SessionPlace, limit int) (text string, args []any) {
	var c conditions
	if query.Room != "" {
		c.is(`room`, query.Room)
	}
	if query.Role != "" {
		c.is(`role`, query.Role)
	}
	c.times(query.From, query.Before, after.Started, string(after.ID))
	if query.Live {
		c.all = append(c.all, `ended IS NULL`)
	}
	return selectSessions + c.where() + c.backInTime() + c.limit(limit), c.args
}

// forgetSessions finds the oldest first. SKIP LOCKED has several that forget at once take
// different ones.
const forgetSessions = `
	DELETE FROM sessions WHERE id = ANY (ARRAY(
		SELECT id FROM sessions WHERE ended < $1 ORDER BY ended LIMIT $2 FOR UPDATE SKIP LOCKED))`

// Forget is ports.Sessions.Forget.
func (s *Sessions) Forget(ctx context.Context, before time.Time, limit int) (int, error) {
	return s.db.execute(ctx, forgetSessions, before, max(limit, 0))
}
