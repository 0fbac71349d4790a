package sqlite

import (
	"slices"
	"strings"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// recordingColumns are those of the table, in the order of recordingFields.
const recordingColumns = `id, room, session, subject, node, object_key, state, started, ended, stored,
	failure_during, failure_reason, failure_attempts, failure_next, parts`

const (
	selectRecordings = `SELECT ` + recordingColumns + ` FROM recordings`
	getRecording     = selectRecordings + ` WHERE id = ?`
	countRecordings  = `SELECT state, count(*) FROM recordings GROUP BY state`
)

// recordingFields are where a row is scanned to.
func recordingFields(r *domain.Recording) []any {
	f := &r.Failure
	return []any{
		&r.ID, &r.Room, &r.Session, &r.Subject, &r.Node, &r.Key, &r.State, instant{&r.Started}, instant{&r.Ended}, instant{&r.Stored},
		&f.During, &f.Reason, &f.Attempts, instant{&f.Next}, parts{&r.Parts},
	}
}

// listRecordings returns the query for a page, and its arguments. For several states it
// joins a query for each, which SQLite merges, since each comes from an index in the
// order of the list; "state IN" would read and sort all that there are.
func listRecordings(query ports.RecordingQuery, after ports.RecordingPlace, limit int) (text string, args []any) {
	const order = ` ORDER BY started DESC, id DESC LIMIT ?`
	index := recordingIndex(query)
	conditions, values := recordingConditions(query, after)
	if len(query.States) == 0 {
		return selectBy(index, conditions) + order, append(values, max(limit, 0))
	}
	var selects []string
	for _, state := range slices.Compact(slices.Sorted(slices.Values(query.States))) {
		selects = append(selects, selectBy(index, append([]string{`state = ?`}, conditions...)))
		args = append(append(args, state), values...)
	}
	return strings.Join(selects, ` UNION ALL `) + order, append(args, max(limit, 0))
}

// recordingIndex returns the index that a query is read from. SQLite is told, since it
// would take two times for a better filter than a room.
func recordingIndex(query ports.RecordingQuery) string {
	switch room, states := query.Room != "", len(query.States) > 0; {
	case room && states:
		return `recordings_by_room_and_state`
	case room:
		return `recordings_by_room`
	case states:
		return `recordings_by_state`
	default:
		return `recordings_by_start`
	}
}

// recordingConditions says all of a query but the states in SQL, with its arguments.
func recordingConditions(query ports.RecordingQuery, after ports.RecordingPlace) (conditions []string, values []any) {
	add := func(condition string, of ...any) {
		conditions, values = append(conditions, condition), append(values, of...)
	}
	if query.Room != "" {
		add(`room = ?`, query.Room)
	}
	if !query.From.IsZero() {
		add(`started >= ?`, query.From.UnixMicro())
	}
	until(add, query.Before, after.Started, string(after.ID))
	return conditions, values
}

// until adds the bound of what began before a time and is behind a place of a list: the
// narrower one alone, since SQLite reads an index up to one, and the rest in vain.
func until(add func(condition string, of ...any), before, started time.Time, id string) {
	switch first := id == "" && started.IsZero(); {
	case !first && (before.IsZero() || started.UnixMicro() < before.UnixMicro()):
		add(`(started, id) < (?, ?)`, started.UnixMicro(), id)
	case !before.IsZero():
		add(`started < ?`, before.UnixMicro())
	}
}

func selectBy(index string, conditions []string) string {
	query := selectRecordings + ` INDEXED BY ` + index
	if len(conditions) == 0 {
		return query
	}
	return query + ` WHERE ` + strings.Join(conditions, ` AND `)
}
