package app

import (
	"errors"
	"time"

	"rostrum/app/archive"
	"rostrum/domain"
	"rostrum/ports"
)

// RoomRecording is how the recording of a live room stands.
type RoomRecording struct {
	On        bool               // what is published now, or when its publisher is back, is recorded
	Recording domain.RecordingID // "" while On is false, or it could not begin
	Status    ports.TakeStatus
	Refused   error // why it could not begin
}

// recordingActs are what the audit trail calls it.
var recordingActs = map[bool]string{true: "room.recording.start", false: "room.recording.stop"}

// Record begins or ends the recording of what is being published in a room, for as
// long as it is published. It may be repeated. It refuses with domain.ErrRoomIdle where
// there is nothing to record, and with why the spool takes no recording now.
func (a *App) Record(by domain.Caller, room domain.RoomName, on bool) (RoomRecording, error) {
	var r RoomRecording
	err := a.stages.change(room, func(r *domain.Room) error { return r.Record(on) })
	if err == nil {
		a.database.Note(a.database.Act(by, recordingActs[on], string(room), ""))
		r, err = a.RoomRecording(room)
	}
	if errors.Is(err, errNoStage) && !on {
		return RoomRecording{}, nil
	}
	if errors.Is(err, errNoStage) {
		return RoomRecording{}, domain.ErrRoomIdle
	}
	if err == nil && on && r.Refused != nil {
		err = r.Refused
	}
	return r, err
}

// RoomRecording tells how the recording of a room stands, which is off where nobody
// is.
func (a *App) RoomRecording(room domain.RoomName) (RoomRecording, error) {
	var r RoomRecording
	err := a.stages.apply(room, func(s *stage) error {
		r = RoomRecording{On: s.room.Recording(), Recording: domain.RecordingID(s.room.Recorder()), Refused: s.unrecorded}
		return errUnchanged
	})
	if t := a.archive.Live(r.Recording); t != nil {
		r.Status = t.Status()
	}
	if errors.Is(err, errUnchanged) || errors.Is(err, errNoStage) {
		err = nil
	}
	return r, err
}

// record begins to record a room. It is called on the room's stage.
func (a *App) record(room *domain.Room, again bool) (domain.SessionID, error) {
	publisher, _ := room.Publisher() // none while it is awaited
	take, err := a.archive.Begin(room.Name(), publisher.Session, a.media.RequestKeyframe)
	if err != nil && !again {
		a.log.Warn("the room is not recorded", "room", room.Name(), "error", err)
	}
	if err != nil {
		return "", err
	}
	id := domain.SessionID(take.ID())
	a.directory.change(publisher.ID, func(p *placement) { p.recordedBy(take) })
	a.media.Attach(id, take)
	return id, nil
}

// goesOn takes note that a publisher is recorded by what records its room already, ""
// for nothing: the recording of one that was lost goes on with the next.
func (a *App) goesOn(publisher, recorder domain.SessionID) {
	if take := a.archive.Live(domain.RecordingID(recorder)); take != nil {
		a.directory.change(publisher, func(p *placement) { p.recordedBy(take) })
	}
}

// recordedBy takes note of what records the session, unless something has before.
func (p *placement) recordedBy(next *archive.Take) {
	if p.Take == nil || p.Take.Began().IsZero() {
		p.Take = next
	}
}

// recording returns the recording that has media of the session, which has sent since a
// time after its offer, and how long after the offer it had.
func (p placement) recording(sent time.Duration) (domain.RecordingID, time.Duration) {
	if p.Take == nil || sent == 0 {
		return "", 0
	}
	began := p.Take.Began()
	if began.IsZero() {
		return "", 0
	}
	return p.Take.ID(), max(began.Sub(p.Started), sent)
}

// recorded ends a recording. It is called on the room's stage.
func (a *App) recorded(recorder domain.SessionID) {
	a.media.End(recorder)
	a.archive.End(domain.RecordingID(recorder))
}
