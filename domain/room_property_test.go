package domain_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

// modelLimit is how many subscribers the model's room takes.
const modelLimit = 3

// model is what the room must agree with: who is in it and who is connected.
type model struct {
	publisher domain.SessionID
	inside    []domain.SessionID // subscribers
	connected map[domain.SessionID]bool
}

// observed is everything that a room lets out.
type observed struct {
	FanOut      domain.FanOut
	Publisher   domain.Publisher
	Publishing  bool
	Empty       bool
	Subscribers int
}

func observe(r *domain.Room) observed {
	p, ok := r.Publisher()
	return observed{r.FanOut(), p, ok, r.Empty(), r.Subscribers()}
}

// FuzzRoom takes a room through any sequence of operations on six session ids:
// after each one, what it says must agree with the model.
func FuzzRoom(f *testing.F) {
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
	r := domain.NewRoom("hall", domain.RoomSettings{MaxSubscribers: modelLimit})
	m := &model{connected: map[domain.SessionID]bool{}}
	for _, operation := range operations {
		before := observe(r)
		if err := m.step(t, r, operation); err != nil {
			if d := cmp.Diff(before, observe(r)); d != "" {
				t.Fatalf("refused with %v and changed:\n%s", err, d)
			}
		}
		m.check(t, observe(r))
	}
}

// step makes one operation on both; the low four bits say which, the high ones on
// which session.
func (m *model) step(t *testing.T, r *domain.Room, operation byte) error {
	id := domain.SessionID("abcdef"[operation>>4%6:][:1])
	known := m.publisher == id || slices.Contains(m.inside, id)
	switch operation & 15 {
	case 0, 1:
		if known {
			return nil // ids are never used twice
		}
		return m.accept(r.Publish(domain.Session{ID: id}), func() { m.publisher = id })
	case 2:
		return r.SetTracks(id, []domain.Track{sound, picture})
	case 3, 4, 5:
		if known {
			return nil
		}
		_, err := r.Subscribe(domain.Session{ID: id})
		return m.accept(err, func() { m.inside = append(m.inside, id) })
	case 6:
		return r.SetKinds(id, []domain.MediaKind{video})
	case 7, 8:
		return r.SetKinds(id, []domain.MediaKind{audio, video})
	case 9, 10:
		return m.accept(r.Connect(id), func() { m.connected[id] = true })
	case 11:
		return r.SetTrack(id, domain.Track{ID: "v", Codec: domain.H264, Layers: []domain.Layer{{ID: "h", Paused: true}, {ID: "l"}}})
	case 12, 13:
		m.left(t, r.Leave(id), id, known)
	case 14:
		if operation>>4 == 0 { // seldom: it ends everything
			m.left(t, r.Clear(), m.publisher, true)
			m.inside, m.connected = nil, map[domain.SessionID]bool{}
		}
	}
	return nil
}

func (m *model) accept(err error, then func()) error {
	if err == nil {
		then()
	}
	return err
}

// left takes out of the model what a leave must have ended, and holds it against
// what the room said.
func (m *model) left(t *testing.T, ended []domain.SessionID, id domain.SessionID, known bool) {
	var want []domain.SessionID
	switch {
	case known && id == m.publisher:
		if id != "" {
			want = append(want, id)
		}
		want = append(want, m.inside...)
		m.publisher, m.inside, m.connected = "", nil, map[domain.SessionID]bool{}
	case known:
		want = []domain.SessionID{id}
		m.inside = slices.DeleteFunc(m.inside, func(s domain.SessionID) bool { return s == id })
		delete(m.connected, id)
	}
	if !slices.Equal(ended, want) {
		t.Fatalf("leaving of %q ended %q, want %q", id, ended, want)
	}
}

func (m *model) check(t *testing.T, o observed) {
	if o.Publisher.ID != m.publisher || o.Publishing != (m.publisher != "") || o.FanOut.Publisher != m.publisher {
		t.Fatalf("publisher %q and %q in the fan-out, want %q", o.Publisher.ID, o.FanOut.Publisher, m.publisher)
	}
	if o.Subscribers != len(m.inside) || o.Subscribers > modelLimit || o.Empty != (m.publisher == "" && len(m.inside) == 0) {
		t.Fatalf("%d subscribers, empty %v, want those of %+v", o.Subscribers, o.Empty, m)
	}
	if m.publisher == "" && len(o.FanOut.Routes) > 0 {
		t.Fatalf("nobody publishes, and yet %+v", o.FanOut)
	}
	for _, route := range o.FanOut.Routes {
		for i, leg := range route.Legs {
			if !slices.Contains(m.inside, leg.Subscriber) || !m.connected[leg.Subscriber] {
				t.Fatalf("a leg for %q, which is not in the room or not connected: %+v", leg.Subscriber, m)
			}
			if slices.ContainsFunc(route.Legs[:i], func(l domain.Leg) bool { return l.Subscriber == leg.Subscriber }) {
				t.Fatalf("two legs for %q on one track", leg.Subscriber)
			}
		}
	}
}
