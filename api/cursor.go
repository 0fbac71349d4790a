package api

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"rostrum/domain"
)

// anID is what the ids of recordings, sessions and tokens are made of.
var anID = regexp.MustCompile(`\A[A-Z0-9]{1,64}\z`)

// cursorOf returns the cursor of a place in a list of what began at some time, "" of none.
func cursorOf(started time.Time, id string) string {
	if id == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d|%s", started.UnixMicro(), id))
}

// parsePlace returns the place of a cursor, zero values of "". It refuses with
// domain.ErrCursor whatever cursorOf does not return.
func parsePlace(cursor string) (started time.Time, id string, err error) {
	if cursor == "" {
		return time.Time{}, "", nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return time.Time{}, "", domain.ErrCursor
	}
	began, id, _ := strings.Cut(string(text), "|")
	micro, err := strconv.ParseInt(began, 10, 64)
	started = time.UnixMicro(micro).UTC()
	if err != nil || !anID.MatchString(id) || started.Year() < 1 || started.Year() > 9999 || cursorOf(started, id) != cursor {
		return time.Time{}, "", domain.ErrCursor
	}
	return started, id, nil
}

// roomMark stands before the name in a cursor of rooms: no other cursor has it.
const roomMark = ">"

// roomCursor returns the cursor of the place behind a room in a list of rooms, "" of "".
func roomCursor(name domain.RoomName) string {
	if name == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(roomMark + string(name)))
}

// parseRoomCursor returns the room of a cursor, "" of "". It refuses with
// domain.ErrCursor whatever roomCursor does not return.
func parseRoomCursor(cursor string) (domain.RoomName, error) {
	if cursor == "" {
		return "", nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return "", domain.ErrCursor
	}
	behind, ok := strings.CutPrefix(string(text), roomMark)
	name, err := domain.ParseRoomName(behind)
	if !ok || err != nil || roomCursor(name) != cursor {
		return "", domain.ErrCursor
	}
	return name, nil
}
