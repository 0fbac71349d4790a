package porttest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rostrum/domain"
)

// crowd is how many call at once where more than one does.
const crowd = 4

// measured is one kind of call.
type measured struct {
	name    string
	prepare func(ctx context.Context, r *rand.Rand) error        // its time is not counted; nil: nothing to do
	call    func(ctx context.Context, r *rand.Rand) (int, error) // returns how many rows it was about
	empty   bool                                                 // it is about none
	alone   bool                                                 // it is made by one caller at a time, as prepare needs
}

// Measure runs every look-up, list and change on stores that Fill has filled, each with
// arguments drawn anew, by one caller and by four at once, and reports the median and the
// 99th percentile of a call. What only reads comes first.
func (d Dataset) Measure(b *testing.B, s Stores) {
	b.Helper()
	for _, m := range slices.Concat(d.lookUps(s), d.lists(s), d.changes(s)) {
		for _, callers := range []int{1, crowd} {
			if callers > 1 && m.alone {
				continue
			}
			b.Run(fmt.Sprintf("%s/at once=%d", m.name, callers), func(b *testing.B) { m.run(b, callers) })
		}
	}
}

func (m measured) run(b *testing.B, callers int) {
	took := make([]time.Duration, b.N)
	var next, rows atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for caller := range callers {
		wg.Go(func() {
			r := draw(ofCaller, b.N*crowd+caller)
			for i := next.Add(1) - 1; i < int64(b.N) && !b.Failed(); i = next.Add(1) - 1 {
				n, err := m.once(b, r, &took[i])
				if err != nil {
					b.Error(err)
				}
				rows.Add(int64(n))
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	if (rows.Load() == 0) != m.empty && b.N >= 100 {
		b.Errorf("%d calls were about %d rows", b.N, rows.Load())
	}
	slices.Sort(took)
	b.ReportMetric(took[b.N/2].Seconds()*1e3, "p50-ms")
	b.ReportMetric(took[b.N*99/100].Seconds()*1e3, "p99-ms")
	b.ReportMetric(float64(rows.Load())/float64(b.N), "rows/op")
}

// once makes one call, whose time alone counts.
func (m measured) once(b *testing.B, r *rand.Rand, took *time.Duration) (int, error) {
	if m.prepare != nil {
		b.StopTimer()
		err := m.prepare(b.Context(), r)
		b.StartTimer()
		if err != nil {
			return 0, err
		}
	}
	begun := time.Now()
	n, err := m.call(b.Context(), r)
	*took = time.Since(begun)
	return n, err
}

func (d Dataset) lookUps(s Stores) []measured {
	return []measured{
		lookUp("Rooms.Get", s.Rooms.Get, func(r *rand.Rand) domain.RoomName { return d.roomName(r.IntN(d.rooms)) }),
		missing("Rooms.Get, unknown", s.Rooms.Get, domain.ErrRoomUnknown, func(r *rand.Rand) domain.RoomName {
			return d.roomName(r.IntN(d.rooms)) + "x"
		}),
		lookUp("Sessions.Get", s.Sessions.Get, func(r *rand.Rand) domain.SessionID { return d.sessionID(r.IntN(d.sessions)) }),
		missing("Sessions.Get, unknown", s.Sessions.Get, domain.ErrSessionUnknown, func(r *rand.Rand) domain.SessionID {
			return domain.SessionID(text(r))
		}),
		lookUp("Recordings.Get", s.Recordings.Get, func(r *rand.Rand) domain.RecordingID {
			return domain.RecordingID(d.sessionID(20 * r.IntN(d.recordings())))
		}),
	}
}

func lookUp[K, V any](name string, get func(context.Context, K) (V, error), key func(*rand.Rand) K) measured {
	return measured{name: name, call: func(ctx context.Context, r *rand.Rand) (int, error) {
		_, err := get(ctx, key(r))
		return 1, err
	}}
}

func missing[K, V any](name string, get func(context.Context, K) (V, error), unknown error, key func(*rand.Rand) K) measured {
	return measured{name: name, empty: true, call: func(ctx context.Context, r *rand.Rand) (int, error) {
		if _, err := get(ctx, key(r)); !errors.Is(err, unknown) {
			return 0, fmt.Errorf("want %w, got %v", unknown, err)
		}
		return 0, nil
	}}
}

func (d Dataset) lists(s Stores) []measured {
	all := slices.Concat(
		listed("Rooms", s.Rooms.List, d.RoomLists()),
		listed("Sessions", s.Sessions.List, d.SessionLists()),
		listed("Recordings", s.Recordings.List, d.RecordingLists()))
	return append(all,
		measured{name: "Recordings.Count", call: func(ctx context.Context, _ *rand.Rand) (int, error) {
			counts, err := s.Recordings.Count(ctx)
			return len(counts), err
		}},
		measured{name: "Audit.List, in the middle", call: func(ctx context.Context, r *rand.Rand) (int, error) {
			entries, err := s.Audit.List(ctx, int64(somewhere(r, d.rooms)), PageSize)
			return len(entries), err
		}})
}

func listed[Q, P, T any](store string, list func(context.Context, Q, P, int) ([]T, error), cases []ListCase[Q, P]) (all []measured) {
	for _, c := range cases {
		all = append(all, measured{name: store + ".List, " + c.Name, call: func(ctx context.Context, r *rand.Rand) (int, error) {
			query, after := c.Draw(r)
			page, err := list(ctx, query, after, PageSize)
			return len(page), err
		}})
	}
	return all
}
