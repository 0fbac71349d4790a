package sqlite

import (
	"context"

	"rostrum/ports"
)

var _ ports.Audit = (*Audit)(nil)

// Audit is ports.Audit in the table audit, whose triggers refuse what changes or
// deletes an entry.
type Audit struct {
	db *DB
}

// Record is ports.Audit.Record.
func (a *Audit) Record(ctx context.Context, entries ...ports.AuditEntry) error {
	return a.db.update(ctx, func(ctx context.Context, tx tx) error { return addEntries(ctx, tx, entries) })
}

// List is ports.Audit.List.
func (a *Audit) List(ctx context.Context, after int64, limit int) ([]ports.AuditEntry, error) {
	return list(ctx, a.db, auditFields, listAudit, after, max(limit, 0))
}

const listAudit = `
	SELECT number, at, subject, origin, act, object, detail FROM audit
	WHERE number > ? ORDER BY number LIMIT ?`

func auditFields(e *ports.AuditEntry) []any {
	return []any{&e.Number, instant{&e.At}, &e.Subject, &e.From, &e.Act, &e.Object, &e.Detail}
}

func addEntries(ctx context.Context, tx tx, entries []ports.AuditEntry) error {
	return each(ctx, tx, entries, `INSERT INTO audit (at, subject, origin, act, object, detail) VALUES (?, ?, ?, ?, ?, ?)`,
		func(e ports.AuditEntry) []any {
			return []any{e.At.UnixMicro(), e.Subject, e.From, e.Act, e.Object, e.Detail}
		})
}
