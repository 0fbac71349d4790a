package bench

import (
	"fmt"
	"io"

	"rostrum/cmd/rostrum/progress"
)

// Progress tells a person how far a measurement is. Any number of goroutines may use it. The zero value tells nobody.
type Progress struct{ line *progress.Line }

func newProgress(out io.Writer) *Progress { return &Progress{progress.New(out)} }

// tell names what is being done, and how far it is.
func (p *Progress) tell(phase, format string, values ...any) {
	p.line.Tell(phase, fmt.Sprintf(format, values...))
}

// count names what is being done, and of how many how many are done.
func (p *Progress) count(phase string, done, of int) { p.line.Count(phase, done, of) }

// warn says a line that stays.
func (p *Progress) warn(format string, values ...any) { p.line.Say(fmt.Sprintf(format, values...)) }

// end clears the line.
func (p *Progress) end() { p.line.End() }
