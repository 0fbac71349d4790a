package porttest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"rostrum/domain"
	"rostrum/ports"
)

// Sizes of which each adapter sends the smaller in one request and the larger in
// several, and a place in the larger one that is not in its first request.
const (
	oneRequest      = 1 << 20
	severalRequests = 12 << 20
	lateRequest     = 9 << 20
)

func putSize(t *testing.T, objects ports.Objects, size int64) {
	s := newSample(t, 1, size)
	told := s.put(t, objects, "room/2026-01-02/RECORDING/part-1.mp4")
	if size >= severalRequests && !slices.ContainsFunc(told, func(done int64) bool { return 0 < done && done < size }) {
		t.Errorf("progress was %d, want something between 0 and %d", told, size)
	}
	s.stands(t, objects, "room/2026-01-02/RECORDING/part-1.mp4")
}

// putKeys has keys that file systems, URLs and signatures may each take for
// something else.
func putKeys(t *testing.T, objects ports.Objects) {
	keys := []domain.ObjectKey{
		"a", "-", "_", "=", "...", ".hidden", "room/...", "-rf/--", "Room/room/ROOM", "a=b/c==", "b..c/..d/e..",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ/abcdefghijklmnopqrstuvwxyz/0123456789/._=-", ".partial-1",
		domain.ObjectKey(strings.Repeat(strings.Repeat("long-", 8)+"/", 4) + strings.Repeat("x", 40)),
	}
	for i, key := range keys {
		if !key.Valid() {
			t.Fatalf("the suite's own key %q is none", key)
		}
		newSample(t, byte(i), int64(10+i)).put(t, objects, key)
	}
	for i, key := range keys {
		newSample(t, byte(i), int64(10+i)).stands(t, objects, key)
	}
}

// putAgain has other bytes under the checksums of the first ones: were the object
// written anew, or taken away, it would show.
func putAgain(t *testing.T, objects ports.Objects) {
	for key, size := range map[domain.ObjectKey]int64{"empty": 0, "small": 1000, "large": severalRequests} {
		s := newSample(t, 1, size)
		s.put(t, objects, key)
		s.put(t, objects, key)
		s.stands(t, objects, key)
		forged := newSample(t, 2, size)
		forged.content.SHA256, forged.content.CRC32C = s.content.SHA256, s.content.CRC32C
		_ = objects.Put(t.Context(), key, forged.content, func(int64) {})
		s.stands(t, objects, key)
	}
}

func putOther(t *testing.T, objects ports.Objects) {
	s := newSample(t, 1, 1000)
	s.put(t, objects, "key")
	for name, other := range map[string]*sample{
		"of the same size": newSample(t, 2, 1000), "longer": newSample(t, 1, 1001), "empty": newSample(t, 1, 0), "large": newSample(t, 2, severalRequests),
	} {
		if err := objects.Put(t.Context(), "key", other.content, func(int64) {}); !errors.Is(err, ports.ErrObjectDiffers) {
			t.Errorf("Put of other content, %s: %v, want ErrObjectDiffers", name, err)
		}
		s.stands(t, objects, "key")
	}
}

func putLies(t *testing.T, objects ports.Objects) {
	for _, size := range []int64{1000, severalRequests} {
		truth := newSample(t, 1, size)
		for name, lie := range map[string]struct {
			tell func(c *ports.Content)
			want error // nil for any
		}{
			"its checksums are others": {tell: func(c *ports.Content) { c.CRC32C++; c.SHA256 = newSample(t, 2, 10).content.SHA256 }, want: ports.ErrChecksum},
			"it is shorter":            {tell: func(c *ports.Content) { c.Size++ }},
			"it is longer":             {tell: func(c *ports.Content) { c.Size-- }},
		} {
			content := truth.content
			lie.tell(&content)
			err := objects.Put(t.Context(), "key", content, func(int64) {})
			if err == nil || lie.want != nil && !errors.Is(err, lie.want) {
				t.Errorf("Put of %d bytes where %s: %v, want %v", size, name, err, lie.want)
			}
			absent(t, objects, "key")
		}
		truth.closed(t)
	}
	newSample(t, 1, 1000).put(t, objects, "key")
}

