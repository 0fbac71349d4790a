package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"rostrum/ports"
)

var _ ports.Audit = (*Audit)(nil)

// Audit is ports.Audit in the table audit, whose trigger refuses what changes or takes
// away an entry.
type Audit struct {
	db *DB
}

// Record is ports.Audit.Record.
func (a *Audit) Record(ctx context.Context, entries ...ports.AuditEntry) error {
	return a.db.update(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var changes pgx.Batch
		addEntries(&changes, entries)
		if err := tx.SendBatch(ctx, &changes).Close(); err != nil {
			return a.db.source.explain(ctx, err)
		}
		return nil
	})
}

// addEntries stands at the end of a transaction: what it takes a lock for is that numbers
// are given in the order of commits, so that whoever has seen one has seen all below it.
func addEntries(changes *pgx.Batch, entries []ports.AuditEntry) {
	if len(entries) == 0 {
		return
	}
	changes.Queue(takeLock, lockNumber(lockOfAudit))
	for _, e := range entries {
		changes.Queue(`INSERT INTO audit (at, subject, origin, act, object, detail) VALUES ($1, $2, $3, $4, $5, $6)`,
			e.At, e.Subject, e.From, e.Act, e.Object, e.Detail)
	}
}

const selectAudit = `
	SELECT number, at, subject, origin, act, object, detail FROM audit
	WHERE number > $1 ORDER BY number LIMIT $2`

// List is ports.Audit.List.
func (a *Audit) List(ctx context.Context, after int64, limit int) ([]ports.AuditEntry, error) {
	return list(ctx, a.db, auditFields, selectAudit, after, max(limit, 0))
}

func auditFields(e *ports.AuditEntry) []any {
	return []any{&e.Number, instant{&e.At}, &e.Subject, &e.From, &e.Act, &e.Object, &e.Detail}
}
