package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestWatchInBrowser publishes from one page and watches on two others, once for
// each video codec, then closes the publisher's page.
func TestWatchInBrowser(t *testing.T) {
	server := startServer(t)
	for _, codec := range []string{"VP8", "VP9", "H264", "AV1"} {
		t.Run(codec, func(t *testing.T) {
			chromium := browser(t)
			room := "watch-" + codec
			publisher := open(chromium, t, server+"/publish/"+room+"#token="+testToken)
			publisher.eventually(5*time.Second, `[...document.querySelectorAll("#codec option")].some(o => o.value === "`+codec+`")`, "the page offers "+codec)
			publisher.do(`document.getElementById("codec").value = "` + codec + `"; document.getElementById("start").click()`)
			publisher.eventually(15*time.Second, state("live"), "the publisher is live")

			viewers := []tab{
				open(chromium, t, server+"/watch/"+room+"#token="+testToken),
				open(chromium, t, server+"/watch/"+room+"#token="+testToken),
			}
			for _, v := range viewers {
				v.eventually(15*time.Second, state("live")+` && document.getElementById("video").videoWidth > 0`, "the viewer sees a picture")
			}
			for _, v := range viewers {
				checkPlaying(t, v, "video/"+codec)
			}
			saveScreenshot(t, viewers[0], codec)

			publisher.close()
			for _, v := range viewers {
				v.eventually(5*time.Second, state("ended"), "the viewer is told that the stream has ended")
			}
		})
	}
}

func state(s string) string {
	return `document.getElementById("main").dataset.state === "` + s + `"`
}

// checkPlaying watches for three seconds that pictures come at the camera's rate
// and that there is sound. Chromium's fake camera gives 20 pictures a second or
// more; a busy machine may encode fewer.
func checkPlaying(t *testing.T, v tab, codec string) {
	t.Helper()
	const seconds, leastRate = 3, 10
	before := v.received()
	time.Sleep(seconds * time.Second)
	after := v.received()
	if rate := float64(after.FramesDecoded-before.FramesDecoded) / seconds; rate < leastRate {
		t.Errorf("%.1f pictures a second, want %d or more", rate, leastRate)
	}
	if after.Energy <= before.Energy {
		t.Errorf("no sound: energy went from %g to %g", before.Energy, after.Energy)
	}
	if after.Codec != codec {
		t.Errorf("received %q, want %q", after.Codec, codec)
	}
}

// saveScreenshot keeps a picture of the page where ROSTRUM_TEST_SCREENSHOTS names
// a directory for it.
func saveScreenshot(t *testing.T, p tab, name string) {
	t.Helper()
	dir := os.Getenv("ROSTRUM_TEST_SCREENSHOTS")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), p.screenshot(), 0o600); err != nil {
		t.Fatal(err)
	}
}
