package archive

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// How deliveries are made: so many at a look, and a look at least so often.
const (
	deliverPage  = 50
	deliverPause = 15 * time.Second
)

// Announcement is an event as its receivers get it, in JSON.
type Announcement struct {
	Type      domain.EventName   `json:"type"`
	Timestamp time.Time          `json:"timestamp"`
	Data      AnnouncedRecording `json:"data"`
}

// AnnouncedRecording is a recording in an event.
type AnnouncedRecording struct {
	Recording       domain.RecordingID    `json:"recording"`
	Room            domain.RoomName       `json:"room"`
	Session         domain.SessionID      `json:"session"`
	State           domain.RecordingState `json:"state"`
	Key             domain.ObjectKey      `json:"key"`
	Started         time.Time             `json:"started"`
	Ended           time.Time             `json:"ended"`
	DurationSeconds float64               `json:"duration_seconds"`
	Bytes           int64                 `json:"bytes"`
	Parts           []AnnouncedPart       `json:"parts"`
	Reason          string                `json:"reason,omitempty"`   // of a failure
	NextTry         *time.Time            `json:"next_try,omitempty"` // after a failure
	Attempts        int                   `json:"attempts,omitempty"` // that have failed
}

// AnnouncedPart is a file of a recording in an event.
type AnnouncedPart struct {
	Key    domain.ObjectKey `json:"key"`
	Bytes  int64            `json:"bytes"`
	SHA256 string           `json:"sha256"`
}

// deliveries returns what is to be delivered of the state that a recording has come
// to, one for each receiver.
func (a *Archive) deliveries(r *domain.Recording) []ports.Delivery {
	name, id, ok := r.Announcement()
	if !ok || len(a.settings.Webhooks) == 0 {
		return nil
	}
	now := time.Now().UTC()
	body, err := json.Marshal(Announcement{Type: name, Timestamp: now, Data: announced(r)})
	if err != nil { // there is nothing in it that cannot be told
		panic(err)
	}
	var all []ports.Delivery
	for _, to := range a.settings.Webhooks {
		all = append(all, ports.Delivery{ID: id, To: to, Body: body, Next: now})
	}
	return all
}

func announced(r *domain.Recording) AnnouncedRecording {
	told := AnnouncedRecording{
		Recording: r.ID, Room: r.Room, Session: r.Session, State: r.State, Key: r.Key, Started: r.Started, Ended: r.Ended,
		DurationSeconds: r.Duration().Seconds(), Bytes: r.Bytes(), Parts: []AnnouncedPart{},
		Reason: r.Failure.Reason, Attempts: r.Failure.Attempts,
	}
	if !r.Failure.Next.IsZero() {
		told.NextTry = &r.Failure.Next
	}
	for _, p := range r.Parts {
		told.Parts = append(told.Parts, AnnouncedPart{r.Key.Below(p.File), p.Bytes, p.SHA256})
	}
	return told
}

// deliver delivers what the outbox holds, also of earlier starts. A receiver that does
// not take an event gets it again for as long as it is one, after pauses as between
// uploads.
func (a *Archive) deliver(ctx context.Context) {
	if a.webhook == nil {
		return
	}
	tick := time.NewTicker(deliverPause)
	defer tick.Stop()
	for {
		for a.deliverDue(ctx) == deliverPage && ctx.Err() == nil {
		}
		select {
		case <-ctx.Done():
			return
		case <-a.news:
		case <-tick.C:
		}
	}
}

// deliverDue makes one attempt for each delivery that is due, as many as fit a page,
// and returns how many these were. A receiver that does not take one is not asked to
// take the others now: it would hold up those that do.
func (a *Archive) deliverDue(ctx context.Context) int {
	due, err := a.outbox.Due(ctx, time.Now().UTC(), deliverPage)
	if err != nil {
		if ctx.Err() == nil && !a.database.Lost(err) {
			a.log.Error("what is to be delivered cannot be read", "error", err)
		}
		return 0
	}
	away := map[string]bool{} // receivers
	for _, d := range due {
		err := a.deliverOne(ctx, d, away)
		if err != nil && ctx.Err() == nil && !a.database.Lost(err) {
			a.log.Error("a delivery cannot be kept, it will be made again", "event", d.ID, "error", err)
		}
		if err != nil && ctx.Err() == nil {
			return 0
		}
	}
	return len(due)
}

// deliverOne makes an attempt, unless the receiver is away, and takes note if it is.
func (a *Archive) deliverOne(ctx context.Context, d ports.Delivery, away map[string]bool) error {
	if !slices.Contains(a.settings.Webhooks, d.To) {
		a.log.Warn("event dropped: its receiver is in the configuration no more", "event", d.ID)
		return a.outbox.Delivered(ctx, d.ID, d.To)
	}
	pause := domain.Backoff(d.Attempts + 1)
	if away[d.To] {
		return a.outbox.Postpone(ctx, d.ID, d.To, time.Now().UTC().Add(pause))
	}
	err := a.webhook.Deliver(ctx, d)
	if err == nil {
		keeping, cancel := toKeep(ctx) // or the next start would deliver it again
		defer cancel()
		a.log.Info("event delivered", "event", d.ID)
		return a.outbox.Delivered(keeping, d.ID, d.To)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	away[d.To] = true
	a.log.Warn("event not taken", "event", d.ID, "attempts", d.Attempts+1, "error", err, "again_in", pause)
	return a.outbox.Postpone(ctx, d.ID, d.To, time.Now().UTC().Add(pause))
}

// wakeOutbox has the outbox looked at.
func (a *Archive) wakeOutbox() {
	select {
	case a.news <- struct{}{}:
	default: // it will be
	}
}
