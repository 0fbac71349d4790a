package app_test

import (
	"context"
	"errors"
	"path"
	"strings"
	"sync"
	"time"

	"rostrum/domain"
	"rostrum/ports"
)

var errAway = errors.New("connection refused")

// faults has calls of ports fail, or take their time, and remembers in which order they
// were made.
type faults struct {
	mu    sync.Mutex
	calls []string
	set   []*fault
}

// fault is what befalls calls whose names begin with call.
type fault struct {
	call  string
	left  int           // calls that it befalls; below zero: all, until it is mended
	pause time.Duration // before they are made, or until their context ends
	err   error
	do    func() // before they are made
}

// fail has the next calls fail.
func (f *faults) fail(call string, times int) { f.add(fault{call: call, left: times, err: errAway}) }

// slow has the next calls take their time.
func (f *faults) slow(call string, times int, pause time.Duration) {
	f.add(fault{call: call, left: times, pause: pause})
}

// before has something done before the next call.
func (f *faults) before(call string, do func()) { f.add(fault{call: call, left: 1, do: do}) }

func (f *faults) add(one fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.set = append(f.set, &one)
}

// mend has all calls succeed again.
func (f *faults) mend() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.set = nil
}

// pass takes note of a call and lets befall it what is set.
func (f *faults) pass(ctx context.Context, call string) error {
	f.mu.Lock()
	f.calls = append(f.calls, call)
	var met fault
	for _, one := range f.set {
		if one.left != 0 && strings.HasPrefix(call, one.call) {
			one.left--
			met = *one
			break
		}
	}
	f.mu.Unlock()
	if met.do != nil {
		met.do()
	}
	if met.pause == 0 {
		return met.err
	}
	select {
	case <-time.After(met.pause):
		return met.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// steps returns the calls made up to now that change something.
func (f *faults) steps() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var steps []string
	for _, c := range f.calls {
		switch verb, _, _ := strings.Cut(c, " "); verb {
		case "keep", "put", "delete", "finalize", "remove", "audit":
			steps = append(steps, c)
		}
	}
	return steps
}

// count returns how many calls were made whose names begin so.
func (f *faults) count(call string) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.calls {
		if strings.HasPrefix(c, call) {
			n++
		}
	}
	return n
}

// brokenSpool is the way to a spool.
type brokenSpool struct {
	ports.Spool
	*faults
}

func (s brokenSpool) Record(r domain.Recording, events ports.RecordingEvents) (ports.Take, error) {
	if err := s.pass(context.Background(), "record"); err != nil {
		return nil, err
	}
	take, err := s.Spool.Record(r, events)
	return brokenTake{take, s.faults}, err
}

// brokenTake is a take whose disk is slow in the end.
type brokenTake struct {
	ports.Take
	*faults
}

func (t brokenTake) Close() {
	_ = t.pass(context.Background(), "close")
	t.Take.Close()
}

func (s brokenSpool) Finalize(ctx context.Context, id domain.RecordingID) (domain.Recording, error) {
	if err := s.pass(ctx, "finalize"); err != nil {
		return domain.Recording{}, err
	}
	return s.Spool.Finalize(ctx, id)
}

func (s brokenSpool) Search(ctx context.Context) ([]domain.Recording, []string, error) {
	found, foreign, err := s.Spool.Search(ctx)
	if fault := s.pass(ctx, "search"); fault != nil {
		return nil, nil, fault
	}
	return found, foreign, err
}

func (s brokenSpool) Open(id domain.RecordingID, file string) (ports.SpoolFile, error) {
	if err := s.pass(context.Background(), "read "+file); err != nil {
		return nil, err
	}
	return s.Spool.Open(id, file)
}

func (s brokenSpool) Remove(id domain.RecordingID) error {
	if err := s.pass(context.Background(), "remove"); err != nil {
		return err
	}
	return s.Spool.Remove(id)
}

// brokenObjects is the way to a store.
type brokenObjects struct {
	ports.Objects
	*faults
}

func (o brokenObjects) Put(ctx context.Context, key domain.ObjectKey, content ports.Content, progress func(int64)) error {
	if err := o.pass(ctx, "put "+path.Base(string(key))); err != nil {
		return err
	}
	var broken error
	err := o.Objects.Put(ctx, key, content, func(done int64) {
		progress(done)
		broken = errors.Join(broken, o.pass(ctx, "progress"))
	})
	return errors.Join(err, broken)
}

func (o brokenObjects) Delete(ctx context.Context, key domain.ObjectKey) error {
	if err := o.pass(ctx, "delete "+path.Base(string(key))); err != nil {
		return err
	}
	return o.Objects.Delete(ctx, key)
}

// URL signs what begins with https alone, as no store on a disk does.
func (o brokenObjects) URL(ctx context.Context, key domain.ObjectKey, expires time.Duration, download string) (string, error) {
	if err := o.pass(ctx, "url"); errors.Is(err, errSigned) {
		return "https://store.example/" + string(key) + "?expires=" + expires.String() + "&name=" + download, nil
	} else if err != nil {
		return "", err
	}
	return o.Objects.URL(ctx, key, expires, download)
}

// errSigned is a fault that has URL give out one.
var errSigned = errors.New("signed")

// brokenRecordings is the way to the rows. A change is called by the state that it
// comes to, and fails as a whole.
type brokenRecordings struct {
	ports.Recordings
	*faults
}

func (r brokenRecordings) Get(ctx context.Context, id domain.RecordingID) (domain.Recording, error) {
	if err := r.pass(ctx, "get"); err != nil {
		return domain.Recording{}, err
	}
	return r.Recordings.Get(ctx, id)
}

func (r brokenRecordings) List(ctx context.Context, query ports.RecordingQuery, after ports.RecordingPlace, limit int) ([]domain.Recording, error) {
	if err := r.pass(ctx, "list"); err != nil {
		return nil, err
	}
	return r.Recordings.List(ctx, query, after, limit)
}

func (r brokenRecordings) Update(ctx context.Context, id domain.RecordingID, decide func(*domain.Recording) (*domain.Recording, []ports.Delivery, error)) error {
	return r.Recordings.Update(ctx, id, func(now *domain.Recording) (*domain.Recording, []ports.Delivery, error) {
		next, deliveries, err := decide(now)
		if err != nil {
			return nil, nil, err
		}
		to := "nothing"
		if next != nil {
			to = string(next.State)
		}
		return next, deliveries, r.pass(ctx, "keep "+to)
	})
}

// brokenOutbox is the way to an outbox.
type brokenOutbox struct {
	ports.Outbox
	*faults
}

func (o brokenOutbox) Due(ctx context.Context, now time.Time, limit int) ([]ports.Delivery, error) {
	if err := o.pass(ctx, "due"); err != nil {
		return nil, err
	}
	return o.Outbox.Due(ctx, now, limit)
}

func (o brokenOutbox) Delivered(ctx context.Context, id domain.EventID, to string) error {
	if err := o.pass(ctx, "delivered"); err != nil {
		return err
	}
	return o.Outbox.Delivered(ctx, id, to)
}

// brokenAudit is the way to an audit trail.
type brokenAudit struct {
	ports.Audit
	*faults
}

func (a brokenAudit) Record(ctx context.Context, entries ...ports.AuditEntry) error {
	if err := a.pass(ctx, "audit"); err != nil {
		return err
	}
	return a.Audit.Record(ctx, entries...)
}
