package porttest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

// RoomsCutOff checks what ports.Rooms promises when connections break. open returns an
// empty store with its trail, and cut, which breaks every connection to the database at
// once; new ones can be made at once. cut may be called from any goroutine.
func RoomsCutOff(t *testing.T, open func(t *testing.T) (rooms ports.Rooms, audit ports.Audit, cut func())) {
	for name, promise := range map[string]func(*testing.T, registry, func()){
		"in an Update that makes a room":    roomCutMaking,
		"in an Update that changes a room":  roomCutChanging,
		"in an Update that deletes a room":  roomCutDeleting,
		"in Updates of many rooms at once":  roomCutMany,
		"between calls is no matter to any": roomCutBetween,
	} {
		t.Run(name, func(t *testing.T) {
			rooms, audit, cut := open(t)
			promise(t, registry{rooms, audit}, cut)
		})
	}
}

// cutUpdate has the connection break while an Update decides what is to be of the room.
func (r registry) cutUpdate(t *testing.T, name domain.RoomName, next *domain.ProvisionedRoom, cut func()) {
	t.Helper()
	err := r.Update(t.Context(), name, func(*domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
		cut()
		return next, []ports.AuditEntry{{At: noon, Act: "cut off"}}, nil
	})
	isAway(t, "Update", err)
	sameKept(t, "what is told of an Update that was cut off", nil, r.told(t))
}

func roomCutMaking(t *testing.T, r registry, cut func()) {
	next := withEverything("lobby")
	r.cutUpdate(t, "lobby", &next, cut)
	if _, err := r.Get(t.Context(), "lobby"); !errors.Is(err, domain.ErrRoomUnknown) {
		t.Errorf("Get after it: %v, want ErrRoomUnknown", err)
	}
	r.keep(t, next, ports.AuditEntry{At: noon, Act: "the next"})
	sameKept(t, "what the next Update has kept", next, r.kept(t, "lobby"))
	sameKept(t, "what it has told", []string{"the next"}, r.told(t))
}

func roomCutChanging(t *testing.T, r registry, cut func()) {
	r.keep(t, withEverything("lobby"))
	next := room("lobby", domain.RoomSettings{DisplayName: "cut off"})
	r.cutUpdate(t, "lobby", &next, cut)
	sameKept(t, "the room after it", withEverything("lobby"), r.kept(t, "lobby"))
	r.keep(t, next)
	sameKept(t, "what the next Update has kept", next, r.kept(t, "lobby"))
}

func roomCutDeleting(t *testing.T, r registry, cut func()) {
	r.keep(t, withEverything("lobby"))
	r.cutUpdate(t, "lobby", nil, cut)
	sameKept(t, "the room after it", withEverything("lobby"), r.kept(t, "lobby"))
	r.remove(t, "lobby")
	sameKept(t, "what is left", nil, r.names(t, ports.RoomQuery{}))
}

// roomCutMany has as many Updates in the middle as come in together, and cuts them all.
func roomCutMany(t *testing.T, r registry, cut func()) {
	const writers = 6
	names := []domain.RoomName{"a", "b", "c", "d", "e", "f"}
	once := sync.OnceFunc(cut)
	outcomes := make([]error, writers)
	atOnce(t, writers, func(i int) error {
		outcomes[i] = r.Update(t.Context(), names[i], func(*domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
			once()
			next := room(names[i], domain.RoomSettings{})
			return &next, []ports.AuditEntry{{At: noon, Act: string(names[i])}}, nil
		})
		return nil
	})
	cutOff := 0
	for i, err := range outcomes {
		_, get := r.Get(t.Context(), names[i])
		if err == nil && get != nil {
			t.Errorf("Update of %s returned nil, and Get of it %v", names[i], get)
		}
		if err != nil {
			isAway(t, "Update", err)
			cutOff++
		}
	}
	if cutOff == 0 {
		t.Error("no Update was cut off")
	}
	if kept, told := len(r.names(t, ports.RoomQuery{})), len(r.told(t)); kept != told {
		t.Errorf("%d rooms are kept, and %d are told of", kept, told)
	}
}

