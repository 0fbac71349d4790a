package rig_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rostrum/cmd/rostrum/rig"
)

// More work than there are processors for is a delay, wherever that can be told.
func TestDelay(t *testing.T) {
	d := rig.WatchDelay()
	var over atomic.Bool
	var work sync.WaitGroup
	defer work.Wait()
	defer over.Store(true)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2*runtime.NumCPU() + 2))
	for range 2*runtime.NumCPU() + 2 {
		work.Go(func() {
			for !over.Load() { // it does nothing else
			}
		})
	}
	rig.Eventually(t, "a delay is told", func() bool { return d.Sum() > 100*time.Millisecond })
}
