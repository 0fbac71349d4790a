package main

import "testing"

// TestViewerOutlastsPublishers has a page watch a room that nobody publishes in yet,
// then a publisher in one codec that is lost, then the next in another. The page is
// never loaded again, and keeps its one connection.
func TestViewerOutlastsPublishers(t *testing.T) {
	server := startServer(t)
	chromium := browser(t)
	viewer := open(chromium, t, server+"/watch/lasting#token="+testToken)
	viewer.eventually(state("waiting"), "the viewer waits for a publisher")
	viewer.do(`window.firstConnection = window.rostrum.pc`)

	for _, codec := range []string{"VP8", "H264"} {
		publisher := open(browser(t), t, server+"/publish/lasting#token="+testToken)
		publisher.eventually(`document.querySelectorAll("#codec option").length > 1`, "the page offers codecs")
		publisher.do(`document.getElementById("codec").value = "` + codec + `"`)
		publisher.eventually(startUntilLive, "the publisher is live in "+codec)
		viewer.eventually(state("live"), "the viewer sees it in "+codec)
		checkPlaying(t, viewer, "video/"+codec, publisher)
		publisher.kill()
	}
	if !evaluate[bool](viewer, "window.firstConnection === window.rostrum.pc") {
		t.Error("the page has connected anew")
	}
}

// startUntilLive clicks on Start until the page publishes: a publisher that was killed
// has the room until it has been silent for two seconds.
const startUntilLive = `(document.getElementById("start").disabled || document.getElementById("start").click(), document.getElementById("main").dataset.state === "live")`
