package main

import (
	"fmt"
	"math"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"rostrum/ports/porttest/webrtcpeer"
)

// exact is by how much a recording may be off in what it tells of time.
const exact = 100 * time.Millisecond

// TestRecordedBrowser has Chromium publish in every codec that it sends. What is stored
// is whole, lasts as long as the publication did, and plays in Chromium with seeking.
// ROSTRUM_TEST_PUBLICATION says how long is published.
func TestRecordedBrowser(t *testing.T) {
	length := 12 * time.Second
	if said := os.Getenv("ROSTRUM_TEST_PUBLICATION"); said != "" {
		var err error
		if length, err = time.ParseDuration(said); err != nil {
			t.Fatalf("ROSTRUM_TEST_PUBLICATION: %v", err)
		}
	}
	server := startServer(t)
	for _, codec := range []string{"VP8", "VP9", "H264", "AV1"} {
		t.Run(codec, func(t *testing.T) {
			t.Parallel()
			testRecorded(t, server, codec, length)
		})
	}
}

func testRecorded(t *testing.T, server, codec string, length time.Duration) {
	room, chromium := "recorded-"+codec, browser(t)
	w := newWitness(t, server, room)
	publisher := open(chromium, t, server+"/publish/"+room+"#token="+testToken)
	publisher.eventually(15*time.Second, `[...document.querySelectorAll("#codec option")].some(o => o.value === "`+codec+`")`, "the page offers "+codec)
	publisher.do(`document.getElementById("codec").value = "` + codec + `"; document.getElementById("start").click()`)
	publisher.eventually(30*time.Second, state("live"), "the publisher is live")
	time.Sleep(length)
	sent := publisher.framesSent()
	publisher.do(`document.getElementById("stop").click()`)
	seen := w.whole()

	r := storedOf(t, server, room)
	if n := r.pictures(); n < sent {
		t.Errorf("%d pictures are recorded, %d were sent", n, sent)
	}
	probes := make([]probed, len(r.Parts))
	for i, p := range r.Parts {
		if p.Video == nil || p.Video.Codec != codec || p.Audio == nil {
			t.Errorf("%s has %+v and %+v, want %s and sound", p.File, p.Video, p.Audio, codec)
		}
		probes[i] = p.read(t, server, r.ID)
	}
	for i, p := range r.Parts {
		fmt.Fprintf(os.Stderr, "DBG %s %s started +%v dur %v %+v first pic %v last pic %v end-of-part %v\n", room, p.File, p.Started.Sub(r.Parts[0].Started), p.Duration, *p.Video, probes[i].pictures[0], probes[i].pictures[len(probes[i].pictures)-1], p.Started.Sub(r.Parts[0].Started)+seconds(p.Duration))
	}
	if d := os.Getenv("KEEP"); d != "" {
		for _, p := range r.Parts {
			os.Rename(p.download(t, server, r.ID), d+"/"+codec+"-"+p.File)
		}
	}
	last := len(r.Parts) - 1
	lasts := r.Parts[last].Started.Add(probes[last].duration).Sub(r.Parts[0].Started)
	t.Logf("%d pictures, %d sent before the end; %d parts, to their end %v; the media came for %v", r.pictures(), sent, len(r.Parts), lasts, seen)
	fmt.Fprintln(os.Stderr, "DBG", room, "sub", seen, w.first.Sub(r.Parts[0].Started), w.last.Sub(r.Parts[0].Started))
	if (lasts - seen).Abs() > exact {
		t.Errorf("the recording lasts %v, the media came for %v", lasts, seen)
	}
	testPlayer(t, open(chromium, t, "about:blank"), server, r, probes)
}

// testPlayer plays a recording on its page, part by part.
func testPlayer(t *testing.T, p tab, server string, r recorded, probes []probed) {
	t.Helper()
	p.onEveryPage(noticePlayer)
	p.navigate(server + "/recordings?recording=" + r.ID + "#token=" + testToken)
	p.eventually(15*time.Second, fmt.Sprintf(`document.querySelectorAll("#parts button.part").length === %d`, len(r.Parts)), "the page shows every part")
	for i, part := range r.Parts {
		if i > 0 {
			p.do(fmt.Sprintf(`noticed.loaded = ""; document.querySelectorAll("#parts button.part")[%d].click()`, i))
		}
		p.eventually(15*time.Second, `noticed.loaded.includes("`+part.File+`")`, part.File+" is loaded")
		if said := seconds(evaluate[float64](p, "noticed.duration")); (said - probes[i].duration).Abs() > exact {
			t.Errorf("%s lasts %v in Chromium, %v by ffprobe", part.File, said, probes[i].duration)
		}
		for _, place := range []float64{0.25, 0.75, 0.5} {
			p.seek(part.File, probes[i], place)
		}
	}
	saveScreenshot(t, p, r.Room)
}

// noticePlayer has a page take note of what its player does.
const noticePlayer = `
	window.noticed = {loaded: "", duration: 0, seeked: 0, picture: -1};
	document.addEventListener("loadedmetadata", e => Object.assign(noticed, {loaded: e.target.currentSrc, duration: e.target.duration}), true);
	document.addEventListener("seeked", () => noticed.seeked++, true);
	document.addEventListener("DOMContentLoaded", () => {
		const player = document.getElementById("player");
		const next = (_, {mediaTime}) => (noticed.picture = mediaTime, player?.requestVideoFrameCallback(next));
		player?.requestVideoFrameCallback(next);
	});`

// seek goes to a place of the part that is loaded, and finds the picture there that is
// to be shown then.
func (p tab) seek(file string, media probed, place float64) {
	p.t.Helper()
	to := time.Duration(place * float64(media.duration))
	want := media.at(to)
	p.do(fmt.Sprintf(`
		const player = document.getElementById("player");
		player.pause();
		Object.assign(noticed, {seeked: 0, picture: -1});
		player.currentTime = %f`, to.Seconds()))
	p.eventually(20*time.Second, fmt.Sprintf(`noticed.seeked > 0 && Math.abs(noticed.picture - %f) <= %f`, want.Seconds(), exact.Seconds()),
		fmt.Sprintf("%s shows the picture of %v at %v", file, want, to))
	if now := seconds(evaluate[float64](p, `document.getElementById("player").currentTime`)); (now - to).Abs() > exact {
		p.t.Errorf("%s is at %v after a seek to %v", file, now, to)
	}
}

// witness is a subscriber that has been in the room before its publisher, and notes
// when media comes by its own clock.
type witness struct {
	peer        *webrtcpeer.Peer
	mu          sync.Mutex
	first, last time.Time
}

func newWitness(t *testing.T, server, room string) *witness {
	t.Helper()
	w := &witness{}
	w.peer = webrtcpeer.Subscriber(t, w.watch)
	connect(t, w.peer, server, "/api/whep/play/"+room)
	return w
}

func (w *witness) watch(track *webrtc.TrackRemote) {
	for {
		if _, _, err := track.ReadRTP(); err != nil {
			return
		}
		now := time.Now()
		w.mu.Lock()
		if w.first.IsZero() {
			w.first = now
		}
		w.last = now
		w.mu.Unlock()
	}
}

// whole waits for the end of the publication, and returns how long media came.
func (w *witness) whole() time.Duration {
	w.peer.WaitClosed()
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last.Sub(w.first)
}

func seconds(s float64) time.Duration { return time.Duration(math.Round(s * float64(time.Second))) }
