package rig

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"sync"
)

// journalSize is how much of what a process says is kept.
const journalSize = 1 << 20

// raceReport begins each report of Go's race detector.
const raceReport = "WARNING: DATA RACE"

// Journal keeps the last MiB that was written to it. Any goroutine may use it.
type Journal struct {
	mu   sync.Mutex
	kept bytes.Buffer
}

var _ io.Writer = (*Journal)(nil)

// Write never fails.
func (j *Journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.kept.Write(b)
	if over := j.kept.Len() - journalSize; over > 0 {
		j.kept.Next(over)
	}
	return len(b), nil
}

// String returns what is kept.
func (j *Journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.kept.String()
}

// Count returns how often a text is in what is kept.
func (j *Journal) Count(text string) int { return strings.Count(j.String(), text) }

// Lines returns the lines of a text that hold one of the words.
func Lines(text string, words ...string) []string {
	var found []string
	for line := range strings.Lines(text) {
		if slices.ContainsFunc(words, func(word string) bool { return strings.Contains(line, word) }) {
			found = append(found, strings.TrimSuffix(line, "\n"))
		}
	}
	return found
}
