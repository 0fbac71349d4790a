package sqlite

import (
	"strings"

	"rostrum/ports"
)

// listSessions returns the query for a page, and its arguments.
func listSessions(query ports.SessionQuery, after ports.SessionPlace, limit int) (text string, args []any) {
	var conditions []string
	add := func(condition string, of ...any) {
		conditions, args = append(conditions, condition), append(args, of...)
	}
	if query.Live {
		add(`ended IS NULL`)
	}
	if query.Room != "" {
		add(`room = ?`, query.Room)
	}
	if query.Role != "" {
		add(`role = ?`, query.Role)
	}
	if !query.From.IsZero() {
		add(`started >= ?`, query.From.UnixMicro())
	}
	until(add, query.Before, after.Started, string(after.ID))
	text = selectSessions + ` INDEXED BY ` + sessionIndex(query)
	if len(conditions) > 0 {
		text += ` WHERE ` + strings.Join(conditions, ` AND `)
	}
	return text + ` ORDER BY started DESC, id DESC LIMIT ?`, append(args, max(limit, 0))
}

// sessionIndex returns the index that a query is read from. SQLite is told, since it
// would take two times for a better filter than a room.
func sessionIndex(query ports.SessionQuery) string {
	index := `sessions_by_start`
	switch room, role := query.Room != "", query.Role != ""; {
	case room && role:
		index = `sessions_by_room_and_role`
	case room:
		index = `sessions_by_room`
	case role:
		index = `sessions_by_role`
	}
	if query.Live {
		return `live_` + index
	}
	return index
}
