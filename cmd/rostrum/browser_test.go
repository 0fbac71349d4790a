package main

import (
	"context"
	"errors"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"rostrum/cmd/rostrum/rig"
)

// browser starts a Chromium of its own, with a camera that shows a moving picture
// and a microphone that beeps. It is ended with the test.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := findChromium()
	if err != nil {
		t.Fatal(err)
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.WindowSize(1100, 980),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-background-timer-throttling", true),
		chromedp.Flag("disable-backgrounding-occluded-windows", true),
		chromedp.Flag("disable-renderer-backgrounding", true),
		chromedp.Flag("use-fake-device-for-media-stream", true),
		chromedp.Flag("use-fake-ui-for-media-stream", true),
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
	)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return ctx
}

func findChromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("these tests need Chromium or Chrome on PATH: install it, on Debian by apt-get install chromium")
}

// tab is one page of a browser.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// open opens a page in a tab of its own.
func open(browser context.Context, t *testing.T, url string) tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		t.Fatalf("open %s: %v", url, err)
	}
	return tab{t, ctx}
}

// close closes the page as its user would.
func (p tab) close() {
	p.t.Helper()
	if err := chromedp.Cancel(p.ctx); err != nil {
		p.t.Fatalf("close the page: %v", err)
	}
}

// kill ends the page's whole browser by SIGKILL: it has no time to say anything.
func (p tab) kill() {
	p.t.Helper()
	if err := chromedp.FromContext(p.ctx).Browser.Process().Kill(); err != nil {
		p.t.Fatal(err)
	}
}

// do runs JavaScript, and waits for what it promises.
func (p tab) do(script string) {
	p.t.Helper()
	evaluate[any](p, "(async () => {"+script+"; return null})()")
}

// evaluate returns the value of an expression, or of what it promises.
func evaluate[T any](p tab, expression string) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("evaluate %.200s: %v", expression, err)
	}
	return value
}

// eventually waits until an expression is true in the page.
func (p tab) eventually(expression, what string) {
	p.t.Helper()
	for deadline := time.Now().Add(rig.Patience); !evaluate[bool](p, "Boolean("+expression+")"); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatalf("not within %v: %s; the page says: %s", rig.Patience, what, evaluate[string](p, `document.getElementById("main")?.innerText ?? document.body.innerText`))
		}
	}
}

// screenshot returns the page as PNG.
func (p tab) screenshot() []byte {
	p.t.Helper()
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	return png
}

// figures are a page's numbers of what it receives.
type figures struct {
	FramesDecoded int     `json:"framesDecoded"`
	Energy        float64 `json:"energy"`
	Codec         string  `json:"codec"`
}

// received returns what the page's connection has received so far.
func (p tab) received() figures {
	p.t.Helper()
	return evaluate[figures](p, `(async () => {
		const out = {framesDecoded: 0, energy: 0, codec: ""};
		const report = await window.rostrum.pc.getStats();
		for (const s of report.values()) {
			if (s.type !== "inbound-rtp") continue;
			if (s.kind === "video") {
				out.framesDecoded = s.framesDecoded ?? 0;
				out.codec = report.get(s.codecId)?.mimeType ?? "";
			} else out.energy = s.totalAudioEnergy ?? 0;
		}
		return out;
	})()`)
}

// framesSent returns how many pictures the page's connection has sent so far.
func (p tab) framesSent() int {
	p.t.Helper()
	return evaluate[int](p, `(async () => {
		const report = await window.rostrum.pc.getStats();
		return [...report.values()].reduce((n, s) => n + (s.type === "outbound-rtp" && s.kind === "video" ? s.framesSent ?? 0 : 0), 0);
	})()`)
}

// protocol returns what the page's connection runs over: udp or tcp.
func (p tab) protocol() string {
	p.t.Helper()
	return evaluate[string](p, `(async () => {
		const report = await window.rostrum.pc.getStats();
		const transport = [...report.values()].find(s => s.type === "transport");
		const pair = report.get(transport.selectedCandidatePairId);
		return report.get(pair?.remoteCandidateId)?.protocol ?? "";
	})()`)
}
