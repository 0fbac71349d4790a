package main

import (
	"fmt"
	"math"
	"os"
	"testing"
	"time"
)

// exact is by how much a recording may be off in what it tells of time.
const exact = 100 * time.Millisecond

// settled is when a publication has told how its clocks go together: Chromium reports
// that of sound every 2.5 to 7.5 s. Up to then pictures may be moved.
const settled = 8 * time.Second

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
	publisher.eventually(`[...document.querySelectorAll("#codec option")].some(o => o.value === "`+codec+`")`, "the page offers "+codec)
	publisher.do(`document.getElementById("codec").value = "` + codec + `"; document.getElementById("start").click()`)
	publisher.eventually(state("live"), "the publisher is live")
	time.Sleep(length)
	// First the media ends and then the session, or the one of witness and recorder would
	// have a packet of the last that the other one has not.
	publisher.do(`await Promise.all(window.rostrum.pc.getSenders().map((sender) => sender.replaceTrack(null)))`)
	w.settle(t)
	publisher.do(`document.getElementById("stop").click()`)
	pictures, sounds := w.all()

	r := storedOf(t, server, room)
	var probes []probed
	for _, p := range r.Parts {
		if p.Video.Codec != codec && p.Video.Pictures > 0 { // sound may be alone until the first picture comes
			t.Errorf("%s has pictures in %s, want %s", p.File, p.Video.Codec, codec)
		}
		probes = append(probes, p.read(t, server, r.ID))
	}
	checkWhole(t, r, probes, pictures, sounds)
	testPlayer(t, open(chromium, t, "about:blank"), server, r, probes)
}

// checkWhole checks that a recording is what its witness saw: every picture, and as long
// by the clock on the wall and by the publisher's.
func checkWhole(t *testing.T, r recorded, probes []probed, pictures, sounds []came) {
	t.Helper()
	if len(pictures) < 2 {
		t.Fatalf("the witness saw %d pictures", len(pictures))
	}
	wall, last := lasted(pictures, sounds), len(r.Parts)-1
	lasts := r.Parts[last].Started.Add(probes[last].duration).Sub(r.Parts[0].Started)
	t.Logf("%d pictures in %d parts until %v, the witness saw %d for %v", r.pictures(), len(r.Parts), lasts, len(pictures), wall)
	// A part begins when its first picture has come, which on a machine that is busy with
	// other tests may have been on its way for long: there it is told, and not judged.
	if byHand := os.Getenv("ROSTRUM_TEST_PUBLICATION") != ""; byHand && (lasts-wall).Abs() > exact*time.Duration(len(r.Parts))+stood(sounds) {
		t.Errorf("the recording lasts %v in %d parts, its media came for %v", lasts, len(r.Parts), wall)
	}
	if n := r.pictures(); n > len(pictures) || n < len(pictures)-1 { // of the last, packets may be missing
		t.Fatalf("%d pictures are recorded, the witness saw %d", n, len(pictures))
	}
	for i, p := range r.Parts {
		heard := min(p.Audio.Packets, len(sounds))
		checkTimes(t, p, probes[i], pictures, sounds[:heard])
		pictures, sounds = pictures[p.Video.Pictures:], sounds[heard:]
	}
}

