// Package progress tells a person how far long work is: by one line that is rewritten on a
// terminal, by few lines elsewhere, so that no control code reaches a file or a pipe.
package progress

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

const (
	lineEvery = 5 * time.Second        // where lines stay
	drawEvery = 100 * time.Millisecond // on a terminal
)

// unknown is the length of work of which nobody knows how much there is: a spinner.
const unknown = -1

// Line is how far one piece of work is. Any number of goroutines may use it, and it starts
// none. What cannot be written is lost. A nil Line tells nobody.
type Line struct {
	out      io.Writer
	terminal bool

	mu    sync.Mutex
	phase string
	told  time.Time // where lines stay

	bar    *progressbar.ProgressBar // of the phase, on a terminal; nil: nothing is drawn
	length int                      // of the bar, unknown for a spinner
}

// New returns a Line on out, which is a command's error output: its results go elsewhere.
func New(out io.Writer) *Line {
	return &Line{out: out, terminal: IsTerminal(out) && os.Getenv("TERM") != "dumb"}
}

// IsTerminal reports whether a person sees what is written there, and nothing keeps it.
func IsTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// Terminal reports whether a person sees the line as it changes.
func (l *Line) Terminal() bool { return l != nil && l.terminal }

// Tell names what is being done, and says where it is.
func (l *Line) Tell(phase, text string) {
	l.draw(phase, text, unknown, func(bar *progressbar.ProgressBar) {
		bar.Describe(phase + ": " + text)
		_ = bar.Add(1) // turns the spinner
	})
}

// Count names what is being done, and of how many how many are done.
func (l *Line) Count(phase string, done, of int) {
	l.draw(phase, fmt.Sprintf("%d of %d", done, of), of, func(bar *progressbar.ProgressBar) { _ = bar.Set(done) })
}

// Say writes a line that stays.
func (l *Line) Say(text string) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.clear()
	_, _ = fmt.Fprintln(l.out, text)
}

// Write writes what a log says: lines that stay, above this one.
func (l *Line) Write(text []byte) (int, error) {
	l.Say(strings.TrimSuffix(string(text), "\n"))
	return len(text), nil
}

// End clears the line. Another Tell or Count begins a new one.
func (l *Line) End() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.clear()
}

func (l *Line) draw(phase, text string, length int, update func(*progressbar.ProgressBar)) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.terminal:
		if l.bar == nil || phase != l.phase || length != l.length {
			l.clear()
			l.bar, l.length = l.newBar(phase, length), length
		}
		update(l.bar)
	case phase != l.phase || time.Since(l.told) >= lineEvery:
		_, _ = fmt.Fprintf(l.out, "%s: %s\n", phase, text)
		l.told = time.Now()
	}
	l.phase = phase
}

// newBar returns a bar or a spinner. Neither has a goroutine of its own.
func (l *Line) newBar(phase string, length int) *progressbar.ProgressBar {
	options := []progressbar.Option{
		progressbar.OptionSetWriter(l.out),
		progressbar.OptionSetDescription(phase),
		progressbar.OptionSetSpinnerChangeInterval(0),
		progressbar.OptionSpinnerType(14),
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionThrottle(drawEvery),
		progressbar.OptionUseANSICodes(true),
		progressbar.OptionClearOnFinish(),
	}
	if length != unknown {
		options = append(options, progressbar.OptionShowCount())
	}
	return progressbar.NewOptions(length, options...)
}

func (l *Line) clear() {
	if l.bar != nil {
		_ = l.bar.Clear()
		l.bar = nil
	}
}
