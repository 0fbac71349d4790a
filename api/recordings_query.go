package api

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rostrum/domain"
	"rostrum/ports"
)

// How many recordings a list holds.
const (
	defaultListed = 50
	maxListed     = 200
)

// listInput says which recordings are listed, in the words of its client.
type listInput struct {
	Room   string   `query:"room"`
	State  []string `query:"state,explode"`
	From   string   `query:"from"`
	Before string   `query:"before"`
	Limit  string   `query:"limit"`
	Cursor string   `query:"cursor"`
}

// listing says which recordings are listed.
type listing struct {
	query ports.RecordingQuery
	after ports.RecordingPlace
	limit int
}

// parse refuses with domain.ErrRoomName, domain.ErrCursor, and with errRequest and
// what should be there instead.
func (in *listInput) parse() (l listing, err error) {
	if in.Room != "" {
		if l.query.Room, err = domain.ParseRoomName(in.Room); err != nil {
			return listing{}, err
		}
	}
	if l.query.States, err = parseStates(in.State); err != nil {
		return listing{}, err
	}
	if l.query.From, l.query.Before, err = parseSpan(in.From, in.Before); err != nil {
		return listing{}, err
	}
	if l.limit, err = parseLimit(in.Limit); err != nil {
		return listing{}, err
	}
	at, id, err := parsePlace(in.Cursor)
	l.after = ports.RecordingPlace{Started: at, ID: domain.RecordingID(id)}
	return l, err
}

func parseStates(names []string) (states []domain.RecordingState, err error) {
	for _, name := range names {
		state, ok := domain.ParseRecordingState(name)
		if !ok {
			return nil, errRequest.because("A state in the query is none. There are " + strings.Join(stateNames(), ", ") + "; repeat the parameter for several.")
		}
		if !slices.Contains(states, state) {
			states = append(states, state)
		}
	}
	return states, nil
}

func stateNames() (names []string) {
	for _, s := range domain.RecordingStates() {
		names = append(names, string(s))
	}
	return names
}

// parseSpan reads the query's from and before.
func parseSpan(from, before string) (begins, ends time.Time, err error) {
	if begins, err = parseTime("from", from); err != nil {
		return time.Time{}, time.Time{}, err
	}
	ends, err = parseTime("before", before)
	return begins, ends, err
}

func parseTime(name, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, errRequest.because("The query's " + name + " is no time. Write it as RFC 3339 has it, such as 2026-01-31T18:00:00Z, with a + as %2B.")
	}
	return at.UTC(), nil
}

func parseLimit(text string) (int, error) {
	if text == "" {
		return defaultListed, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 || limit > maxListed {
		return 0, errRequest.because(fmt.Sprintf("The query's limit is not a number from 1 to %d.", maxListed))
	}
	return limit, nil
}

// parseRecordingID refuses with domain.ErrRecordingUnknown what cannot be one.
func parseRecordingID(text string) (domain.RecordingID, error) {
	if !anID.MatchString(text) {
		return "", domain.ErrRecordingUnknown
	}
	return domain.RecordingID(text), nil
}

// listParameters documents the query of a list.
func listParameters() []*huma.Param {
	room := roomParameter()
	room.In, room.Required, room.Description = "query", false, "Recordings of this room alone."
	states := make([]any, len(domain.RecordingStates()))
	for i, s := range domain.RecordingStates() {
		states[i] = string(s)
	}
	return append([]*huma.Param{
		room,
		{
			Name: "state", In: "query", Explode: ptr(true), Description: "Recordings in this state alone; repeat it for several.",
			Schema: &huma.Schema{Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeString, Enum: states}}, Example: []string{"uploading", "failed"},
		},
		limitParameter("recordings"),
		cursorParameter(exampleCursor),
	}, spanParameters("Recordings that began")...)
}

// spanParameters documents what parseSpan reads.
func spanParameters(of string) []*huma.Param {
	return []*huma.Param{
		queryParameter("from", of+" at this time or later (RFC 3339).", &huma.Schema{Format: "date-time", Examples: []any{"2026-01-01T00:00:00Z"}}),
		queryParameter("before", of+" earlier (RFC 3339).", &huma.Schema{Format: "date-time", Examples: []any{"2026-02-01T00:00:00Z"}}),
	}
}
