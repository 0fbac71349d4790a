package porttest

import (
	"context"
	crand "crypto/rand"
	"fmt"
	"math/rand/v2"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// changes are measured last, since what they leave is no part of the dataset.
func (d Dataset) changes(s Stores) []measured {
	return []measured{
		{name: "Rooms.Update", call: func(ctx context.Context, r *rand.Rand) (int, error) {
			return 1, s.Rooms.Update(ctx, d.roomName(r.IntN(d.rooms)), renamed)
		}},
		{name: "Sessions.Keep, 1 that begins", call: func(ctx context.Context, r *rand.Rand) (int, error) {
			return 1, s.Sessions.Keep(ctx, d.visitors(r, 1, "east", noon.Add(span)))
		}},
		d.ending(s.Sessions),
		{name: "Sessions.Keep, 1,000 that begin", alone: true, call: func(ctx context.Context, r *rand.Rand) (int, error) {
			return 1000, s.Sessions.Keep(ctx, d.visitors(r, 1000, "east", noon.Add(span)))
		}},
		d.abandoning(s.Sessions),
		d.forgetting(s.Sessions),
	}
}

// renamed is what an administrator does most.
func renamed(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
	if now == nil {
		return nil, nil, domain.ErrRoomUnknown
	}
	settings := now.Settings
	settings.DisplayName = fmt.Sprintf("Renamed %d times", now.Version)
	if err := now.Change(settings, now.Changed.Add(time.Second)); err != nil {
		return nil, nil, err
	}
	return now, []ports.AuditEntry{{At: now.Changed, Subject: "admin@example.org", From: "192.0.2.1", Act: "room.change", Object: string(now.Name)}}, nil
}

// visitors returns new sessions of any rooms that begin at one time.
func (d Dataset) visitors(r *rand.Rand, count int, node string, at time.Time) []domain.SessionRecord {
	records := make([]domain.SessionRecord, count)
	for i := range records {
		records[i] = beginning(r, domain.SessionID(crand.Text()), d.roomName(r.IntN(d.rooms)), domain.RoleSubscriber)
		records[i].Node, records[i].Started = node, at
	}
	return records
}

func (d Dataset) ending(sessions ports.Sessions) measured {
	var records []domain.SessionRecord
	return measured{
		name: "Sessions.Keep, 1 that ends", alone: true,
		prepare: func(ctx context.Context, r *rand.Rand) error {
			records = d.visitors(r, 1, "east", noon.Add(span))
			err := sessions.Keep(ctx, records)
			end(r, &records[0])
			return err
		},
		call: func(ctx context.Context, _ *rand.Rand) (int, error) { return 1, sessions.Keep(ctx, records) },
	}
}

func (d Dataset) abandoning(sessions ports.Sessions) measured {
	return measured{
		name: "Sessions.Abandon, 100 live", alone: true,
		prepare: func(ctx context.Context, r *rand.Rand) error {
			return sessions.Keep(ctx, d.visitors(r, 100, "killed", noon.Add(span)))
		},
		call: func(ctx context.Context, _ *rand.Rand) (int, error) {
			return sessions.Abandon(ctx, "killed", noon.Add(span+time.Hour))
		},
	}
}

func (d Dataset) forgetting(sessions ports.Sessions) measured {
	old := noon.AddDate(-1, 0, 0)
	return measured{
		name: "Sessions.Forget, 1,000", alone: true,
		prepare: func(ctx context.Context, r *rand.Rand) error {
			records := d.visitors(r, 1000, "east", old)
			for i := range records {
				end(r, &records[i])
			}
			return sessions.Keep(ctx, records)
		},
		call: func(ctx context.Context, _ *rand.Rand) (int, error) {
			return sessions.Forget(ctx, old.AddDate(0, 6, 0), 1000)
		},
	}
}
