package porttest

import (
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"rostrum/domain"
)

// Dataset is what the lists and look-ups of a database are measured on. Everything in it
// follows from its number, so that whoever measures knows what is there, and it is spread
// as unevenly as half a year leaves it:
//
//   - one room had half of all sessions of the first two months and none since, another has
//     half of all since then; one in 10,000 of these is a publisher's;
//   - of the others few rooms have many, and one in ten of their sessions is a publisher's;
//   - 0.5 % are live, most of them new and some as old as the oldest;
//   - each room has the label team, of 50 values, a seventh of all the same one; one in
//     10,000 has the label pilot, and one in ten has tokens;
//   - one session in twenty has a recording, and one in 200 of these has failed.
type Dataset struct {
	rooms, sessions int
}

// NewDataset returns one of the size that ROSTRUM_BENCH_ROOMS and ROSTRUM_BENCH_SESSIONS
// say, small where they do not.
func NewDataset(b *testing.B) Dataset {
	b.Helper()
	return Dataset{rooms: size(b, "ROSTRUM_BENCH_ROOMS", 2_000), sessions: size(b, "ROSTRUM_BENCH_SESSIONS", 20_000)}
}

func size(b *testing.B, variable string, standard int) int {
	b.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return standard
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < standard {
		b.Fatalf("%s is %q, want a number from %d on", variable, text, standard)
	}
	return n
}

// span is the time over which sessions began.
const span = 180 * 24 * time.Hour

// The numbers of rooms with many sessions.
const (
	former = 0 // in the first third of the time
	huge   = 1 // since then
)

var (
	towns  = []string{"aarau", "basel", "bern", "chur", "geneva", "lausanne", "lugano", "sion", "thun", "zurich"}
	nodes  = []string{"north", "south", "west"}
	agents = []string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
		"Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
	}
)

// The kinds of what is drawn, so that things of one number have nothing in common.
const (
	ofRoom = iota
	ofToken
	ofSession
	ofSessionID
	ofCaller
)

func draw(kind uint64, number int) *rand.Rand { return rand.New(rand.NewPCG(kind, uint64(number))) }

// text returns 26 random letters and digits, as ids and secrets are.
func text(r *rand.Rand) string {
	bits := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, r.Uint64()), r.Uint64())
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(bits)
}

func (d Dataset) roomName(i int) domain.RoomName {
	return domain.RoomName(fmt.Sprintf("%s-%06d", towns[i%len(towns)], i/len(towns)))
}

// ordinary returns the number of a room that has some hundred sessions, at any size.
func (d Dataset) ordinary(r *rand.Rand) int { return d.rooms/2000 + r.IntN(d.rooms/500) + 2 }

func (d Dataset) room(i int) (domain.ProvisionedRoom, error) {
	r := draw(ofRoom, i)
	labels := map[string]string{"team": fmt.Sprintf("team-%02d", int(50*math.Pow(r.Float64(), 2))), "town": towns[i%len(towns)]}
	if i%10_000 == 0 {
		labels["pilot"] = "yes"
	}
	at := noon.Add(time.Duration(i) * time.Second)
	room, err := domain.Provision(d.roomName(i), domain.RoomSettings{DisplayName: fmt.Sprintf("Lecture hall %d", i), Labels: labels}, at)
	if err != nil || i%10 != 0 {
		return room, err
	}
	for _, action := range []domain.Action{domain.ActionPublish, domain.ActionPlay} {
		id := text(draw(ofToken, 2*i+len(room.Tokens)))
		token := domain.RoomToken{
			ID: domain.TokenID(id), Label: "caretaker", Action: action, Subject: domain.Subject("token-" + id),
			Hash: domain.NewTokenSecret(room.Name, id).Hash(), Created: at,
		}
		if err := room.Mint(token); err != nil {
			return room, err
		}
	}
	return room, nil
}

func (d Dataset) sessionID(i int) domain.SessionID {
	return domain.SessionID(text(draw(ofSessionID, i)))
}

