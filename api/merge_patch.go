package api

import (
	"encoding/json"
	"maps"
	"math"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// wanted is a member of a merge patch (RFC 7396): not given, null, or a value.
type wanted[T any] struct {
	given bool
	value *T // nil: null
}

// UnmarshalJSON is called for what is given, null too.
func (w *wanted[T]) UnmarshalJSON(text []byte) error {
	w.given = true
	return json.Unmarshal(text, &w.value)
}

// Schema documents the member.
func (w wanted[T]) Schema(registry huma.Registry) *huma.Schema {
	schema := registry.Schema(reflect.TypeFor[T](), false, "")
	schema.Nullable = true
	return schema
}

// wantedValue returns the type of the value of a wanted, and whether t is one.
func wantedValue(t reflect.Type) (reflect.Type, bool) {
	if t.Kind() != reflect.Struct {
		return nil, false
	}
	value, ok := t.FieldByName("value")
	return value.Type, ok
}

// over returns what the member makes of a value: null makes it the zero value.
func (w wanted[T]) over(now T) T {
	switch {
	case !w.given:
		return now
	case w.value == nil:
		var zero T
		return zero
	default:
		return *w.value
	}
}

// merge returns what a patch of texts makes of texts, which it does not change.
func merge(now map[string]string, patch wanted[map[string]*string]) map[string]string {
	if !patch.given {
		return now
	}
	merged := map[string]string{}
	if patch.value == nil {
		return merged
	}
	maps.Copy(merged, now)
	for key, value := range *patch.value {
		if value == nil {
			delete(merged, key)
		} else {
			merged[key] = *value
		}
	}
	return merged
}

// seconds returns so many seconds as a duration, the longest or the shortest that there
// is where it is none.
func seconds(s float64) time.Duration {
	switch ns := s * float64(time.Second); {
	case ns >= math.MaxInt64:
		return math.MaxInt64
	case ns <= math.MinInt64:
		return math.MinInt64
	default:
		return time.Duration(math.Round(ns))
	}
}
