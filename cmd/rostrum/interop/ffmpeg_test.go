//go:build interop

package interop

import (
	"bytes"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// What FFmpeg is told, by part of its command line.
var (
	picture = []string{"-re", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30"}
	sound   = []string{"-re", "-f", "lavfi", "-i", "sine=frequency=440"}
	h264    = []string{"-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline", "-pix_fmt", "yuv420p", "-g", "30"}
	opus    = []string{"-c:a", "libopus", "-ar", "48000", "-ac", "2"}
)

// findFFmpeg returns an FFmpeg that has the WHIP muxer.
func findFFmpeg(t *testing.T) string {
	t.Helper()
	path := os.Getenv("ROSTRUM_TEST_FFMPEG")
	if path == "" {
		path = lookAnyPath(t, "ffmpeg")
	}
	muxers, err := exec.Command(path, "-hide_banner", "-muxers").Output()
	if err != nil || !bytes.Contains(muxers, []byte(" whip ")) {
		t.Fatalf("%s has no WHIP muxer (%v): name an FFmpeg 8 or newer in ROSTRUM_TEST_FFMPEG", path, err)
	}
	return path
}

// publishFFmpeg sends generated media into a room by FFmpeg. onReady, which may be
// nil, is called when its first packets are about to leave.
func publishFFmpeg(t *testing.T, onReady func(), server, room string, parts ...[]string) *process {
	t.Helper()
	args := slices.Concat(append([][]string{{"-hide_banner", "-nostdin", "-nostats", "-loglevel", "verbose"}}, parts...)...)
	args = append(args, "-f", "whip", "-authorization", token, server+"/api/whip/publish/"+room)
	return start(t, exec.Command(findFFmpeg(t), args...), func(line string) {
		if onReady != nil && strings.Contains(line, "Muxer state=") {
			onReady()
		}
	})
}

// TestFFmpegPublishes publishes by FFmpeg's WHIP muxer, sound and picture
// together and each alone, and watches in Chromium.
func TestFFmpegPublishes(t *testing.T) {
	server := startServer(t)
	viewer := chromium(t)
	for room, c := range map[string]struct {
		parts [][]string
		want  shown
	}{
		"both":    {[][]string{picture, sound, h264, opus}, shown{"video/H264", true}},
		"picture": {[][]string{picture, h264}, shown{"video/H264", false}},
		"sound":   {[][]string{sound, opus}, shown{"", true}},
	} {
		t.Run(room, func(t *testing.T) {
			ffmpeg := publishFFmpeg(t, nil, server, room, c.parts...)
			watch := viewer.open(t, server+"/watch/"+room+"#token="+token)
			watch.receives(c.want)
			watch.eventually(5*time.Second, `document.getElementById("main").dataset.state === "live"`, "the viewer is told that there is a stream")
			ffmpeg.interrupt()
			watch.eventually(5*time.Second, `document.getElementById("main").dataset.state === "ended"`, "the viewer is told that the stream has ended")
			watch.close()
		})
	}
}