// roomCutBetween cuts when nobody is at work: whoever comes next makes a connection.
func roomCutBetween(t *testing.T, r registry, cut func()) {
	r.keep(t, withEverything("lobby"))
	cut()
	sameKept(t, "the room", withEverything("lobby"), r.kept(t, "lobby"))
	cut()
	sameKept(t, "the list", []domain.RoomName{"lobby"}, r.names(t, ports.RoomQuery{}))
	cut()
	r.keep(t, withEverything("lobby"), ports.AuditEntry{At: noon, Act: "first"})
	cut()
	record(t, r.audit, ports.AuditEntry{At: noon, Act: "second"})
	cut()
	sameKept(t, "the trail", []string{"first", "second"}, r.told(t))
}

// RecordingsCutOff checks what ports.Recordings promises when connections break. open
// returns what that of [RoomsCutOff] does.
func RecordingsCutOff(t *testing.T, open func(t *testing.T) (recordings ports.Recordings, outbox ports.Outbox, cut func())) {
	before := domain.Recording{ID: "A", Started: noon, Parts: []domain.Part{{File: "as it was"}}}
	after := domain.Recording{ID: "A", Started: noon, State: domain.RecordingStored}
	for name, c := range map[string]struct{ now, next *domain.Recording }{
		"in an Update that makes a recording":   {nil, &after},
		"in an Update that changes a recording": {&before, &after},
		"in an Update that deletes a recording": {&before, nil},
	} {
		t.Run(name, func(t *testing.T) {
			recordings, outbox, cut := open(t)
			a := archive{recordings, outbox}
			if c.now != nil {
				a.keep(t, *c.now)
			}
			update := func(during func()) error {
				return a.Update(t.Context(), "A", func(now *domain.Recording) (*domain.Recording, []ports.Delivery, error) {
					sameKept(t, "what decide was shown", c.now, now)
					during()
					return c.next, []ports.Delivery{delivery("A", 0)}, nil
				})
			}
			isAway(t, "Update", update(cut))
			sameKept(t, "what is due after it", nil, a.due(t))
			if err := update(func() {}); err != nil {
				t.Errorf("the next Update: %v", err)
			}
			sameKept(t, "what is due in the end", []ports.Delivery{delivery("A", 0)}, a.due(t))
		})
	}
}

// SessionsCutOff checks what ports.Sessions promises when connections break. open
// returns an empty store, and cut as that of [RoomsCutOff] does.
func SessionsCutOff(t *testing.T, open func(t *testing.T) (sessions ports.Sessions, cut func())) {
	t.Run("in a Keep, which keeps all or none", func(t *testing.T) {
		sessions, cut := open(t)
		keepCut(t, visitors{sessions}, cut)
	})
	t.Run("between calls is no matter to any", func(t *testing.T) {
		sessions, cut := open(t)
		v := visitors{sessions}
		v.keep(t, begun("A"))
		cut()
		v.keep(t, begun("B"))
		cut()
		v.holds(t, "a session", begun("A"))
		cut()
		sameKept(t, "the list", []domain.SessionID{"B", "A"}, v.ids(t, ports.SessionQuery{}))
		cut()
		v.abandon(t, "north", noon, 2)
		cut()
		v.forget(t, noon.Add(time.Hour), 10, 2)
	})
}

// keepCut cuts at any moment of Keeps, and sees what came of each; then all of them are
// kept once more, as whoever waits for the database does.
func keepCut(t *testing.T, v visitors, cut func()) {
	const rounds, each = 20, 100
	for i := range rounds {
		done := make(chan error, 1)
		go func() { done <- v.Keep(t.Context(), batch(each*i, each)) }()
		cut()
		err := <-done
		if err != nil {
			isAway(t, "Keep", err)
		}
		v.keptAllOrNone(t, each*i, each, err)
	}
	v.keep(t, batch(0, rounds*each)...)
	if got := len(v.ids(t, ports.SessionQuery{})); got != rounds*each {
		t.Errorf("%d sessions came to %d", rounds*each, got)
	}
}

func isAway(t *testing.T, call string, err error) {
	t.Helper()
	if !errors.Is(err, ports.ErrAway) {
		t.Errorf("%s that was cut off: %v, want ports.ErrAway", call, err)
	}
}
