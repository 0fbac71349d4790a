package main

import (
	"slices"
	"testing"
)

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
	if reasons := endedPublishers(t, server, "lasting"); !slices.Equal(reasons, []string{"takeover"}) {
		t.Errorf("publishers have ended for %q, want that the first was replaced when it was silent", reasons)
	}
	if !evaluate[bool](viewer, "window.firstConnection === window.rostrum.pc") {
		t.Error("the page has connected anew")
	}
}

// endedPublishers returns for what reasons publishers of a room have ended so far, and are
// kept as such.
func endedPublishers(t *testing.T, server, room string) (reasons []string) {
	t.Helper()
	var list struct {
		Sessions []struct{ Role, Reason string }
	}
	fetch(t, server+"/api/sessions?room="+room, &list)
	for _, s := range list.Sessions {
		if s.Role == "publisher" && s.Reason != "" {
			reasons = append(reasons, s.Reason)
		}
	}
	return reasons
}

// startUntilLive clicks on Start until the page publishes: a publisher that was killed
// has the room until it has been silent for two seconds.
const startUntilLive = `(document.getElementById("start").disabled || document.getElementById("start").click(), document.getElementById("main").dataset.state === "live")`
