package app

import (
	"context"
	"time"

	"rostrum/app/database"
	"rostrum/domain"
	"rostrum/ports"
)

// begun keeps that a session's offer has been answered, and has it end with its token.
func (a *App) begun(id domain.SessionID, codecs []domain.Codec) {
	place, live := a.directory.change(id, func(p *placement) { p.Codecs = codecs })
	if !live {
		return // it has ended already
	}
	a.database.Keep(place.record(id, domain.SessionReport{}))
	a.limit(id, place.Room, place.By.Grant)
}

// over keeps how a session went and why it ended, and has the log tell that.
func (a *App) over(id domain.SessionID, place placement, reason domain.EndReason, report domain.SessionReport) {
	r := place.record(id, report)
	r.Ended, r.Reason = keptNow(), reason
	a.endings.add(place.Role, reason)
	a.tellLife(a.database.Keep(r))
}

// record returns what there is to keep of a session while it is live, whose media reports
// that.
func (p placement) record(id domain.SessionID, report domain.SessionReport) domain.SessionRecord {
	report.Refusal = p.Refused
	report.Recording, report.RecordedAfter = p.recording(report.FirstMediaAfter)
	return domain.SessionRecord{
		ID: id, Room: p.Room, Role: p.Role, Subject: p.By.Subject, Address: p.By.Address, UserAgent: p.By.UserAgent,
		Codecs: p.Codecs, Started: p.Started, Report: report,
	}
}

// Session returns a session of a room that the caller may know of: one that is live as it
// goes now, also while the database is away, else what is kept of it. It refuses with
// domain.ErrSessionUnknown and, where the database would have to be asked and is away, with
// domain.ErrUnavailable; those of other rooms are answered as if there were none, in every
// case.
func (a *App) Session(ctx context.Context, id domain.SessionID, may func(domain.RoomName) bool) (domain.SessionRecord, error) {
	if r, live := a.liveSession(id); live && may(r.Room) {
		return r, nil
	}
	if r, waits := a.database.Unwritten(id); waits && may(r.Room) {
		return r, nil
	}
	r, err := a.database.Sessions().Get(ctx, id)
	if err == nil && !may(r.Room) {
		err = domain.ErrSessionUnknown
	}
	if err != nil {
		return domain.SessionRecord{}, a.unavailable(err)
	}
	return r, nil
}

// liveSession returns a session as it goes now, if it is live here.
func (a *App) liveSession(id domain.SessionID) (domain.SessionRecord, bool) {
	report, _ := a.media.Report(id) // asked first: it is of one that has not ended, if that is live then
	place, live := a.directory.find(id)
	if !live {
		return domain.SessionRecord{}, false
	}
	return a.database.Kept(place.record(id, report)), true
}

// ListSessions returns up to limit sessions that the query is for, those that began last
// first, beginning behind after, and the place to go on from, the zero value where there
// are no more. Those that are live are told of as they are now. It refuses with
// domain.ErrUnavailable while the database is away.
func (a *App) ListSessions(ctx context.Context, query ports.SessionQuery, after ports.SessionPlace, limit int) ([]domain.SessionRecord, ports.SessionPlace, error) {
	page, err := a.database.Sessions().List(ctx, query, after, limit)
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

// present makes the record of a live session that of how it goes now.
func (a *App) present(r *domain.SessionRecord) {
	if !r.Live() {
		return
	}
	if now, live := a.liveSession(r.ID); live {
		*r = now
	}
}

// Refused has the audit trail tell of a caller who was not let in, because who it is is
// not known, or what it may do. What was asked for is its object.
func (a *App) Refused(by domain.Caller, object string, refusal *domain.Refusal) {
	a.database.NoteRefusal(a.database.Act(by, "access.refused", object, refusal.Code+": "+refusal.Reason))
}

// AuditTrail returns up to limit entries in the order in which they were added, beginning
// behind the one numbered after. It refuses with domain.ErrUnavailable.
func (a *App) AuditTrail(ctx context.Context, after int64, limit int) ([]ports.AuditEntry, error) {
	entries, err := a.database.Audit().List(ctx, after, limit)
	return entries, a.unavailable(err)
}

// Readiness is whether new sessions can be let in.
type Readiness struct {
	Closing  bool // the server shuts down
	Database database.Status
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
