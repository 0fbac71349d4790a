package api

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/app"
	"rostrum/domain"
)

// roomListInput says which rooms are listed, in the words of its client.
type roomListInput struct {
	Prefix string `query:"prefix"`
	Label  string `query:"label"`
	Live   string `query:"live"`
	Limit  string `query:"limit"`
	Cursor string `query:"cursor"`
}

// roomListing says which rooms are listed.
type roomListing struct {
	query app.RoomsQuery
	after domain.RoomName
	limit int
}

// parse refuses with domain.ErrRoomName, domain.ErrCursor, and with errRequest and
// what should be there instead.
func (in *roomListInput) parse() (l roomListing, err error) {
	if in.Prefix != "" {
		prefix, err := domain.ParseRoomName(in.Prefix) // a beginning of a name could be one
		if err != nil {
			return roomListing{}, domain.ErrRoomName.Because("The query's prefix begins no room's name, which is made of letters, digits, underscores and hyphens.")
		}
		l.query.Prefix = string(prefix)
	}
	if l.query.Label, l.query.Value, err = parseLabel(in.Label); err != nil {
		return roomListing{}, err
	}
	if l.query.Live, err = parseBool("live", in.Live); err != nil {
		return roomListing{}, err
	}
	if l.limit, err = parseLimit(in.Limit); err != nil {
		return roomListing{}, err
	}
	l.after, err = parseRoomCursor(in.Cursor)
	return l, err
}

// parseLabel reads key or key=value.
func parseLabel(text string) (key, value string, err error) {
	if text == "" {
		return "", "", nil
	}
	key, value, _ = strings.Cut(text, "=")
	if (domain.RoomSettings{Labels: map[string]string{key: value}}).Check() != nil {
		return "", "", errRequest.because("The query's label is none that a room can have. Write it as key or key=value.")
	}
	return key, value, nil
}

func parseBool(name, text string) (bool, error) {
	switch text {
	case "true":
		return true, nil
	case "", "false":
		return false, nil
	default:
		return false, errRequest.because("The query's " + name + " is neither true nor false.")
	}
}

// roomListParameters documents the query of a list of rooms.
func roomListParameters() []*huma.Param {
	return []*huma.Param{
		queryParameter("prefix", "Rooms whose names begin with this alone.", &huma.Schema{MaxLength: ptr(64), Pattern: "^[A-Za-z0-9_-]*$", Examples: []any{"team-"}}),
		queryParameter("label", "Rooms with this label alone: key, or key=value. It finds only rooms that the bearer administers.", &huma.Schema{Examples: []any{"team=news"}}),
		liveParameter("Rooms that somebody is in alone."),
		limitParameter("rooms"),
		cursorParameter(exampleRoomCursor),
	}
}

func liveParameter(description string) *huma.Param {
	return queryParameter("live", description, &huma.Schema{Type: huma.TypeBoolean, Default: false, Examples: []any{true}})
}
