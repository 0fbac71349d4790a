//go:build interop

package interop

import (
	"encoding/json"
	"io"
	"os/exec"
	"strconv"
	"testing"
	"time"
)

// browser is a Chromium or a Firefox with a fake camera and microphone, driven by
// clients/browser.mjs. One goroutine uses it.
type browser struct {
	commands io.Writer
	answers  *json.Decoder
	last     int
}

// page is one tab of a browser.
type page struct {
	t       *testing.T
	browser *browser
	id      int
}

// chromium starts a Chromium of the test's own.
func chromium(t *testing.T) *browser {
	t.Helper()
	return startBrowser(t, "chromium", "chromium", "chromium-browser", "google-chrome")
}

// firefox starts a Firefox of the test's own.
func firefox(t *testing.T) *browser {
	t.Helper()
	return startBrowser(t, "firefox", "firefox-esr", "firefox")
}

func startBrowser(t *testing.T, kind string, names ...string) *browser {
	t.Helper()
	cmd := exec.Command("node", "clients/browser.mjs", kind, lookAnyPath(t, names...))
	commands, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	answers, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	driver := start(t, cmd, nil)
	t.Cleanup(func() {
		_ = commands.Close() // tells it to end the browser
		driver.running.Wait()
	})
	return &browser{commands: commands, answers: json.NewDecoder(answers)}
}

// lookAnyPath returns where the first program that is installed is.
func lookAnyPath(t *testing.T, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatalf("none of %q is on PATH: docs/interop.md says what to install", names)
	panic("not reached")
}

// do has the driver carry out a command and decodes its answer's value into out.
func (b *browser) do(t *testing.T, command map[string]any, out any) {
	t.Helper()
	b.last++
	command["id"] = b.last
	if err := json.NewEncoder(b.commands).Encode(command); err != nil {
		t.Fatalf("the browser's driver is gone: %v", err)
	}
	var answer struct {
		Value json.RawMessage `json:"value"`
		Error string          `json:"error"`
	}
	if err := b.answers.Decode(&answer); err != nil {
		t.Fatalf("the browser's driver answered nothing: %v", err)
	}
	if answer.Error != "" {
		t.Fatalf("the browser refuses %v: %s", command, answer.Error)
	}
	if out == nil || answer.Value == nil {
		return
	}
	if err := json.Unmarshal(answer.Value, out); err != nil {
		t.Fatalf("the browser answered %s: %v", answer.Value, err)
	}
}

// open opens a page in a tab of its own.
func (b *browser) open(t *testing.T, url string) page {
	t.Helper()
	b.do(t, map[string]any{"open": url}, nil)
	return page{t, b, b.last}
}

// close closes the tab as its user would.
func (p page) close() {
	p.t.Helper()
	p.browser.do(p.t, map[string]any{"close": p.id}, nil)
}

// evaluate returns the value of a JavaScript expression, or of what it promises.
func evaluate[T any](p page, expression string) T {
	p.t.Helper()
	var value T
	p.browser.do(p.t, map[string]any{"page": p.id, "script": expression}, &value)
	return value
}

// eventually waits until a condition, which may await, holds in the page.
func (p page) eventually(limit time.Duration, condition, what string) {
	p.t.Helper()
	holds := evaluate[bool](p, `new Promise((resolve) => {
		const end = performance.now() + `+milliseconds(limit)+`;
		const look = async () => {
			if (`+condition+`) return resolve(true);
			if (performance.now() > end) return resolve(false);
			setTimeout(look, 20);
		};
		look();
	})`)
	if !holds {
		p.t.Fatalf("not within %v: %s; the page says: %s", limit, what, evaluate[string](p, `document.body.innerText`))
	}
}

// milliseconds writes a duration as JavaScript takes it.
func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
