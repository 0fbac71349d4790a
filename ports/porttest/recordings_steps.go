package porttest

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rostrum/domain"
	"rostrum/ports"
)

// archive is a store of recordings and its outbox.
type archive struct {
	ports.Recordings
	ports.Outbox
}

var noon = time.Date(2026, time.March, 29, 12, 0, 0, 0, time.UTC)

// recordingID returns the id of a numbered recording; they sort as their numbers do.
func recordingID(i int) domain.RecordingID { return domain.RecordingID(fmt.Sprintf("R%03d", i)) }

// delivery returns one of the deliveries of a recording; those of lower number have
// waited longer.
func delivery(id domain.RecordingID, number int) ports.Delivery {
	return ports.Delivery{
		ID: domain.EventID(id), To: fmt.Sprintf("https://receiver-%d.example/hook", number),
		Body: []byte(`{"of":"` + string(id) + `"}`), Next: noon.Add(time.Duration(number) * time.Second),
	}
}

// keep makes a recording what it is given as, with something to deliver.
func (a archive) keep(t *testing.T, r domain.Recording, deliveries ...ports.Delivery) {
	t.Helper()
	err := a.Update(t.Context(), r.ID, func(*domain.Recording) (*domain.Recording, []ports.Delivery, error) {
		return &r, deliveries, nil
	})
	if err != nil {
		t.Fatalf("Update of %s: %v", r.ID, err)
	}
}

func (a archive) forget(t *testing.T, id domain.RecordingID) {
	t.Helper()
	err := a.Update(t.Context(), id, func(*domain.Recording) (*domain.Recording, []ports.Delivery, error) { return nil, nil, nil })
	if err != nil {
		t.Fatalf("Update of %s to nil: %v", id, err)
	}
}

func (a archive) kept(t *testing.T, id domain.RecordingID) domain.Recording {
	t.Helper()
	r, err := a.Get(t.Context(), id)
	if err != nil {
		t.Fatalf("Get of %s: %v", id, err)
	}
	return r
}

// attempt adds one to a recording's attempts, from 0 when there is no such recording.
func (a archive) attempt(ctx context.Context, id domain.RecordingID) error {
	return a.Update(ctx, id, func(now *domain.Recording) (*domain.Recording, []ports.Delivery, error) {
		if now == nil {
			now = &domain.Recording{ID: id, Started: noon}
		}
		now.Failure.Attempts++
		return now, nil, nil
	})
}

// due returns all that the outbox holds.
func (a archive) due(t *testing.T) []ports.Delivery {
	t.Helper()
	due, err := a.Due(t.Context(), noon.AddDate(100, 0, 0), math.MaxInt)
	if err != nil {
		t.Fatalf("Due: %v", err)
	}
	return due
}

// ids lists what a query is for, on one page.
func (a archive) ids(t *testing.T, query ports.RecordingQuery) []domain.RecordingID {
	t.Helper()
	return a.pages(t, query, math.MaxInt)
}

// pages lists every id, page by page, and fails when a page is too long.
func (a archive) pages(t *testing.T, query ports.RecordingQuery, limit int) (ids []domain.RecordingID) {
	t.Helper()
	var after ports.RecordingPlace
	for {
		page, err := a.List(t.Context(), query, after, limit)
		if err != nil {
			t.Fatalf("List behind %+v: %v", after, err)
		}
		if len(page) > limit {
			t.Fatalf("List of up to %d recordings has %d", limit, len(page))
		}
		if len(page) == 0 {
			return ids
		}
		if page[0].ID == after.ID {
			t.Fatalf("List behind %s begins with it", after.ID)
		}
		for _, r := range page {
			ids = append(ids, r.ID)
			after = ports.RecordingPlace{Started: r.Started, ID: r.ID}
		}
	}
}

// sameKept compares what is kept; whether a list of nothing is nil is nobody's business.
func sameKept[T any](t *testing.T, what string, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// fillEvery gives every field below v a value that none of the others has, and two
// elements to every slice and map.
func fillEvery(t *testing.T, v reflect.Value, name string) {
	t.Helper()
	count := 0
	var fill func(v reflect.Value, name string)
	fill = func(v reflect.Value, name string) {
		count++
		switch v.Kind() {
		case reflect.Bool:
			v.SetBool(true)
		case reflect.String:
			v.SetString("of " + name)
		case reflect.Int, reflect.Int64:
			v.SetInt(int64(1_000_000_007 + count))
		case reflect.Uint32:
			v.SetUint(uint64(math.MaxUint32 - count))
		case reflect.Uint64: // a store keeps what an int64 holds
			v.SetUint(uint64(math.MaxInt64 - count))
		case reflect.Uint8:
			v.SetUint(uint64(1 + count%math.MaxUint8))
		case reflect.Pointer:
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), name)
		case reflect.Map:
			v.Set(reflect.MakeMap(v.Type()))
			for i := range 2 {
				key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
				fill(key, fmt.Sprintf("key %d of %s", i, name))
				fill(value, fmt.Sprintf("value %d of %s", i, name))
				v.SetMapIndex(key, value)
			}
		case reflect.Array:
			for i := range v.Len() {
				fill(v.Index(i), fmt.Sprintf("%s[%d]", name, i))
			}
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			for i := range v.Len() {
				fill(v.Index(i), fmt.Sprintf("%s[%d]", name, i))
			}
		case reflect.Struct:
			if v.Type() == reflect.TypeFor[time.Time]() {
				v.Set(reflect.ValueOf(noon.Add(time.Duration(count) * time.Microsecond)))
				return
			}
			for f, field := range v.Fields() {
				fill(field, name+"."+f.Name)
			}
		default:
			t.Fatalf("%s is a %s: teach this test to fill it", name, v.Kind())
		}
	}
	fill(v, name)
}
