package domain_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

// modelLimit is how many subscribers the model's room takes.
const modelLimit = 3

// model is what the room must agree with: who is in it, who is connected, and what
// each sends or takes.
type model struct {
	publisher domain.SessionID
	subject   domain.Subject
	tracks    []domain.Track
	lost      bool
	inside    []domain.SessionID // subscribers
	codecs    map[domain.SessionID][]domain.Codec
	connected map[domain.SessionID]bool
}

// observed is everything that a room lets out.
type observed struct {
	FanOut      domain.FanOut
	Publisher   domain.Publisher
	Publishing  bool
	Empty       bool
	Awaiting    bool
	Subscribers int
	Status      domain.Status
}

func observe(r *domain.Room) observed {
	p, ok := r.Publisher()
	return observed{r.FanOut(), p, ok, r.Empty(), r.Awaiting(), r.Subscribers(), r.Status()}
}

// FuzzRoom takes a room through any sequence of operations on six session ids:
// after each one, what it says must agree with the model.
func FuzzRoom(f *testing.F) {
	f.Add([]byte{0x13, 0x17, 0x19, 0, 2, 15, 0x20, 0x22, 0x2f, 0x30, 0x32, 0x0b})
	f.Add([]byte{0, 1, 0x12, 0x13, 0x24, 0x34, 0x44, 0x0b, 5})
	f.Fuzz(func(t *testing.T, operations []byte) { playRoom(t, operations) })
}

func TestRoomKeepsItsInvariants(t *testing.T) {
	for seed := range uint64(200) {
		source := rand.New(rand.NewPCG(seed, 0))
		operations := make([]byte, 200)
		for i := range operations {
			operations[i] = byte(source.Uint32())
		}
		playRoom(t, operations)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func playRoom(t *testing.T, operations []byte) {
	r := domain.NewRoom("hall", domain.RoomRules{MaxSubscribers: modelLimit})
	m := newModel()
	for _, operation := range operations {
		before := observe(r)
		if err := m.step(t, r, operation); err != nil {
			if d := cmp.Diff(before, observe(r)); d != "" {
				t.Fatalf("refused with %v and changed:\n%s", err, d)
			}
		}
		m.check(t, r, observe(r))
	}
}

// step makes one operation on both; the low four bits say which, the high ones on
// which session. Sessions of even place are of one subject, the others of another.
func (m *model) step(t *testing.T, r *domain.Room, operation byte) error {
	place := operation >> 4 % 6
	id, subject := domain.SessionID("abcdef"[place:][:1]), domain.Subject("xy"[place%2:][:1])
	known := m.has(id)
	switch operation & 15 {
	case 0:
		if known {
			return nil // ids are never used twice
		}
		return m.accept(r.Publish(domain.Session{ID: id, Subject: subject}), func() { m.publishes(id, subject) })
	case 1:
		if known {
			return nil
		}
		return m.takeOver(t, r, domain.Session{ID: id, Subject: subject})
	case 2:
		if id == m.publisher {
			must(t, r.Connect(id))
			m.connected[id] = true
		}
		return m.setTracks(t, r, id, []domain.Track{sound, picture})
	case 3, 4, 5:
		if known {
			return nil
		}
		_, err := r.Subscribe(domain.Session{ID: id})
		return m.accept(err, func() { m.inside = append(m.inside, id) })
	case 6:
		return m.setCodecs(t, r, id, []domain.Codec{domain.VP8, domain.H264})
	case 7, 8:
		return m.setCodecs(t, r, id, both)
	case 9, 10:
		return m.accept(r.Connect(id), func() { m.connected[id] = true })
	case 11:
		return m.setTracks(t, r, id, []domain.Track{sound, {ID: "v", Codec: domain.H264, Layers: []domain.Layer{{ID: "h", Paused: true}, {ID: "l"}}}})
	case 12, 13:
		m.left(t, r.Leave(id), id, known)
	case 14:
		if operation>>4 == 0 { // seldom: it ends everything
			m.left(t, r.Clear(), m.publisher, true)
			*m = *newModel()
		}
	case 15:
		m.lose(t, r, id)
	}
	return nil
}

func (m *model) accept(err error, then func()) error {
	if err == nil {
		then()
	}
	return err
}