// started returns when a session began, which two at a time do.
func (d Dataset) started(i int) time.Time {
	return noon.Add(time.Duration(float64(span) * float64(i&^1) / float64(d.sessions))).Truncate(time.Microsecond)
}

// session returns one of the sessions, that of the huge room's present publisher last.
func (d Dataset) session(i int) domain.SessionRecord {
	r := draw(ofSession, i)
	room, publishers := huge, 10_000
	if i < d.sessions/3 {
		room = former
	}
	if r.IntN(2) == 0 {
		room, publishers = 2+int(math.Pow(r.Float64(), 3)*float64(d.rooms-2)), 10
	}
	role, live := domain.RoleSubscriber, r.IntN(2000) == 0 || i > d.sessions-d.sessions/100 && r.IntN(2) == 0
	if r.IntN(publishers) == 0 {
		role = domain.RolePublisher
	}
	if i == d.sessions-1 {
		room, role, live = huge, domain.RolePublisher, true
	}
	record := beginning(r, d.sessionID(i), d.roomName(room), role)
	record.Started = d.started(i)
	if !live {
		end(r, &record)
	}
	return record
}

// beginning returns what is kept of a session when it begins, but for the time.
func beginning(r *rand.Rand, id domain.SessionID, room domain.RoomName, role domain.Role) domain.SessionRecord {
	return domain.SessionRecord{
		ID: id, Room: room, Role: role,
		Subject: domain.Subject(fmt.Sprintf("person-%05d@example.org", r.IntN(20_000))),
		Address: fmt.Sprintf("192.0.2.%d", r.IntN(256)), UserAgent: agents[r.IntN(len(agents))],
		Node: nodes[r.IntN(len(nodes))], Codecs: []domain.Codec{domain.H264, domain.Opus},
	}
}

// end ends a session after some minutes, with figures as such a session has.
func end(r *rand.Rand, s *domain.SessionRecord) {
	lasted := time.Duration(r.ExpFloat64() * float64(20*time.Minute)).Truncate(time.Microsecond)
	packets := uint64(lasted.Seconds() * 333)
	s.Ended, s.Reason = s.Started.Add(lasted), domain.EndedByClient
	s.Report = domain.SessionReport{
		RemoteCandidates: 1 + r.IntN(6), Pair: "udp host srflx", DTLS: "connected",
		ConnectedAfter: time.Duration(r.IntN(400)) * time.Millisecond, FirstMediaAfter: time.Duration(r.IntN(900)) * time.Millisecond,
		RoundTrip: time.Duration(r.IntN(90_000)) * time.Microsecond, Packets: packets, Bytes: packets * 1150,
		Keyframes: packets / 1000, Resent: packets / 500, Lost: packets / 400, Estimate: 4_000_000,
	}
}

// recordings is how many there are. They have the ids of sessions, in their order.
func (d Dataset) recordings() int { return d.sessions / 20 }

func (d Dataset) recording(i int) domain.Recording {
	s := d.session(20 * i)
	r := domain.Recording{
		ID: domain.RecordingID(s.ID), Room: s.Room, Session: s.ID, Subject: s.Subject, Key: domain.ObjectKey(s.Room) + "/" + domain.ObjectKey(s.ID),
		State: domain.RecordingStored, Started: s.Started, Ended: s.Started.Add(time.Hour), Stored: s.Started.Add(2 * time.Hour),
		Parts: []domain.Part{{
			File: "0001.mp4", Publisher: s.ID, Video: domain.H264, Audio: domain.Opus, Width: 1920, Height: 1080,
			Started: s.Started, Duration: time.Hour, Pictures: 108_000, Sounds: 180_000, Bytes: 1 << 30, SHA256: fmt.Sprintf("%064x", i),
		}},
	}
	if i%200 == 0 {
		r.State, r.Stored = domain.RecordingFailed, time.Time{}
		r.Failure = domain.Failure{During: domain.RecordingUploading, Reason: "the store refuses the upload", Attempts: 7, Next: s.Started}
	}
	return r
}
