package app

import (
	"context"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// begun keeps that a session's offer has been answered, and has it end with its token.
func (a *App) begun(id domain.SessionID, codecs []domain.Codec) {
	place, live := a.directory.change(id, func(p *placement) { p.Codecs = codecs })
	if !live {
		return // it has ended already
	}
	a.database.keep(place.record(id))
	a.limit(id, place.Room, place.By.Grant)
}

// over keeps how a session went and why it ended.
func (a *App) over(id domain.SessionID, place placement, reason domain.EndReason, report domain.SessionReport) {
	r := place.record(id)
	r.Ended, r.Reason, r.Report = keptNow(), reason, report
	a.database.keep(r)
}

// record returns what is kept of a session while it is live.
func (p placement) record(id domain.SessionID) domain.SessionRecord {
	return domain.SessionRecord{
		ID: id, Room: p.Room, Role: p.Role, Subject: p.By.Subject, Address: p.By.Address, UserAgent: p.By.UserAgent,
		Codecs: p.Codecs, Started: p.Started,
	}
}

// ListSessions returns up to limit sessions that the query is for, those that began last
// first, beginning behind after, and the place to go on from, the zero value where there
// are no more. Those that are live are told of as they are now. It refuses with
// domain.ErrUnavailable while the database is away.
func (a *App) ListSessions(ctx context.Context, query ports.SessionQuery, after ports.SessionPlace, limit int) ([]domain.SessionRecord, ports.SessionPlace, error) {
	page, err := a.database.needs.Sessions.List(ctx, query, after, limit)
	if err != nil {
		return nil, after, a.unavailable(err)
	}
	for i := range page {
		a.present(&page[i])
	}
	if len(page) < limit {
		return page, ports.SessionPlace{}, nil
	}
	last := page[len(page)-1]
	return page, ports.SessionPlace{Started: last.Started, ID: last.ID}, nil
}

// present gives the record of a live session its numbers up to now.
func (a *App) present(r *domain.SessionRecord) {
	if !r.Live() {
		return
	}
	if report, live := a.media.Report(r.ID); live {
		report.Pair = a.database.settings.Addresses.ofPair(report.Pair)
		r.Report = report
	}
}

// Refused has the audit trail tell of a caller who was not let in, because who it is is
// not known, or what it may do. What was asked for is its object.
func (a *App) Refused(by Caller, object string, refusal *domain.Refusal) {
	a.database.noteRefusal(a.database.act(by, "access.refused", object, refusal.Code+": "+refusal.Reason))
}

// AuditTrail returns up to limit entries in the order in which they were added, beginning
// behind the one numbered after. It refuses with domain.ErrUnavailable.
func (a *App) AuditTrail(ctx context.Context, after int64, limit int) ([]ports.AuditEntry, error) {
	entries, err := a.database.needs.Audit.List(ctx, after, limit)
	return entries, a.unavailable(err)
}

// Readiness is whether new sessions can be let in.
type Readiness struct {
	Closing  bool // the server shuts down
	Database DatabaseStatus
	Strained bool // the database is away for longer than known rooms go on without it
}

// Ready tells whether new sessions can be let in.
func (a *App) Ready() Readiness {
	status := a.database.Status()
	return Readiness{
		Closing: a.stages.isClosing(), Database: status,
		Strained: !status.Since.IsZero() && time.Since(status.Since) > a.settings.Outage,
	}
}
