package web

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestExample has a stranger put the two pages of the client's README on a site of their
// own, as they stand there but for the server's address: one publishes, the other plays.
func TestExample(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../../api/typescript/README.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("(?s)```html\n(.*?)```").FindAllSubmatch(readme, -1)
	if len(found) != 2 {
		t.Fatalf("the README has %d pages, want the one that publishes and the one that watches", len(found))
	}
	s := newStand(t)
	s.pages["/publish.html"] = strings.ReplaceAll(string(found[0][1]), "http://localhost:8080", s.url)
	s.pages["/watch.html"] = strings.ReplaceAll(string(found[1][1]), "http://localhost:8080", s.url)

	watch := open(t, s.site.URL+"/watch.html#"+operator)
	publish := open(t, s.site.URL+"/publish.html#"+operator)
	publish.waits("it says that it is live", `document.querySelector("#state").textContent === "live"`)
	watch.waits("there is a picture", `document.querySelector("video").videoWidth > 0`)
	watch.do(`window.pictures = 0; const video = document.querySelector("video");
		const count = () => { pictures++; video.requestVideoFrameCallback(count) }; video.requestVideoFrameCallback(count)`)
	watch.waits("pictures go on", "pictures > 10")
	watch.waits("and sound", `document.querySelector("video").srcObject.getAudioTracks().length === 1`)
}
