package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.Rooms = (*Rooms)(nil)

// Rooms is ports.Rooms in the table rooms.
type Rooms struct {
	db *DB
}

// Get is ports.Rooms.Get.
func (r *Rooms) Get(ctx context.Context, name domain.RoomName) (domain.RoomSettings, error) {
	s, err := getRoom(ctx, r.db.read, name)
	if err != nil {
		return domain.RoomSettings{}, explain(ctx, r.db.path, err)
	}
	if s == nil {
		return domain.RoomSettings{}, domain.ErrRoomUnknown
	}
	return *s, nil
}

// Update is ports.Rooms.Update. The whole database has one writer: an Update
// waits for every other one, of this process and of others.
func (r *Rooms) Update(ctx context.Context, name domain.RoomName, decide func(now *domain.RoomSettings) (*domain.RoomSettings, error)) error {
	return r.db.update(ctx, func(tx *sql.Tx) error {
		now, err := getRoom(ctx, tx, name)
		if err != nil {
			return explain(ctx, r.db.path, err)
		}
		next, err := decide(now)
		if err != nil {
			return err
		}
		if err := setRoom(ctx, tx, name, next); err != nil {
			return explain(ctx, r.db.path, err)
		}
		return nil
	})
}

// List is ports.Rooms.List.
func (r *Rooms) List(ctx context.Context, after domain.RoomName, limit int) ([]ports.ListedRoom, error) {
	rows, err := r.db.read.QueryContext(ctx, `
		SELECT name, provisioned, display_name, max_subscribers, record
		FROM rooms WHERE name > ? ORDER BY name LIMIT ?`, after, max(limit, 0))
	if err != nil {
		return nil, explain(ctx, r.db.path, err)
	}
	defer func() { _ = rows.Close() }() // rows.Err has told
	var page []ports.ListedRoom
	for rows.Next() {
		var room ports.ListedRoom
		s := &room.Settings
		if err := rows.Scan(&room.Name, &s.Provisioned, &s.DisplayName, &s.MaxSubscribers, &s.Record); err != nil {
			return nil, explain(ctx, r.db.path, err)
		}
		page = append(page, room)
	}
	if err := rows.Err(); err != nil {
		return nil, explain(ctx, r.db.path, err)
	}
	return page, nil
}

// getRoom returns nil when there is no such room.
func getRoom(ctx context.Context, from interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}, name domain.RoomName) (*domain.RoomSettings, error) {
	var s domain.RoomSettings
	err := from.QueryRowContext(ctx, `
		SELECT provisioned, display_name, max_subscribers, record
		FROM rooms WHERE name = ?`, name).Scan(&s.Provisioned, &s.DisplayName, &s.MaxSubscribers, &s.Record)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &s, nil
}

// setRoom makes a room's row what next says, nil for none.
func setRoom(ctx context.Context, tx *sql.Tx, name domain.RoomName, next *domain.RoomSettings) error {
	if next == nil {
		_, err := tx.ExecContext(ctx, `DELETE FROM rooms WHERE name = ?`, name)
		return err
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO rooms (name, provisioned, display_name, max_subscribers, record) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET provisioned = excluded.provisioned,
			display_name = excluded.display_name, max_subscribers = excluded.max_subscribers, record = excluded.record`,
		name, next.Provisioned, next.DisplayName, next.MaxSubscribers, next.Record)
	return err
}
