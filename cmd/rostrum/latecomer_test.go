package main

import (
	"testing"
	"time"

	"rostrum/cmd/rostrum/clip"
)

// TestLatecomer has a viewer join some second after a key frame of a publisher that
// makes the next one three seconds later, whoever asks. It has its first picture at
// once, all of the pictures since that key frame, and is then no further behind than
// a viewer that was there before.
func TestLatecomer(t *testing.T) {
	const missingMost, behindMost = 15, 200 * time.Millisecond
	server := startServer(t)
	c, err := clip.Open("testdata/latecomer.webm")
	if err != nil {
		t.Fatal(err)
	}
	publishClip(t, server, "late", c)
	watch, chromium := server+"/watch/late#token="+testToken, browser(t)
	early, late := open(chromium, t, watch), open(chromium, t, "about:blank")
	late.onEveryPage(timeFirstPicture)

	key := early.awaitKeyframe()
	time.Sleep(time.Second) // nothing is waited for: this is what the latecomer misses
	late.navigate(watch)
	late.eventually(5*time.Second, `window.firstPicture`, "the latecomer sees a picture")
	if wait := late.waited(); wait > time.Second {
		t.Errorf("the first picture came %v after the answer, want 1 s or less", wait)
	}

	time.Sleep(2 * time.Second) // in which it would grow used to a delay
	earlyBefore, lateBefore := early.reception(), late.reception()
	time.Sleep(2 * time.Second)
	earlyNow, lateNow := early.reception(), late.reception()
	t.Logf("the latecomer %+v, the other viewer %+v", lateNow, earlyNow)
	if missing := earlyNow.Decoded - key.Decoded - lateNow.Decoded; missing > missingMost || missing < -missingMost {
		t.Errorf("the latecomer has decoded %d pictures, of %d since the key frame", lateNow.Decoded, earlyNow.Decoded-key.Decoded)
	}
	if lateNow.Freezes > 1 {
		t.Errorf("the latecomer's picture froze %d times", lateNow.Freezes)
	}
	if by := lateNow.held(lateBefore) - earlyNow.held(earlyBefore); by > behindMost {
		t.Errorf("the latecomer holds pictures back %v longer than another viewer, want %v or less", by, behindMost)
	}
}

// reception is how a page's video comes, by the names of webrtc-stats.
type reception struct {
	Decoded   int     `json:"framesDecoded"`
	Keyframes int     `json:"keyFramesDecoded"`
	Freezes   int     `json:"freezeCount"`
	Delay     float64 `json:"jitterBufferDelay"` // of all pictures emitted, in seconds
	Emitted   int     `json:"jitterBufferEmittedCount"`
}

// reception returns how the page's video has come so far.
func (p tab) reception() reception {
	p.t.Helper()
	return evaluate[reception](p, `(async () => {
		const report = await window.rostrum?.pc?.getStats() ?? new Map();
		return [...report.values()].find(s => s.type === "inbound-rtp" && s.kind === "video") ?? {};
	})()`)
}

// held returns how long a picture was held back on average after before.
func (r reception) held(before reception) time.Duration {
	pictures := max(r.Emitted-before.Emitted, 1)
	return time.Duration((r.Delay - before.Delay) / float64(pictures) * float64(time.Second))
}

// awaitKeyframe waits until the page, which has decoded some, decodes another key
// frame, and returns what it has received by then.
func (p tab) awaitKeyframe() (now reception) {
	p.t.Helper()
	waitFor(p.t, 15*time.Second, "a picture", func() bool { now = p.reception(); return now.Keyframes > 0 })
	before := now.Keyframes
	waitFor(p.t, 10*time.Second, "the next key frame", func() bool { now = p.reception(); return now.Keyframes > before })
	return now
}