func putUnreadable(t *testing.T, objects ports.Objects) {
	broken := errors.New("the disk is broken")
	for name, fail := range map[string]func(c *ports.Content){
		"at its beginning":  func(c *ports.Content) { c.Open = breaking(c.Open, 0, broken) },
		"in the middle":     func(c *ports.Content) { c.Open = breaking(c.Open, lateRequest, broken) },
		"before its end":    func(c *ports.Content) { c.Open = breaking(c.Open, c.Size-1, broken) },
		"when it is opened": func(c *ports.Content) { c.Open = func() (ports.SpoolFile, error) { return nil, broken } },
	} {
		s := newSample(t, 1, severalRequests)
		content := s.content
		fail(&content)
		if err := objects.Put(t.Context(), "key", content, func(int64) {}); !errors.Is(err, broken) {
			t.Errorf("Put of what cannot be read %s: %v, want the error of reading", name, err)
		}
		s.closed(t)
		absent(t, objects, "key")
	}
	newSample(t, 1, severalRequests).put(t, objects, "key")
}

func putManyAtOnce(t *testing.T, objects ports.Objects) {
	key := func(i int) domain.ObjectKey { return domain.ObjectKey(fmt.Sprintf("room/recording-%d/part-1.mp4", i)) }
	samples := make([]*sample, 8)
	for i := range samples {
		samples[i] = newSample(t, byte(i), int64(i)<<20)
	}
	atOnce(t, len(samples), func(i int) error {
		var p progress
		err := objects.Put(t.Context(), key(i), samples[i].content, p.note)
		p.ended(t, samples[i].content.Size)
		return err
	})
	for i, s := range samples {
		s.stands(t, objects, key(i))
		s.closed(t)
	}
}

func putOneAtOnce(t *testing.T, objects ports.Objects) {
	for key, size := range map[domain.ObjectKey]int64{"small": 1000, "large": severalRequests} {
		s := newSample(t, 1, size)
		atOnce(t, 3, func(int) error { return objects.Put(t.Context(), key, s.content, func(int64) {}) })
		s.stands(t, objects, key)
		s.closed(t)
	}
}

func putTwoAtOnce(t *testing.T, objects ports.Objects) {
	for key, size := range map[domain.ObjectKey]int64{"small": 1000, "large": severalRequests} {
		samples := []*sample{newSample(t, 1, size), newSample(t, 2, size)}
		outcomes := make([]error, len(samples))
		atOnce(t, len(samples), func(i int) error {
			outcomes[i] = objects.Put(t.Context(), key, samples[i].content, func(int64) {})
			return nil
		})
		winner := 0
		if outcomes[0] != nil {
			winner = 1
		}
		if outcomes[winner] != nil || !errors.Is(outcomes[1-winner], ports.ErrObjectDiffers) {
			t.Errorf("two contents under %s at once: %v, want one nil and one ErrObjectDiffers", key, outcomes)
		}
		samples[winner].stands(t, objects, key)
	}
}

func putCancelled(t *testing.T, objects ports.Objects) {
	for name, at := range map[string]int64{"before": -1, "at the beginning": 0, "in the middle": lateRequest, "at the end": severalRequests - 1} {
		s := newSample(t, 1, severalRequests)
		content := s.content
		ctx, cancel := context.WithCancel(t.Context())
		var cancelled atomic.Bool
		content.Open = watching(s.content.Open, at, func() error {
			cancel()
			cancelled.Store(true)
			return nil
		})
		if at < 0 {
			cancel()
		}
		if err := objects.Put(ctx, "key", content, func(int64) {}); !errors.Is(err, context.Canceled) {
			t.Errorf("Put, cancelled %s (%v): %v, want context.Canceled", name, cancelled.Load(), err)
		}
		cancel()
		s.closed(t)
		absent(t, objects, "key")
	}
	s := newSample(t, 1, severalRequests)
	s.put(t, objects, "key")
	s.stands(t, objects, "key")
}
