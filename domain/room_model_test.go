package domain_test

import (
	"errors"
	"slices"
	"testing"

	"rostrum/domain"
)

func newModel() *model {
	return &model{codecs: map[domain.SessionID][]domain.Codec{}, connected: map[domain.SessionID]bool{}}
}

func (m *model) has(id domain.SessionID) bool {
	return m.publisher == id && id != "" || slices.Contains(m.inside, id)
}

func (m *model) publishes(id domain.SessionID, subject domain.Subject) {
	m.publisher, m.subject, m.tracks = id, subject, nil
}

// takeOver must succeed for the present publisher's subject alone.
func (m *model) takeOver(t *testing.T, r *domain.Room, by domain.Session) error {
	old := m.publisher
	err := r.TakeOver(old, by)
	if (err == nil) != (old != "" && m.subject == by.Subject) || err != nil && !errors.Is(err, domain.ErrRoomBusy) {
		t.Fatalf("taking over %q of %q by %+v: %v", old, m.subject, by, err)
	}
	return m.accept(err, func() {
		m.drop(old)
		m.publishes(by.ID, by.Subject)
	})
}

func (m *model) lose(t *testing.T, r *domain.Room, id domain.SessionID) {
	was := m.publisher == id
	if got := r.Lose(id); got != was {
		t.Fatalf("losing %q: %v, want %v", id, got, was)
	}
	if was {
		m.drop(id)
	}
}

// drop takes a lost publisher out.
func (m *model) drop(id domain.SessionID) {
	m.lost = m.lost || m.connected[id]
	m.publisher, m.subject, m.tracks = "", "", nil
	delete(m.connected, id)
}

// setTracks says what a publisher sends, all at once or, for its second time, the
// picture alone. Those who have a place for a picture must be able to decode it.
func (m *model) setTracks(t *testing.T, r *domain.Room, id domain.SessionID, tracks []domain.Track) error {
	var dropped []domain.SessionID
	var err error
	if len(m.tracks) == 0 {
		if !m.connected[id] {
			return nil
		}
		dropped, err = r.SetTracks(id, tracks)
	} else {
		dropped, err = r.SetTrack(id, tracks[1])
	}
	if (err == nil) != (id == m.publisher) {
		t.Fatalf("tracks of %q: %v", id, err)
	}
	return m.accept(err, func() {
		m.tracks, m.lost = tracks, false
		want := m.incapable()
		if !slices.Equal(dropped, want) {
			t.Fatalf("%q cannot decode %v, want %q", dropped, tracks, want)
		}
		for _, s := range want {
			m.forget(s)
		}
	})
}

func (m *model) incapable() []domain.SessionID {
	var all []domain.SessionID
	for _, id := range m.inside {
		if !m.decodes(m.codecs[id]) {
			all = append(all, id)
		}
	}
	return all
}

// decodes is the rule in the model's small world, where all who have a place for
// sound take Opus, and there is one picture.
func (m *model) decodes(codecs []domain.Codec) bool {
	return len(codecs) == 0 || len(m.tracks) == 0 || slices.Contains(codecs, m.tracks[1].Codec)
}

func (m *model) setCodecs(t *testing.T, r *domain.Room, id domain.SessionID, codecs []domain.Codec) error {
	err := r.SetCodecs(id, codecs)
	if want := slices.Contains(m.inside, id) && m.decodes(codecs); (err == nil) != want {
		t.Fatalf("codecs %v of %q: %v", codecs, id, err)
	}
	return m.accept(err, func() { m.codecs[id] = codecs })
}

func (m *model) forget(id domain.SessionID) {
	m.inside = slices.DeleteFunc(m.inside, func(s domain.SessionID) bool { return s == id })
	delete(m.connected, id)
	delete(m.codecs, id)
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
		*m = *newModel()
	case known:
		want = []domain.SessionID{id}
		m.forget(id)
	}
	if !slices.Equal(ended, want) {
		t.Fatalf("leaving of %q ended %q, want %q", id, ended, want)
	}
}

func (m *model) check(t *testing.T, r *domain.Room, o observed) {
	if o.Publisher.ID != m.publisher || o.Publishing != (m.publisher != "") || o.FanOut.Publisher != m.publisher {
		t.Fatalf("publisher %q and %q in the fan-out, want %q", o.Publisher.ID, o.FanOut.Publisher, m.publisher)
	}
	if o.Subscribers != len(m.inside) || o.Subscribers > modelLimit || o.Empty != (m.publisher == "" && len(m.inside) == 0) {
		t.Fatalf("%d subscribers, empty %v, want those of %+v", o.Subscribers, o.Empty, m)
	}
	if o.Awaiting != (m.lost && m.publisher == "") {
		t.Fatalf("awaiting %v, want it of %+v", o.Awaiting, m)
	}
	for _, id := range []domain.SessionID{"", "a", "b", "c", "d", "e", "f"} {
		if r.Has(id) != m.has(id) {
			t.Fatalf("%q is in the room: %v, want it of %+v", id, r.Has(id), m)
		}
	}
	m.checkRoutes(t, o)
}

// checkRoutes holds the fan-out and the status against who is connected and takes
// what is sent.
func (m *model) checkRoutes(t *testing.T, o observed) {
	if len(o.FanOut.Routes) != len(m.tracks) {
		t.Fatalf("routes %+v, want one for each of %+v", o.FanOut.Routes, m.tracks)
	}
	for i, route := range o.FanOut.Routes {
		var want, got []domain.SessionID
		for _, id := range m.inside {
			if m.connected[id] && slices.Contains(m.codecs[id], m.tracks[i].Codec) {
				want = append(want, id)
			}
		}
		for _, leg := range route.Legs {
			got = append(got, leg.Subscriber)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("legs of %s for %q, want %q", route.Track.ID, got, want)
		}
	}
	want := domain.Status{Active: m.connected[m.publisher] && len(m.tracks) > 0}
	for _, id := range m.inside {
		if m.connected[id] {
			want.Viewers++
		}
	}
	if o.Status != want {
		t.Fatalf("status %+v, want %+v", o.Status, want)
	}
}