// checkTimes checks a part by what its witness saw, of which the pictures begin with
// those of the part and the sounds are its own: all is when the publisher says, but for
// what its sound has stood still.
func checkTimes(t *testing.T, p recordedPart, media probed, pictures, sounds []came) {
	t.Helper()
	var off, soundOff, end time.Duration
	for i, last := 0, len(media.pictures)-1; i <= last; i++ {
		if pictures[i].claimed >= settled {
			off = max(off, (media.pictures[last] - media.pictures[i] - (pictures[last].claimed - pictures[i].claimed)).Abs())
		}
		end = max(end, media.pictures[i])
	}
	if n := len(media.sounds) - 1; n >= 0 {
		soundOff = (media.sounds[n] - media.sounds[0] - (sounds[len(sounds)-1].claimed - sounds[0].claimed)).Abs()
		end = max(end, media.sounds[n])
	}
	t.Logf("%s, %s %dx%d, lasts %v; its pictures are off by %v at most once settled, its sound by %v, and that stood still for %v",
		p.File, p.Video.Codec, p.Video.Width, p.Video.Height, media.duration, off, soundOff, stood(sounds))
	if after := media.duration - end; after < 0 || after > exact {
		t.Errorf("%s lasts %v, the last of its media begins at %v", p.File, media.duration, end)
	}
	if allowed := exact + stood(sounds); off > allowed || soundOff > allowed {
		t.Errorf("%s shows a picture %v too early or too late, and its sound is %v too long or too short", p.File, off, soundOff)
	}
}

// testPlayer plays a recording on its page, part by part.
func testPlayer(t *testing.T, p tab, server string, r recorded, probes []probed) {
	t.Helper()
	p.onEveryPage(noticePlayer)
	p.navigate(server + "/recordings?recording=" + r.ID + "#token=" + testToken)
	p.eventually(fmt.Sprintf(`document.querySelectorAll("#parts button.part").length === %d`, len(r.Parts)), "the page shows every part")
	for i, part := range r.Parts {
		if i > 0 {
			p.do(fmt.Sprintf(`noticed.loaded = ""; document.querySelectorAll("#parts button.part")[%d].click(); document.getElementById("player").pause()`, i))
		}
		p.eventually(`noticed.loaded.includes("`+part.File+`")`, part.File+" is loaded")
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
	window.noticed = {loaded: "", duration: 0, seeked: 0, picture: -1, asked: 0};
	window.seek = (to) => {
		const player = document.getElementById("player");
		player.pause();
		Object.assign(noticed, {seeked: 0, picture: -1, asked: Date.now()});
		player.currentTime = to;
	};
	document.addEventListener("loadedmetadata", e => Object.assign(noticed, {loaded: e.target.currentSrc, duration: e.target.duration}), true);
	document.addEventListener("seeked", () => noticed.seeked++, true);
	document.addEventListener("DOMContentLoaded", () => {
		const player = document.getElementById("player");
		const next = (_, {mediaTime}) => (noticed.picture = mediaTime, player?.requestVideoFrameCallback(next));
		player?.requestVideoFrameCallback(next);
	});`

// seek goes to a place of the part that is loaded, and finds the picture there that is
// to be shown then. A browser that has a lot to do does not tell of each picture that it
// shows: after five seconds it is sent to the beginning, and then there again.
func (p tab) seek(file string, media probed, place float64) {
	p.t.Helper()
	to := time.Duration(place * float64(media.duration))
	shown := "noticed.seeked > 0"
	if len(media.pictures) > 0 {
		shown += fmt.Sprintf(" && Math.abs(noticed.picture - %f) <= %f", media.at(to).Seconds(), exact.Seconds())
	}
	defer func() {
		if p.t.Failed() {
			p.t.Logf("asked for %v of %s, the player has noticed %s, want %s", to, file, evaluate[string](p, "JSON.stringify(noticed)"), shown)
		}
	}()
	p.do(fmt.Sprintf("seek(%f)", to.Seconds()))
	again := fmt.Sprintf(`Date.now() - noticed.asked > 5000 && seek(document.getElementById("player").currentTime === 0 ? %f : 0)`, to.Seconds())
	p.eventually(shown+" || ("+again+")", fmt.Sprintf("%s shows its picture at %v", file, to))
	if now := seconds(evaluate[float64](p, `document.getElementById("player").currentTime`)); (now - to).Abs() > exact {
		p.t.Errorf("%s is at %v after a seek to %v", file, now, to)
	}
}

func seconds(s float64) time.Duration { return time.Duration(math.Round(s * float64(time.Second))) }
