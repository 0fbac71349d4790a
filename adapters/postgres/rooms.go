package postgres

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"rostrum/domain"
	"rostrum/ports"
)

var _ ports.Rooms = (*Rooms)(nil)

// Rooms is ports.Rooms in the table rooms.
type Rooms struct {
	db *DB
}

// roomColumns are those of the table, in the order of roomFields.
const roomColumns = `name, display_name, labels, max_subscribers, record, grace_ns, tokens, created, changed, version`

const selectRooms = `SELECT ` + roomColumns + ` FROM rooms`

func roomFields(r *domain.ProvisionedRoom) []any {
	s := &r.Settings
	return []any{
		&r.Name, &s.DisplayName, &s.Labels, &s.MaxSubscribers, &s.Record, &s.Grace,
		tokens{&r.Tokens}, instant{&r.Created}, instant{&r.Changed}, &r.Version,
	}
}

// Get is ports.Rooms.Get.
func (r *Rooms) Get(ctx context.Context, name domain.RoomName) (domain.ProvisionedRoom, error) {
	found, err := list(ctx, r.db, roomFields, selectRooms+` WHERE name = $1`, name)
	if err != nil {
		return domain.ProvisionedRoom{}, err
	}
	if len(found) == 0 {
		return domain.ProvisionedRoom{}, domain.ErrRoomUnknown
	}
	return found[0], nil
}

// Update is ports.Rooms.Update. It waits for every other Update of the room, by this
// program and by others, and, if there is something to tell, for those of other rooms that
// tell something, while they commit.
func (r *Rooms) Update(ctx context.Context, name domain.RoomName, decide func(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error)) error {
	return r.db.update(ctx, func(ctx context.Context, tx pgx.Tx) error {
		now, err := readAlone(ctx, tx, lockOfRoom+string(name), roomFields, selectRooms+` WHERE name = $1`, name)
		if err != nil {
			return r.db.source.explain(ctx, err)
		}
		next, entries, err := decide(now)
		if err != nil {
			return err
		}
		var changes pgx.Batch
		setRoom(&changes, name, next)
		addEntries(&changes, entries)
		if err := tx.SendBatch(ctx, &changes).Close(); err != nil {
			return r.db.source.explain(ctx, err)
		}
		return nil
	})
}

// setRoom makes a room's row what next says, nil for none.
func setRoom(changes *pgx.Batch, name domain.RoomName, next *domain.ProvisionedRoom) {
	if next == nil {
		changes.Queue(`DELETE FROM rooms WHERE name = $1`, name)
		return
	}
	s := next.Settings
	labels := s.Labels
	if labels == nil {
		labels = map[string]string{}
	}
	changes.Queue(`
		INSERT INTO rooms (`+roomColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (name) DO UPDATE SET display_name = excluded.display_name, labels = excluded.labels,
			max_subscribers = excluded.max_subscribers, record = excluded.record, grace_ns = excluded.grace_ns,
			tokens = excluded.tokens, created = excluded.created, changed = excluded.changed, version = excluded.version`,
		name, s.DisplayName, labels, s.MaxSubscribers, s.Record, s.Grace,
		tokens{&next.Tokens}, next.Created, next.Changed, next.Version)
}

// List is ports.Rooms.List. A page is read from an index in its order, however many rooms
// there are.
func (r *Rooms) List(ctx context.Context, query ports.RoomQuery, after domain.RoomName, limit int) ([]domain.ProvisionedRoom, error) {
	text, args := listRooms(query, after, limit)
	return list(ctx, r.db, roomFields, text, args...)
}

// lastText is greater than all that a name may have behind a prefix.
const lastText = "\U0010FFFF"

// listRooms returns the query for a page, and its arguments.
func listRooms(query ports.RoomQuery, after domain.RoomName, limit int) (text string, args []any) {
	var c conditions
	if query.Label == "" {
		c.names(`name`, query.Prefix, after)
		return selectRooms + c.where() + ` ORDER BY name` + c.limit(limit), c.args
	}
	c.is(`key`, query.Label)
	if query.Value != "" {
		c.is(`value`, query.Value)
	}
	c.names(`room`, query.Prefix, after)
	// The labels give the page in its order, and each of its rooms is then looked up.
	// OFFSET 0 keeps PostgreSQL from joining the two in another way, which would read all
	// rooms where it takes a label for a frequent one.
	order := strings.Join(c.columns, `, `) + `, room`
	page := `SELECT ` + order + ` FROM room_labels` + c.where() + ` ORDER BY ` + order + c.limit(limit)
	return `SELECT found.* FROM (` + page + `) AS page
		CROSS JOIN LATERAL (` + selectRooms + ` WHERE name = page.room OFFSET 0) AS found ORDER BY ` + order, c.args
}

// names adds the bounds of a list of names, in the column that has them.
func (c *conditions) names(column, prefix string, after domain.RoomName) {
	name := []string{column}
	if prefix > string(after) {
		c.bound(`>=`, name, prefix)
	} else {
		c.bound(`>`, name, after)
	}
	if prefix == "" {
		c.bound(`<=`, nil)
	} else {
		c.bound(`<`, name, prefix+lastText)
	}
}
