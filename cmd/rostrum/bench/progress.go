package bench

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// lineEvery is how often a phase that goes on is told where lines stay.
const lineEvery = 5 * time.Second

// Progress tells a person how far it is: by one line that is rewritten on a terminal, by a few lines elsewhere. Any number of
// goroutines may use it; what can't be written is lost. The zero value tells nobody.
type Progress struct {
	out      io.Writer
	terminal bool

	mu    sync.Mutex
	phase string
	told  time.Time
}

func newProgress(out io.Writer) *Progress {
	p := &Progress{out: out}
	if file, ok := out.(*os.File); ok {
		about, err := file.Stat()
		p.terminal = err == nil && about.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// tell names what is being done, and how far it is.
func (p *Progress) tell(phase, format string, values ...any) {
	if p.out == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	text := phase + ": " + fmt.Sprintf(format, values...)
	switch {
	case p.terminal:
		_, _ = fmt.Fprintf(p.out, "\r\x1b[K%s", text)
	case phase != p.phase || time.Since(p.told) >= lineEvery:
		_, _ = fmt.Fprintln(p.out, text)
		p.told = time.Now()
	}
	p.phase = phase
}

// warn says a line that stays.
func (p *Progress) warn(format string, values ...any) {
	p.end()
	if p.out != nil {
		_, _ = fmt.Fprintf(p.out, format+"\n", values...)
	}
}

// end clears the line.
func (p *Progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.terminal {
		_, _ = fmt.Fprint(p.out, "\r\x1b[K")
	}
}
