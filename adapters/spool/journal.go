package spool

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"time"

	"rostrum/domain"
)

// journal is what is known of a recording that is being written: lines of JSON, the
// first of which tells whose it is. It is kept in memory as well, so that it can be
// written anew. One goroutine.
type journal struct {
	lines []byte
	kept  int // so many octets of lines are in file
	file  *os.File
}

// entry is a line: one of its fields is there.
type entry struct {
	Recording *journalRecording `json:"recording,omitempty"`
	Part      *journalPart      `json:"part,omitempty"`
	Gap       *journalGap       `json:"gap,omitempty"`
}

type journalRecording struct {
	ID      domain.RecordingID `json:"id"`
	Room    string             `json:"room"`
	Session domain.SessionID   `json:"session"`
	Subject domain.Subject     `json:"subject"`
	Key     domain.ObjectKey   `json:"key"`
	Started time.Time          `json:"started"`
}

type journalPart struct {
	File      string           `json:"file"`
	Publisher domain.SessionID `json:"publisher"`
	Started   time.Time        `json:"started"`
}

// journalGap is a gap of the part before it. A later one of the same number takes its
// place: it has become longer.
type journalGap struct {
	Number int              `json:"number"`
	Kind   domain.MediaKind `json:"kind"`
	At     time.Duration    `json:"at_ns"`
	Length time.Duration    `json:"length_ns"`
	Reason domain.GapReason `json:"reason"`
}

func newJournal(r domain.Recording) *journal {
	j := &journal{}
	j.add(entry{Recording: &journalRecording{r.ID, string(r.Room), r.Session, r.Subject, r.Key, r.Started.UTC()}})
	return j
}

// add adds a line, which is in the file after the next flush.
func (j *journal) add(e entry) {
	line, err := json.Marshal(e)
	if err != nil {
		panic("spool: a journal line cannot be written as JSON: " + err.Error()) // it has strings, numbers and times of this century alone
	}
	j.lines = append(append(j.lines, line...), '\n')
}

// open makes file what the journal is written to, from its first line on.
func (j *journal) open(file *os.File) {
	j.close()
	j.file, j.kept = file, 0
}

// flush writes what is not in the file yet. What it cannot write it writes the next
// time.
func (j *journal) flush() error {
	if j.kept == len(j.lines) || j.file == nil {
		return nil
	}
	if _, err := j.file.WriteAt(j.lines[j.kept:], int64(j.kept)); err != nil {
		return err // a torn line is passed over by whoever reads it
	}
	j.kept = len(j.lines)
	return nil
}

func (j *journal) close() {
	if j.file != nil {
		_ = j.file.Close() // every write has told
		j.file = nil
	}
}

// Bounds for a journal that is read: it may be anybody's file.
const (
	journalLine  = 64 << 10
	journalLimit = 256 << 20
)

// readJournal returns what a journal tells of the recording of an id: itself and its
// parts with their gaps, as far as it can be believed and read. It reports whether
// that is anything.
func readJournal(r io.Reader, id domain.RecordingID) (domain.Recording, bool) {
	lines := bufio.NewScanner(io.LimitReader(r, journalLimit))
	lines.Buffer(nil, journalLine)
	recording := domain.Recording{State: domain.RecordingStarted}
	for lines.Scan() {
		var e entry
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			continue // torn by a crash, or damaged: the next may be whole
		}
		switch {
		case e.Recording != nil && recording.ID == "":
			e.Recording.tell(&recording, id)
		case e.Part != nil && partName.MatchString(e.Part.File):
			recording.Parts = append(recording.Parts, domain.Part{
				File: e.Part.File, Publisher: e.Part.Publisher, Started: e.Part.Started,
			})
		case e.Gap != nil && len(recording.Parts) > 0:
			e.Gap.tell(&recording.Parts[len(recording.Parts)-1])
		}
	}
	return recording, recording.ID != ""
}

// tell makes r the recording that the line tells of, unless it is another one than id
// or names what is no name.
func (l *journalRecording) tell(r *domain.Recording, id domain.RecordingID) {
	room, err := domain.ParseRoomName(l.Room)
	if err != nil || l.ID != id || !l.Key.Valid() {
		return
	}
	r.ID, r.Room, r.Session, r.Subject, r.Key, r.Started = id, room, l.Session, l.Subject, l.Key, l.Started
}

// tell adds the gap to a part, or makes it longer there.
func (l *journalGap) tell(p *domain.Part) {
	gap := domain.Gap{Kind: l.Kind, At: l.At, Length: l.Length, Reason: l.Reason}
	switch {
	case gap.At < 0 || gap.Length < 0 || !reasonable(gap):
	case l.Number >= 0 && l.Number < len(p.Gaps):
		p.Gaps[l.Number] = gap
	case len(p.Gaps) <= maxGaps:
		p.Gaps = append(p.Gaps, gap)
	}
}

func reasonable(g domain.Gap) bool {
	kind := g.Kind == domain.Audio || g.Kind == domain.Video
	return kind && (g.Reason == domain.GapLost || g.Reason == domain.GapSlowDisk || g.Reason == domain.GapDiskFull)
}
