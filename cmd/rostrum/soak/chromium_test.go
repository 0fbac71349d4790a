//go:build soak

package soak

import (
	"context"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"
)

// watcher is a page of a Chromium of its own that watches a room.
type watcher struct {
	t   *testing.T
	ctx context.Context
}

// watch has a Chromium watch a room until the test is over.
func watch(t *testing.T, server, room string) watcher {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("this test needs Chromium: install it, on Debian by apt-get install chromium")
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-background-timer-throttling", true),
		chromedp.Flag("disable-backgrounding-occluded-windows", true),
		chromedp.Flag("disable-renderer-backgrounding", true),
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
	)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate(server+"/watch/"+room+"#token="+token)); err != nil {
		t.Fatalf("open the page of room %s: %v", room, err)
	}
	return watcher{t, ctx}
}

// sights is what the page has seen so far.
type sights struct {
	Decoded int     `json:"decoded"` // pictures
	Dropped int     `json:"dropped"` // decoded, and not shown
	Lost    int     `json:"lost"`    // packets, of sound and picture
	Frozen  float64 `json:"frozen"`  // seconds
	Energy  float64 `json:"energy"`  // of sound
	State   string  `json:"state"`   // of the page
}

// sees returns what the page has seen so far: nothing while it is not connected.
func (w watcher) sees() sights {
	w.t.Helper()
	const script = `(async () => {
		const sights = {decoded: 0, dropped: 0, lost: 0, frozen: 0, energy: 0, state: document.getElementById("main").dataset.state};
		const report = await window.rostrum?.pc?.getStats();
		for (const s of report?.values() ?? []) {
			if (s.type !== "inbound-rtp") continue;
			sights.lost += s.packetsLost ?? 0;
			if (s.kind === "audio") sights.energy = s.totalAudioEnergy ?? 0;
			if (s.kind !== "video") continue;
			sights.decoded = s.framesDecoded ?? 0;
			sights.dropped = s.framesDropped ?? 0;
			sights.frozen = s.totalFreezesDuration ?? 0;
		}
		return sights;
	})()`
	seen, err := chromedp.Run(w.ctx, chromedp.Evaluate[sights](script, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatalf("ask the page what it sees: %v", err)
	}
	return seen
}
