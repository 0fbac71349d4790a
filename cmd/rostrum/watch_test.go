package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"rostrum/cmd/rostrum/config"
	"rostrum/cmd/rostrum/rig"
)

// TestWatchInBrowser watches over UDP, and from a server that has TCP alone.
func TestWatchInBrowser(t *testing.T) {
	for protocol, codecs := range map[string][]string{
		"udp": {"VP8", "VP9", "H264", "AV1"},
		"tcp": {"VP8", "H264"},
	} {
		server := startServer(t, func(c *config.Config) {
			if protocol == "tcp" {
				c.WebRTC.UDPAddr = ""
			}
		})
		for _, codec := range codecs {
			t.Run(protocol+"/"+codec, func(t *testing.T) {
				t.Parallel()
				testWatch(t, server, protocol, codec)
			})
		}
	}
}

// testWatch publishes from one page and watches on two others, then closes the
// publisher's page.
func testWatch(t *testing.T, server, protocol, codec string) {
	chromium := browser(t)
	room := "watch-" + codec
	publisher := open(chromium, t, server+"/publish/"+room+"#token="+testToken)
	publisher.eventually(`[...document.querySelectorAll("#codec option")].some(o => o.value === "`+codec+`")`, "the page offers "+codec)
	publisher.do(`document.getElementById("codec").value = "` + codec + `"; document.getElementById("start").click()`)
	publisher.eventually(state("live"), "the publisher is live")

	viewers := []tab{
		open(chromium, t, server+"/watch/"+room+"#token="+testToken),
		open(chromium, t, server+"/watch/"+room+"#token="+testToken),
	}
	for _, v := range viewers {
		v.eventually(state("live")+` && document.getElementById("video").videoWidth > 0`, "the viewer sees a picture")
	}
	for _, v := range viewers {
		checkPlaying(t, v, "video/"+codec, publisher)
	}
	for _, p := range append(viewers, publisher) {
		if used := p.protocol(); used != protocol {
			t.Errorf("a page is connected by %q, want %s", used, protocol)
		}
	}
	saveScreenshot(t, viewers[0], protocol+"-"+codec)

	publisher.close()
	for _, v := range viewers {
		v.eventually(state("ended"), "the viewer is told that the stream has ended")
	}
	var reasons []string
	rig.Eventually(t, "the publisher is kept as ended", func() bool {
		reasons = endedPublishers(t, server, room)
		return len(reasons) > 0
	})
	if told := []string{"client", "peer_closed"}; len(reasons) != 1 || !slices.Contains(told, reasons[0]) { // silence would end it much later
		t.Errorf("the publisher has ended for %q, want one of %q", reasons, told)
	}
}

func state(s string) string {
	return `document.getElementById("main").dataset.state === "` + s + `"`
}

// checkPlaying makes sure that pictures go on and that there is sound. Where the
// publisher is a page, most of the pictures that it sends must be seen in the end: how
// many that is in a second, and how long they are on their way, is the machine's affair.
func checkPlaying(t *testing.T, v tab, codec string, publisher ...tab) {
	t.Helper()
	const pictures, most = 40, 0.7
	sent := func() (frames int) {
		for _, p := range publisher {
			frames += p.framesSent()
		}
		return frames
	}
	before, sentBefore := v.received(), sent()
	var after figures
	rig.Eventually(t, "pictures, most of those that are sent, and sound", func() bool {
		offered := sent() - sentBefore
		after = v.received()
		decoded := after.FramesDecoded - before.FramesDecoded
		return decoded >= pictures && float64(decoded) >= most*float64(offered) && after.Energy > before.Energy
	})
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
