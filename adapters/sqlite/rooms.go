package sqlite

import (
	"context"
	"strings"

	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.Rooms = (*Rooms)(nil)

// Rooms is ports.Rooms in the tables rooms and room_labels.
type Rooms struct {
	db *DB
}

// selectRooms has the columns of roomFields, all of one moment.
const selectRooms = `
	SELECT name, display_name, max_subscribers, record, grace,
		(SELECT json_group_object(label, value) FROM room_labels WHERE room = name),
		tokens, version, created, changed`

const getRoom = selectRooms + ` FROM rooms WHERE name = ?`

// roomFields are where a row is scanned to.
func roomFields(r *domain.ProvisionedRoom) []any {
	s := &r.Settings
	return []any{
		&r.Name, &s.DisplayName, &s.MaxSubscribers, &s.Record, &s.Grace,
		document{&s.Labels}, tokens{&r.Tokens}, &r.Version, instant{&r.Created}, instant{&r.Changed},
	}
}

// Get is ports.Rooms.Get.
func (r *Rooms) Get(ctx context.Context, name domain.RoomName) (domain.ProvisionedRoom, error) {
	room, err := look(ctx, r.db, roomFields, getRoom, name)
	if err != nil {
		return domain.ProvisionedRoom{}, err
	}
	if room == nil {
		return domain.ProvisionedRoom{}, domain.ErrRoomUnknown
	}
	return *room, nil
}

// Update is ports.Rooms.Update. The whole database has one writer: an Update
// waits for every other one, of this process and of others.
func (r *Rooms) Update(ctx context.Context, name domain.RoomName, decide func(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error)) error {
	return r.db.update(ctx, func(ctx context.Context, tx tx) error {
		now, err := one(ctx, tx, roomFields, getRoom, name)
		if err != nil {
			return err
		}
		next, entries, err := decide(now)
		if err != nil {
			return err
		}
		if err := setRoom(ctx, tx, name, next); err != nil {
			return err
		}
		return addEntries(ctx, tx, entries)
	})
}

// List is ports.Rooms.List. A page is read from an index in its order, however many
// rooms there are.
func (r *Rooms) List(ctx context.Context, query ports.RoomQuery, after domain.RoomName, limit int) ([]domain.ProvisionedRoom, error) {
	text, args := listRooms(query, after, limit)
	return list(ctx, r.db, roomFields, text, args...)
}

// listRooms returns the query for a page, and its arguments. The rooms of a label are
// found by the label, in the order of their names; CROSS JOIN has SQLite begin there.
func listRooms(query ports.RoomQuery, after domain.RoomName, limit int) (text string, args []any) {
	from, name := ` FROM rooms`, `name`
	var conditions []string
	add := func(condition string, value any) {
		conditions, args = append(conditions, condition), append(args, value)
	}
	if query.Label != "" {
		index := `room_labels_by_label`
		add(`label = ?`, query.Label)
		if query.Value != "" {
			index = `room_labels_by_value`
			add(`value = ?`, query.Value)
		}
		from, name = ` FROM room_labels INDEXED BY `+index+` CROSS JOIN rooms ON name = room`, `room`
	}
	if prefix := domain.RoomName(query.Prefix); prefix > after { // one bound, since an index is read from one
		add(name+` >= ?`, prefix)
	} else {
		add(name+` > ?`, after)
	}
	if query.Prefix != "" {
		add(name+` < ?`, behindPrefix(query.Prefix))
	}
	text = selectRooms + from + ` WHERE ` + strings.Join(conditions, ` AND `) + ` ORDER BY ` + name + ` LIMIT ?`
	return text, append(args, max(limit, 0))
}

// behindPrefix returns the least text that is greater, byte by byte, than all that
// begin with the prefix. The bytes of UTF-8 end well below 0xff.
func behindPrefix(prefix string) string {
	bytes := []byte(prefix)
	bytes[len(bytes)-1]++
	return string(bytes)
}

// setRoom makes a room's rows what next says, nil for none.
func setRoom(ctx context.Context, tx tx, name domain.RoomName, next *domain.ProvisionedRoom) error {
	if _, err := tx.exec(ctx, `DELETE FROM room_labels WHERE room = ?`, name); err != nil {
		return err
	}
	if next == nil {
		_, err := tx.exec(ctx, `DELETE FROM rooms WHERE name = ?`, name)
		return err
	}
	s := next.Settings
	_, err := tx.exec(ctx, `
		INSERT INTO rooms (name, display_name, max_subscribers, record, grace, tokens, version, created, changed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET display_name = excluded.display_name, max_subscribers = excluded.max_subscribers,
			record = excluded.record, grace = excluded.grace, tokens = excluded.tokens,
			version = excluded.version, created = excluded.created, changed = excluded.changed`,
		name, s.DisplayName, s.MaxSubscribers, s.Record, s.Grace, tokens{&next.Tokens}, next.Version, micros(next.Created), micros(next.Changed))
	if err != nil || len(s.Labels) == 0 {
		return err
	}
	_, err = tx.exec(ctx, `INSERT INTO room_labels (room, label, value) SELECT ?, key, value FROM json_each(?)`, name, document{s.Labels})
	return err
}
