package sqlite

import (
	"context"
	"database/sql"

	"rostrum/ports"
)

var _ ports.Audit = (*Audit)(nil)

// Audit is ports.Audit in the table audit, whose triggers refuse what changes or
// deletes an entry.
type Audit struct {
	db *DB
}

// Record is ports.Audit.Record.
func (a *Audit) Record(ctx context.Context, e ports.AuditEntry) error {
	return a.db.update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO audit (at, subject, origin, act, object, detail) VALUES (?, ?, ?, ?, ?, ?)`,
			e.At.UnixMicro(), e.Subject, e.From, e.Act, e.Object, e.Detail)
		if err != nil {
			return explain(ctx, a.db.path, err)
		}
		return nil
	})
}

// List is ports.Audit.List.
func (a *Audit) List(ctx context.Context, after int64, limit int) ([]ports.AuditEntry, error) {
	return list(ctx, a.db, auditFields, `
		SELECT number, at, subject, origin, act, object, detail FROM audit
		WHERE number > ? ORDER BY number LIMIT ?`, after, max(limit, 0))
}

func auditFields(e *ports.AuditEntry) []any {
	return []any{&e.Number, instant{&e.At}, &e.Subject, &e.From, &e.Act, &e.Object, &e.Detail}
}
