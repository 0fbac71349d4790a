package rig

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Delay measures how long programs of this machine have had to wait for it. How fast
// something is can be judged by what is left without that time.
type Delay struct {
	began  time.Time
	before time.Duration
	known  bool
}

// WatchDelay begins to measure.
func WatchDelay() Delay {
	before, err := stalled()
	return Delay{began: time.Now(), before: before, known: err == nil}
}

// Sum returns for how long since WatchDelay any program has waited for a processor, the disk
// or memory, or the whole machine for its host. Where the system does not tell that, all of
// the time may be such.
func (d Delay) Sum() time.Duration {
	now, err := stalled()
	if !d.known || err != nil {
		return time.Since(d.began)
	}
	return now - d.before
}

// stalled returns that time since the machine started, by Linux's pressure stall information
// and the time that its host has stolen.
func stalled() (sum time.Duration, err error) {
	for _, resource := range []string{"cpu", "io", "memory"} {
		text, err := os.ReadFile(filepath.Join("/proc/pressure", resource))
		if err != nil {
			return 0, err
		}
		some, _, _ := strings.Cut(string(text), "\n")
		_, total, _ := strings.Cut(some, "total=")
		micros, err := strconv.ParseInt(total, 10, 64)
		if err != nil {
			return 0, err
		}
		sum += time.Duration(micros) * time.Microsecond
	}
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	const tick = time.Second / 100
	all, _, _ := strings.Cut(string(text), "\n")
	if fields := strings.Fields(all); len(fields) > 8 {
		ticks, err := strconv.ParseInt(fields[8], 10, 64)
		if err != nil {
			return 0, err
		}
		sum += time.Duration(ticks) * tick
	}
	return sum, nil
}
