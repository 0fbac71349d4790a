package main

import (
	"os"
	"strings"
	"testing"
	"time"
)

// TestBrowserExample runs the README's browser example, a room and a token filled
// in and nothing else changed, in a page of this server, and watches the room.
func TestBrowserExample(t *testing.T) {
	server := startServer(t)
	chromium := browser(t)
	example := strings.NewReplacer("myroom", "example", "mytoken", testToken).Replace(browserExample(t))

	page := open(chromium, t, server+"/")
	page.do(example + "; window.example = pc")
	page.eventually(10*time.Second, `window.example.connectionState === "connected"`, "the example is connected")

	viewer := open(chromium, t, server+"/watch/example#token="+testToken)
	viewer.eventually(15*time.Second, state("live")+` && document.getElementById("video").videoWidth > 0`, "the viewer sees a picture")
}

// browserExample returns the README's code block of JavaScript.
func browserExample(t *testing.T) string {
	t.Helper()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(readme), "```javascript\n")
	code, _, closed := strings.Cut(rest, "```\n")
	if !found || !closed {
		t.Fatal("the README has no block of JavaScript")
	}
	return code
}
