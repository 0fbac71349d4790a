package sqlite

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// Every page of every filter of sessions comes from an index in its order, which is
// read from the place of the page to the next.
func TestListOfSessionsUsesAnIndex(t *testing.T) {
	db := planned(t)
	at := time.Now()
	for bits := range 32 {
		var q ports.SessionQuery
		want := "sessions_by_start"
		if bits&1 != 0 {
			q.Room, want = "hall", "sessions_by_room"
		}
		if bits&2 != 0 {
			q.Role = domain.RolePublisher
			want = map[bool]string{false: "sessions_by_role", true: "sessions_by_room_and_role"}[q.Room != ""]
		}
		if bits&4 != 0 {
			q.Live, want = true, "live_"+want
		}
		if bits&8 != 0 {
			q.From = at.Add(-time.Hour)
		}
		if bits&16 != 0 {
			q.Before = at.Add(time.Hour)
		}
		for page, after := range map[string]ports.SessionPlace{
			"first": {}, "next": {Started: at, ID: "A"}, "one behind all": {Started: at.Add(2 * time.Hour), ID: "A"},
		} {
			name := fmt.Sprintf("%s page of %+v", page, q)
			text, args := listSessions(q, after, 100)
			reads := usesIndex(t, db, name, text, args...)
			if len(reads) != 1 || !strings.Contains(reads[0]+" ", " "+want+" ") {
				t.Errorf("%s reads %q, want %s alone", name, reads, want)
			}
			for condition, there := range map[string]bool{
				"room=?": q.Room != "", "role=?": q.Role != "", "started>?": !q.From.IsZero(),
				"<": page != "first" || !q.Before.IsZero(),
			} {
				if strings.Contains(reads[0], condition) != there {
					t.Errorf("%s: the index is bound by %s: %v, want %v: %s", name, condition, !there, there, reads[0])
				}
			}
			if strings.Count(text, "started <")+strings.Count(text, "(started, id) <") > 1 {
				t.Errorf("%s has two ends, of which SQLite reads to the one that it likes: %s", name, text)
			}
		}
	}
}

// Every page of rooms is read from its first name on, by the labels if they are asked for.
func TestListOfRoomsUsesAnIndex(t *testing.T) {
	db := planned(t)
	labels := map[string]ports.RoomQuery{
		"rooms USING PRIMARY KEY (": {},
		"room_labels USING COVERING INDEX room_labels_by_label (label=? AND ":  {Label: "team"},
		"room_labels USING COVERING INDEX room_labels_by_value (label=? AND v": {Label: "team", Value: "blue"},
	}
	for want, q := range labels {
		for _, prefix := range []string{"", "a"} {
			for _, after := range []domain.RoomName{"", "a1", "A", "z"} {
				q.Prefix = prefix
				name := fmt.Sprintf("page behind %q of %+v", after, q)
				text, args := listRooms(q, after, 100)
				reads := usesIndex(t, db, name, text, args...)
				if !strings.Contains(reads[0], want) {
					t.Errorf("%s begins with %q, want %s", name, reads[0], want)
				}
				if !strings.Contains(reads[0], ">?") || strings.Contains(reads[0], "<?") != (prefix != "") {
					t.Errorf("%s is not read from its first name to its last: %s", name, reads[0])
				}
				for _, read := range reads[1:] {
					if !strings.Contains(read, "PRIMARY KEY (name=?)") && !strings.Contains(read, "PRIMARY KEY (room=?)") {
						t.Errorf("%s reads more than the rooms of the page: %s", name, read)
					}
				}
				if strings.Count(text, ">") != 1 {
					t.Errorf("%s has two beginnings, of which SQLite takes the one that it likes: %s", name, text)
				}
			}
		}
	}
}

// Every other statement reads what it is for alone.
func TestStatementsUseAnIndex(t *testing.T) {
	db := planned(t)
	for query, args := range map[string][]any{
		getRoom:                                  {"hall"},
		getSession:                               {"A"},
		getRecording:                             {"A"},
		listAudit:                                {5, 100},
		abandonSessions:                          {5, domain.EndedByCrash, "north"},
		forgetSessions:                           {5, 100},
		`DELETE FROM room_labels WHERE room = ?`: {"hall"},
	} {
		for _, read := range usesIndex(t, db, query, query, args...) {
			if !strings.HasPrefix(read, "SEARCH ") {
				t.Errorf("%s reads all that there is: %s", query, read)
			}
		}
	}
}

func planned(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "rostrum.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}
