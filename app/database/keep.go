package database

import (
	"time"

	"rostrum/app/privacy"
	"rostrum/domain"
	"rostrum/ports"
)

// Keep has a session's record written, and returns it as it is kept.
func (d *Database) Keep(r domain.SessionRecord) domain.SessionRecord {
	r = d.Kept(r)
	d.sessions.add(r)
	d.wake()
	return r
}

// Kept returns a session's record as it is kept: with as much of addresses as the operator
// wants, and with texts that can be shown anywhere.
func (d *Database) Kept(r domain.SessionRecord) domain.SessionRecord {
	r.Node, r.Subject, r.UserAgent = d.settings.Node, domain.Subject(privacy.Clean(string(r.Subject))), privacy.Clean(r.UserAgent)
	r.Address, r.Report.Pair = d.settings.Addresses.Of(r.Address), d.settings.Addresses.OfPair(r.Report.Pair)
	r.Report.Refusal = privacy.Clean(r.Report.Refusal)
	return r
}

// Unwritten returns what waits to be written of a session, the last of it.
func (d *Database) Unwritten(id domain.SessionID) (domain.SessionRecord, bool) {
	return d.sessions.last(func(r domain.SessionRecord) bool { return r.ID == id })
}

// Note has an act written into the audit trail.
func (d *Database) Note(e ports.AuditEntry) {
	d.acts.add(e)
	d.wake()
}

// NoteRefusal has it written into the audit trail that somebody was not let in.
func (d *Database) NoteRefusal(e ports.AuditEntry) {
	d.refusals.add(e)
	d.wake()
}

// Act returns the entry of the audit trail that says what the caller does to an object.
func (d *Database) Act(by domain.Caller, act, object, detail string) ports.AuditEntry {
	return ports.AuditEntry{
		At: time.Now().UTC(), Subject: domain.Subject(privacy.Clean(string(by.Subject))), From: d.settings.Addresses.Of(by.Address), Act: act, Object: privacy.Clean(object), Detail: privacy.Clean(detail),
	}
}
