package porttest

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"rostrum/ports"
	"rostrum/ports/porttest/objectserver"
)

// OpenObjects returns an adapter that reaches a store at an endpoint, has its objects
// in that bucket, and tries what is passing again for so long within one call.
type OpenObjects func(t *testing.T, endpoint, bucket string, patience time.Duration) ports.Objects

// ObjectsUnderFaults checks what ports.Objects promises of a store beyond this
// process, server, while it or the network fails. Each fault stands in front of the
// real store, and when it is over the same adapter stores what it could not.
func ObjectsUnderFaults(t *testing.T, server *objectserver.Server, open OpenObjects) {
	for fault, row := range map[string]func(*testing.T, *faulty){
		"down, and back while Put is patient":                  downAndBack,
		"down for longer":                                      downForLonger,
		"restarted in the middle of an upload":                 restarted,
		"refusing with 401":                                    func(t *testing.T, f *faulty) { refusing(t, f, http.StatusUnauthorized, "credential", "permission") },
		"refusing with 403":                                    func(t *testing.T, f *faulty) { refusing(t, f, http.StatusForbidden, "credential", "permission") },
		"the bucket is not there":                              noBucket,
		"429 for a moment":                                     func(t *testing.T, f *faulty) { passing(t, f, http.StatusTooManyRequests) },
		"500 for a moment":                                     func(t *testing.T, f *faulty) { passing(t, f, http.StatusInternalServerError) },
		"503 for a moment":                                     func(t *testing.T, f *faulty) { passing(t, f, http.StatusServiceUnavailable) },
		"503 for longer":                                       unavailable,
		"the connection is cut in the middle, once":            cutOnce,
		"the connection is cut in the middle, again and again": cutAlways,
		"lying about checksums":                                func(t *testing.T, f *faulty) { lying(t, f, objectserver.LieChecksum) },
		"lying about sizes":                                    func(t *testing.T, f *faulty) { lying(t, f, objectserver.LieSize) },
		"an answer is lost after what it is about was done":    answersLost,
		"slow":                          slow,
		"silent until the context ends": silent,
		"cancelled in the middle of a slow upload": cancelledSlow,
	} {
		t.Run(fault, func(t *testing.T) {
			row(t, &faulty{Fault: objectserver.NewFault(t, server), bucket: server.Bucket(t), server: server, open: open})
		})
	}
}

// downAndBack gives Put time to find the store down, and is right also when that was
// too short.
func downAndBack(t *testing.T, f *faulty) {
	objects, s := f.objects(t, longPatience), newSample(t, 1, severalRequests)
	f.Down()
	done := began(t.Context(), objects, s)
	time.Sleep(300 * time.Millisecond)
	f.Up(t)
	if err := outcome(t, done); err != nil {
		t.Fatalf("Put: %v, want success", err)
	}
	f.holds(t, objects, s)
}

func downForLonger(t *testing.T, f *faulty) {
	for _, size := range []int64{oneRequest, severalRequests} {
		objects, s := f.objects(t, shortPatience), newSample(t, 1, size)
		f.Down()
		names(t, f.failure(t, objects, s), f.bucket, f.host())
		f.Up(t)
		f.recovers(t, objects, s)
		f.bucket = f.server.Bucket(t)
	}
}

func restarted(t *testing.T, f *faulty) {
	objects, s := f.objects(t, longPatience), newSample(t, 1, severalRequests)
	reached, resume := f.Halt(severalRequests / 2)
	done := began(t.Context(), objects, s)
	waitFor(t, reached, done)
	f.server.Stop(t)
	f.server.Start(t)
	resume()
	if err := outcome(t, done); err != nil {
		t.Fatalf("Put: %v, want success", err)
	}
	f.holds(t, objects, s)
}

func refusing(t *testing.T, f *faulty, status int, words ...string) {
	objects, s := f.objects(t, longPatience), newSample(t, 1, severalRequests)
	f.Refuse(status, objectserver.Always)
	names(t, f.failure(t, objects, s), words...)
	f.recovers(t, objects, s)
}

