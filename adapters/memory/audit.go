package memory

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"rostrum/ports"
)

var _ ports.Audit = (*Audit)(nil)

// Audit is ports.Audit in a slice, which grows for as long as the process lives. Rooms
// adds to it what its updates tell.
type Audit struct {
	mu      sync.RWMutex // guards entries
	entries []ports.AuditEntry
}

// NewAudit returns an empty trail.
func NewAudit() *Audit { return &Audit{} }

// Record is ports.Audit.Record.
func (a *Audit) Record(ctx context.Context, entries ...ports.AuditEntry) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("record %d entries in the audit trail: %w", len(entries), err)
	}
	a.add(entries)
	return nil
}

// List is ports.Audit.List.
func (a *Audit) List(ctx context.Context, after int64, limit int) ([]ports.AuditEntry, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list the audit trail: %w", err)
	}
	a.mu.RLock()
	defer a.mu.RUnlock()
	rest := a.entries[min(max(after, 0), int64(len(a.entries))):]
	return slices.Clone(rest[:min(max(limit, 0), len(rest))]), nil
}

func (a *Audit) add(entries []ports.AuditEntry) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, e := range entries {
		e.Number, e.At = int64(len(a.entries))+1, kept(e.At)
		a.entries = append(a.entries, e)
	}
}
