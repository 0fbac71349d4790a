package recording

import (
	"net/http"
	"strings"
	"testing"

	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/objectserver"
)

// Whatever a store does on a bad day: publishing goes on, the recording waits, says
// why, and is stored when the day is over, once.
func TestStoreFaults(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]struct {
		begin func(b *bucket, t *testing.T)
		end   func(b *bucket, t *testing.T)
		says  string // in the reason of the failure; "": it must get by without one
	}{
		"down":                      {func(b *bucket, _ *testing.T) { b.Down() }, func(b *bucket, t *testing.T) { b.Up(t) }, "connect"},
		"busy (429) for a moment":   {refuse(http.StatusTooManyRequests, 3), calm, ""},
		"unwell (503) for a moment": {refuse(http.StatusServiceUnavailable, 3), calm, ""},
		"unwell (503) for long":     {refuse(http.StatusServiceUnavailable, always), calm, "503"},
		"credentials refused (401)": {refuse(http.StatusUnauthorized, always), calm, "credential"},
		"permission refused (403)":  {refuse(http.StatusForbidden, always), calm, "permission"},
		"bucket gone (404)":         {refuse(http.StatusNotFound, always), calm, "bucket"},
		"connection cut once":       {func(b *bucket, _ *testing.T) { b.Cut(1000, 1) }, calm, ""},
		"the answer is lost":        {func(b *bucket, _ *testing.T) { b.Lose(1) }, calm, ""},
		"lying about checksums":     {func(b *bucket, _ *testing.T) { b.Lie(objectserver.LieChecksum) }, calm, "checksum"},
		"slow, 200 kB a second":     {func(b *bucket, _ *testing.T) { b.Throttle(200_000) }, calm, ""},
	} {
		for store, open := range stores {
			t.Run(name+", "+store, func(t *testing.T) {
				t.Parallel()
				b, h := open(t), newHook(t)
				s := onBucket(t, b, h.flags()...)
				s.start()
				fault.begin(b, t)
				const seconds = 2
				s.publish("hall", clipFile(t, "libx264", seconds)).wait()
				if fault.says != "" {
					s.waitFailure(t, fault.says)
				}
				s.publish("hall", clipFile(t, "libx264", seconds)).wait() // goes on under the fault
				fault.end(b, t)
				s.retryAll()
				all := s.stored(2)
				for _, r := range all {
					if n := s.read(r); n < seconds*clipRate-unsent {
						t.Errorf("%d pictures are stored of %d", n, seconds*clipRate)
					}
				}
				b.holds(t, all)
				h.told(all)
			})
		}
	}
}

// always is more than any test makes requests.
const always = 1 << 30

func refuse(status, times int) func(*bucket, *testing.T) {
	return func(b *bucket, _ *testing.T) { b.Refuse(status, times) }
}

func calm(b *bucket, _ *testing.T) { b.Calm() }

// waitFailure waits until a recording says why it gets no further.
func (s *stand) waitFailure(t *testing.T, why string) {
	t.Helper()
	var reason string
	rig.Eventually(t, "the recording says "+why, func() bool {
		for _, r := range s.recordings() {
			if f := s.recording(r.ID).Failure; f != nil {
				reason = f.Reason
			}
		}
		return strings.Contains(strings.ToLower(reason), why)
	})
}

// retryAll has whatever has failed tried again now, as an operator would who has mended
// the store.
func (s *stand) retryAll() {
	s.t.Helper()
	for _, r := range s.recordings() {
		if r.State == "failed" {
			s.call(http.MethodPost, "/api/recordings/"+r.ID+"/retry")
		}
	}
}

// A receiver of events that is away gets them when it is back, each at least once.
func TestReceiverOfEventsAway(t *testing.T) {
	t.Parallel()
	h := newHook(t)
	h.refuse = 3
	s := newStand(t, h.flags()...)
	v := s.start()
	s.publish("hall", clipFile(t, "libvpx", 1)).wait()
	all := s.stored(1)
	v.says("event not taken", 1)
	v.kill() // the outbox outlives it
	s.start()
	h.told(all)
}

// The database of an earlier start is gone: the spool alone knows what there is.
func TestDatabaseForgets(t *testing.T) {
	t.Parallel()
	s := newStand(t, "--database.url", "memory:")
	v := s.start()
	s.publish("hall", clipFile(t, "libvpx", 20), "--retry=false")
	s.filmed("hall", 3)
	v.kill()
	s.start()
	if n := s.read(s.stored(1)[0]); n < 3*clipRate-lastSecond {
		t.Errorf("%d pictures are stored", n)
	}
}
