package main

import (
	"testing"
	"time"
)

// takeover is how long a killed publisher is still taken for a silent one.
const takeover = 2500 * time.Millisecond

// TestViewerOutlastsPublishers has a page watch a room that nobody publishes in yet,
// then a publisher in one codec that is lost, then the next in another. The page is
// never loaded again, and keeps its one connection.
func TestViewerOutlastsPublishers(t *testing.T) {
	server := startServer(t)
	chromium := browser(t)
	viewer := open(chromium, t, server+"/watch/lasting#token="+testToken)
	viewer.eventually(10*time.Second, state("waiting"), "the viewer waits for a publisher")
	viewer.do(`window.firstConnection = window.rostrum.pc`)

	for _, codec := range []string{"VP8", "H264"} {
		publisher := open(browser(t), t, server+"/publish/lasting#token="+testToken)
		publisher.eventually(5*time.Second, `document.querySelectorAll("#codec option").length > 1`, "the page offers codecs")
		publisher.do(`document.getElementById("codec").value = "` + codec + `"; document.getElementById("start").click()`)
		publisher.eventually(30*time.Second, state("live"), "the publisher is live in "+codec)
		viewer.eventually(15*time.Second, state("live"), "the viewer sees it in "+codec)
		checkPlaying(t, viewer, "video/"+codec, publisher)
		publisher.kill()
		time.Sleep(takeover)
	}
	if !evaluate[bool](viewer, "window.firstConnection === window.rostrum.pc") {
		t.Error("the page has connected anew")
	}
}
