//go:build interop

package interop

import (
	"testing"
	"time"
)

// TestFirefox publishes from the publish page in Firefox, and watches in Firefox
// and in Chromium. Firefox without its add-on for H264 sends VP8 or VP9.
func TestFirefox(t *testing.T) {
	server := startServer(t)
	fox, chrome := firefox(t), chromium(t)
	for _, codec := range []string{"VP8", "VP9"} {
		t.Run(codec, func(t *testing.T) {
			publisher := fox.open(t, server+"/publish/"+codec+"#token="+token)
			publisher.eventually(5*time.Second, `[...document.querySelectorAll("#codec option")].some((o) => o.value === "`+codec+`")`, "the page offers "+codec)
			evaluate[any](publisher, `(document.getElementById("codec").value = "`+codec+`", document.getElementById("start").click())`)
			publisher.eventually(15*time.Second, connected, "the publisher is live")
			for _, viewer := range []*browser{fox, chrome} {
				watch := viewer.open(t, server+"/watch/"+codec+"#token="+token)
				watch.receives(shown{codec: "video/" + codec, sound: true})
				watch.close()
			}
			publisher.close()
		})
	}
}

// TestFirefoxWatchesChromium is the other direction.
func TestFirefoxWatchesChromium(t *testing.T) {
	server := startServer(t)
	publisher := chromium(t).open(t, server+"/publish/room#token="+token)
	evaluate[any](publisher, `document.getElementById("start").click()`)
	publisher.eventually(15*time.Second, connected, "the publisher is live")
	watch := firefox(t).open(t, server+"/watch/room#token="+token)
	watch.receives(shown{codec: "video/VP8", sound: true})
}
