package flow_test

import (
	"encoding/json"
	"sync"
	"sync/atomic"
	"testing"

	"rostrum/cmd/rostrum/flow"
)

// The first media is that of one caller, however many there are, and all of it counts.
func TestMediaIsCounted(t *testing.T) {
	var f flow.Flow
	if f.Began() {
		t.Error("it has begun before there was anything")
	}
	const callers = 50
	var first atomic.Int32
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			if f.Add(100) {
				first.Add(1)
			}
		})
	}
	all.Wait()
	if r := f.Result("lobby"); first.Load() != 1 || !f.Began() || r.Bytes != callers*100 {
		t.Errorf("%d were the first, and it tells %+v", first.Load(), r)
	}
}

// Where nothing has come about, scripts find every figure that they count with.
func TestResultOfNothing(t *testing.T) {
	told, err := json.Marshal((&flow.Flow{}).Result("lobby"))
	if want := `{"room":"lobby","reconnections":0,"seconds":0,"bytes":0}`; err != nil || string(told) != want {
		t.Errorf("it tells %s (%v), want %s", told, err, want)
	}
}