func noBucket(t *testing.T, f *faulty) {
	const missing = "bucket-that-nobody-made"
	objects := f.open(t, f.URL, missing, longPatience)
	for _, size := range []int64{oneRequest, severalRequests} {
		names(t, f.failure(t, objects, newSample(t, 1, size)), missing)
	}
}

// passing refuses some requests at the beginning and some in the middle.
func passing(t *testing.T, f *faulty, status int) {
	objects, s := f.objects(t, longPatience), newSample(t, 1, severalRequests)
	f.Refuse(status, 2)
	reached, resume := f.Halt(severalRequests / 2)
	done := began(t.Context(), objects, s)
	waitFor(t, reached, done)
	f.Refuse(status, 2)
	resume()
	if err := outcome(t, done); err != nil {
		t.Fatalf("Put: %v, want success", err)
	}
	f.holds(t, objects, s)
}

func unavailable(t *testing.T, f *faulty) {
	objects, s := f.objects(t, shortPatience), newSample(t, 1, severalRequests)
	f.Refuse(http.StatusServiceUnavailable, objectserver.Always)
	names(t, f.failure(t, objects, s), f.bucket, f.host())
	f.recovers(t, objects, s)
}

func cutOnce(t *testing.T, f *faulty) {
	objects, s := f.objects(t, longPatience), newSample(t, 1, severalRequests)
	f.Cut(midRequest, 1)
	f.succeeds(t, objects, s)
}

func cutAlways(t *testing.T, f *faulty) {
	objects, s := f.objects(t, shortPatience), newSample(t, 1, severalRequests)
	f.Cut(midRequest, objectserver.Always)
	names(t, f.failure(t, objects, s), f.bucket, f.host())
	f.recovers(t, objects, s)
}

// lying leaves open whether the object is there after Put: a store that lies may say
// so of anything.
func lying(t *testing.T, f *faulty, about objectserver.Lie) {
	for _, size := range []int64{oneRequest, severalRequests} {
		objects, s := f.objects(t, shortPatience), newSample(t, 1, size)
		f.Lie(about)
		if err := f.failure(t, objects, s); !errors.Is(err, ports.ErrChecksum) {
			t.Errorf("Put of %d bytes: %v, want ErrChecksum", size, err)
		}
		f.Calm()
		s.put(t, objects, faultyKey)
		f.holds(t, objects, s)
		f.bucket = f.server.Bucket(t)
	}
}

// answersLost loses the answer to each of the requests that a Put makes, one in each
// round.
func answersLost(t *testing.T, f *faulty) {
	for _, size := range []int64{oneRequest, severalRequests} {
		s := newSample(t, 1, size)
		for n, more := 1, true; more; n++ {
			objects := f.objects(t, longPatience)
			f.Lose(n)
			if err := outcome(t, began(t.Context(), objects, s)); err != nil {
				t.Errorf("Put of %d bytes, of which answer %d was lost: %v, want success", size, n, err)
			}
			more = f.Changes() >= n
			f.holds(t, objects, s)
			f.bucket = f.server.Bucket(t)
		}
	}
}

// slow takes longer than the adapter is patient, but never stops.
func slow(t *testing.T, f *faulty) {
	objects, s := f.objects(t, shortPatience), newSample(t, 1, oneRequest)
	f.Throttle(oneRequest / 4)
	f.succeeds(t, objects, s)
}

func silent(t *testing.T, f *faulty) {
	objects, s := f.objects(t, longPatience), newSample(t, 1, severalRequests)
	reached, _ := f.Halt(midRequest)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := began(ctx, objects, s)
	waitFor(t, reached, done)
	cancel()
	if err := outcome(t, done); !errors.Is(err, context.Canceled) {
		t.Errorf("Put: %v, want context.Canceled", err)
	}
	s.closed(t)
	f.recovers(t, objects, s)
}

func cancelledSlow(t *testing.T, f *faulty) {
	objects, s := f.objects(t, longPatience), newSample(t, 1, oneRequest)
	f.Throttle(oneRequest / 2)
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if err := outcome(t, began(ctx, objects, s)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Put: %v, want context.DeadlineExceeded", err)
	}
	s.closed(t)
	f.recovers(t, objects, s)
}
