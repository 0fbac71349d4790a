package porttest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"rostrum/domain"
	"rostrum/ports"
)

// Objects checks what ports.Objects promises. open returns a store with nothing in
// it.
func Objects(t *testing.T, open func(t *testing.T) ports.Objects) {
	for name, promise := range map[string]func(*testing.T, ports.Objects){
		"Put/stores 0 bytes":                                           func(t *testing.T, o ports.Objects) { putSize(t, o, 0) },
		"Put/stores 1 byte":                                            func(t *testing.T, o ports.Objects) { putSize(t, o, 1) },
		"Put/stores 5 MiB less a byte":                                 func(t *testing.T, o ports.Objects) { putSize(t, o, 5<<20-1) },
		"Put/stores 20 MiB":                                            func(t *testing.T, o ports.Objects) { putSize(t, o, 20<<20) },
		"Put/takes every key that is one":                              putKeys,
		"Put/again leaves the object as it is":                         putAgain,
		"Put/of other content is ErrObjectDiffers and changes nothing": putOther,
		"Put/of content that is not what it is told to be":             putLies,
		"Put/of content that cannot be read is its error":              putUnreadable,
		"Put/of many objects at once":                                  putManyAtOnce,
		"Put/of one object at once is success for all":                 putOneAtOnce,
		"Put/of two contents at once is success for one":               putTwoAtOnce,
		"Put/cancelled before or in the middle leaves nothing":         putCancelled,
		"Stat/of what is not there is ErrNoObject":                     statMissing,
		"Open/reads from an offset so many bytes":                      openRanges,
		"Open/reads many ranges at once":                               openAtOnce,
		"URL/is none, or one that serves ranges":                       urlServes,
		"URL/names a download":                                         urlDownload,
		"Delete/removes one object, and nothing if it is not there":    deleteObject,
		"Delete/lets the key be used anew":                             deleteAnew,
		"a cancelled context/is the error of every call":               objectsCancelled,
	} {
		t.Run(name, func(t *testing.T) { promise(t, open(t)) })
	}
}

func statMissing(t *testing.T, objects ports.Objects) {
	newSample(t, 1, 10).put(t, objects, "room/recording/part-1.mp4")
	for _, key := range []domain.ObjectKey{"room", "room/recording", "room/recording/part-1", "room/recording/part-1.mp4x", "other/recording"} {
		absent(t, objects, key)
	}
}

func deleteObject(t *testing.T, objects ports.Objects) {
	s := newSample(t, 1, 10)
	keys := []domain.ObjectKey{"room/recording/part-1.mp4", "room/recording/part-2.mp4", "room/recording-2/part-1.mp4"}
	for _, key := range keys {
		s.put(t, objects, key)
	}
	for _, key := range []domain.ObjectKey{keys[0], keys[0], "room", "room/recording", "nothing", "nothing/at/all"} {
		if err := objects.Delete(t.Context(), key); err != nil {
			t.Errorf("Delete of %s: %v", key, err)
		}
	}
	absent(t, objects, keys[0])
	for _, key := range keys[1:] {
		s.stands(t, objects, key)
	}
}

func deleteAnew(t *testing.T, objects ports.Objects) {
	for i := range byte(3) {
		s := newSample(t, i, 1000)
		s.put(t, objects, "room/recording")
		s.stands(t, objects, "room/recording")
		if err := objects.Delete(t.Context(), "room/recording"); err != nil {
			t.Fatal(err)
		}
		absent(t, objects, "room/recording")
	}
}

func objectsCancelled(t *testing.T, objects ports.Objects) {
	s := newSample(t, 1, 1000)
	s.put(t, objects, "key")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, stat := objects.Stat(ctx, "key")
	_, opened := objects.Open(ctx, "key", 0, -1)
	for call, err := range map[string]error{
		"Put": objects.Put(ctx, "new", s.content, func(int64) {}), "Stat": stat, "Open": opened, "Delete": objects.Delete(ctx, "key"),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", call, err)
		}
	}
	s.stands(t, objects, "key")
	absent(t, objects, "new")
}

// absent fails unless there is nothing under a key.
func absent(t *testing.T, objects ports.Objects, key domain.ObjectKey) {
	t.Helper()
	if size, err := objects.Stat(t.Context(), key); !errors.Is(err, ports.ErrNoObject) {
		t.Errorf("Stat of %s, which is not there: %d, %v, want ErrNoObject", key, size, err)
	}
	r, err := objects.Open(t.Context(), key, 0, -1)
	if err == nil {
		_ = r.Close()
	}
	if !errors.Is(err, ports.ErrNoObject) {
		t.Errorf("Open of %s, which is not there: %v, want ErrNoObject", key, err)
	}
}

// reads fails unless a range of an object is want.
func reads(t *testing.T, objects ports.Objects, key domain.ObjectKey, offset, length int64, want []byte) {
	t.Helper()
	r, err := objects.Open(t.Context(), key, offset, length)
	if err != nil {
		t.Errorf("Open of %s, %d bytes from %d on: %v", key, length, offset, err)
		return
	}
	got, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil {
		t.Errorf("read %s, %d bytes from %d on: %v", key, length, offset, err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s has other bytes, %d of them, from %d on, want %d", key, len(got), offset, len(want))
	}
}
