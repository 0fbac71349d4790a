package domain

// Record says whether what is published in the room is to be recorded, until its
// publisher has left. It refuses to begin with [ErrRoomIdle] while nobody publishes
// and nobody is awaited.
func (r *Room) Record(on bool) error {
	if on && !r.occupied() {
		return ErrRoomIdle
	}
	r.recording = on
	return nil
}

// Recording reports whether there is something to record now, and it is to be
// recorded: from a publisher's admission on until it has left, which one that was
// lost has not while it is awaited.
func (r *Room) Recording() bool { return r.recording && r.occupied() }

func (r *Room) occupied() bool { return r.publisher != nil || r.Awaiting() }

// SetRecorder says which subscriber records, "" for none. It is no viewer: it takes
// no place and is not counted, and keeps a room alive only while its publisher is
// awaited.
func (r *Room) SetRecorder(id SessionID) { r.recorder = id }

// Recorder returns the subscriber that records, "" for none.
func (r *Room) Recorder() SessionID { return r.recorder }
