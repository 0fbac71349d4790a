package main

import (
	"testing"
	"time"

	"rostrum/cmd/rostrum/clip"
	"rostrum/cmd/rostrum/rig"
)

// missingMost is how many pictures two viewers may differ by when they are asked one after the
// other.
const missingMost = 15

// TestLatecomer has a viewer join some second after a key frame of a publisher that
// makes the next one three seconds later, whoever asks. It has its first picture before
// that, all of the pictures since the key frame, and is then no further behind than a
// viewer that was there before.
func TestLatecomer(t *testing.T) {
	server := startServer(t)
	c, err := clip.Open("testdata/latecomer.webm")
	if err != nil {
		t.Fatal(err)
	}
	publishClip(t, server, "late", c)
	chromium := browser(t)
	early, late := open(chromium, t, server+"/watch/late#token="+testToken), open(chromium, t, server)
	key := joinLate(t, early, late, server+"/watch/late#token="+testToken)

	// The one is asked before and after the other: pictures go on meanwhile.
	least := early.reception().Received - key.Received
	got := late.reception().Received
	most := early.reception().Received - key.Received
	if got < least-missingMost || got > most+missingMost {
		t.Errorf("the latecomer has received %d pictures, of %d to %d since the key frame", got, least, most)
	}
	rig.Eventually(t, "the latecomer is no further behind, and its picture goes on", func() bool { return alike(late, early) })
}

// joinLate takes the late page to a stream, a second after a key frame that the early one
// has received, and waits for its first picture. It returns what the early one had
// received by that key frame. A machine that takes until the next key frame to load a
// page shows nothing: there it is done again.
func joinLate(t *testing.T, early, late tab, stream string) (key reception) {
	t.Helper()
	const next = 105 // pictures after a key frame the following one is on its way
	away := evaluate[string](late, "location.href")
	rig.Eventually(t, "a latecomer sees a picture before there is another key frame", func() bool {
		late.navigate(away)
		key = early.awaitKeyframe()
		time.Sleep(time.Second) // nothing is waited for: this is what the latecomer misses
		late.navigate(stream)
		late.eventually(`document.getElementById("video").videoWidth > 0`, "the latecomer sees a picture")
		return early.reception().Received < key.Received+next
	})
	return key
}

// alike reports whether one viewer shows as many pictures as another over the same two
// seconds, without a freeze, and holds them back no longer.
func alike(late, early tab) bool {
	const behindMost = 200 * time.Millisecond
	earlyBefore, lateBefore := early.reception(), late.reception()
	time.Sleep(2 * time.Second)
	earlyNow, lateNow := early.reception(), late.reception()
	late.t.Logf("the latecomer %+v, the other viewer %+v", lateNow, earlyNow)
	shown, others := lateNow.Decoded-lateBefore.Decoded, earlyNow.Decoded-earlyBefore.Decoded
	return shown > missingMost && shown >= others-missingMost && lateNow.Freezes == lateBefore.Freezes &&
		lateNow.held(lateBefore)-earlyNow.held(earlyBefore) <= behindMost
}

// reception is how a page's video comes, by the names of webrtc-stats.
type reception struct {
	Received  int     `json:"framesReceived"`
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
// frame, and returns what it had received by then.
func (p tab) awaitKeyframe() (now reception) {
	p.t.Helper()
	rig.Eventually(p.t, "a picture", func() bool { now = p.reception(); return now.Keyframes > 0 })
	before := now.Keyframes
	rig.Eventually(p.t, "the next key frame", func() bool { now = p.reception(); return now.Keyframes > before })
	return now
}
