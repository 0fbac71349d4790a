package main

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"rostrum/api/client"
	"rostrum/cmd/rostrum/clip"
	"rostrum/cmd/rostrum/publish"
	"rostrum/cmd/rostrum/rig"
)

// timeFirstPicture has a page remember when its first picture was there. What loads
// first may be sound.
const timeFirstPicture = `document.addEventListener("resize", e => { if (e.target.videoWidth > 0) window.firstPicture ??= performance.now() }, true)`

// TestDemo sends the built-in clip as "rostrum publish --demo" does, and watches
// it: the first picture is there within a second of the answer, where the machine has time
// for it, and picture and sound go on over the seam of the loop.
func TestDemo(t *testing.T) {
	server := startServer(t)
	publishDemo(t, server, "demo")

	viewer := open(browser(t), t, "about:blank")
	viewer.onEveryPage(timeFirstPicture)
	delay := rig.WatchDelay()
	viewer.navigate(server + "/watch/demo#token=" + testToken)
	viewer.eventually(state("live")+` && window.firstPicture`, "the viewer sees a picture")
	if wait, busy := viewer.waited(), delay.Sum(); wait-busy > time.Second {
		t.Errorf("the first picture came %v after the answer, want 1 s or less; the machine was busy for %v", wait, busy)
	}
	checkPlaying(t, viewer, "video/VP8")
	saveScreenshot(t, viewer, "demo")

	time.Sleep(clipLength(t)) // whatever part of the clip it is in, it passes the seam
	checkPlaying(t, viewer, "video/VP8")
}

// publishDemo publishes the built-in clip until the test ends.
func publishDemo(t *testing.T, server, room string) {
	t.Helper()
	demo, err := clip.Demo()
	if err != nil {
		t.Fatal(err)
	}
	publishClip(t, server, room, demo)
}

// publishClip publishes a clip again and again until the test ends, then closes it.
func publishClip(t *testing.T, server, room string, c *clip.Clip) {
	t.Helper()
	at, err := client.New(server, client.Bearer(testToken))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var publishing sync.WaitGroup
	publishing.Go(func() {
		_, err := publish.Run(ctx, publish.Options{
			Server: at, Room: room, Clip: c, Loop: true, Retry: true,
			Log: slog.New(slog.NewTextHandler(testWriter{t}, nil)),
		})
		if err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		stop()
		publishing.Wait()
		at.CloseIdleConnections()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}

// clipLength is how long the built-in clip is.
func clipLength(t *testing.T) time.Duration {
	t.Helper()
	demo, err := clip.Demo()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = demo.Close() }()
	var length time.Duration
	for {
		s, err := demo.Next()
		if err != nil {
			return length
		}
		length = max(length, s.PTS+s.Duration)
	}
}

// waited returns how long the page's first picture has come after the answer; the page
// must have timed it.
func (p tab) waited() time.Duration {
	p.t.Helper()
	ms := evaluate[float64](p, `(() => {
		const answers = performance.getEntriesByType("resource").filter(e => e.name.includes("/api/whep/play/"));
		return window.firstPicture - answers.at(-1).responseEnd;
	})()`)
	p.t.Logf("first picture %.0f ms after the answer", ms)
	return time.Duration(ms * float64(time.Millisecond))
}

// navigate takes the tab to another page.
func (p tab) navigate(url string) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.Navigate(url)); err != nil {
		p.t.Fatal(err)
	}
}

// onEveryPage runs JavaScript in every page of the tab before the page's own.
func (p tab) onEveryPage(script string) {
	p.t.Helper()
	_, err := chromedp.Run(p.ctx, func(ctx context.Context, target *chromedp.Target) (page.ScriptIdentifier, error) {
		added, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return added.Identifier, err
	})
	if err != nil {
		p.t.Fatal(err)
	}
}
