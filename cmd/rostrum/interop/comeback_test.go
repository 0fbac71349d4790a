//go:build interop

package interop

import (
	"testing"
	"time"
)

// comeback is how long a publisher that was killed may need until it is taken
// again: the room is its own once it has been silent for some seconds.
const comeback = 10 * time.Second

// TestPublisherComesBack kills a publisher, without a word to the server, and lets
// FFmpeg take its place. The page that watches neither reloads nor reconnects, and
// its picture moves again within two seconds of FFmpeg's first key frame.
func TestPublisherComesBack(t *testing.T) {
	server := startServer(t)
	viewer := chromium(t)
	for room, publish := range map[string]func(t *testing.T, room string) *process{
		"from-VP8": func(t *testing.T, room string) *process { return publishDemo(t, server, room) },
		"from-H264": func(t *testing.T, room string) *process {
			return publishFFmpeg(t, nil, server, room, picture, sound, h264, opus)
		},
	} {
		t.Run(room, func(t *testing.T) {
			first := publish(t, room)
			watch := viewer.open(t, server+"/watch/"+room+"#token="+token)
			watch.receives(shown{codec: "video/" + room[len("from-"):], sound: true})
			evaluate[any](watch, `void (window.before = window.rostrum.pc)`)

			first.kill()
			ready := publishFFmpegUntilTaken(t, server, room)
			picture := time.UnixMilli(evaluate[int64](watch, `new Promise((resolve) => {
				const video = document.querySelector("video");
				video.requestVideoFrameCallback(() => resolve(Date.now()));
				setTimeout(resolve, 8000, 0);
			})`))
			switch wait := picture.Sub(ready); {
			case picture.UnixMilli() == 0:
				t.Fatalf("no picture within 8s")
			case wait > 2*time.Second:
				t.Errorf("the picture came back after %v, want 2s or less", wait)
			default:
				t.Logf("the picture came back %v after FFmpeg was ready", wait)
			}
			watch.receives(shown{codec: "video/H264", sound: true})
			if !evaluate[bool](watch, `window.before === window.rostrum.pc`) {
				t.Error("the page has reconnected or reloaded")
			}
			watch.close()
		})
	}
}

// publishFFmpegUntilTaken starts FFmpeg again and again, as a supervisor does,
// until the server takes it, and returns when its first packets were about to
// leave. FFmpeg exits at a refusal.
func publishFFmpegUntilTaken(t *testing.T, server, room string) time.Time {
	t.Helper()
	ready := make(chan time.Time, 1)
	give := time.After(comeback)
	for tries := 1; ; tries++ {
		ffmpeg := publishFFmpeg(t, func() { ready <- time.Now() }, server, room, picture, sound, h264, opus)
		select {
		case at := <-ready:
			t.Logf("taken at the %d. try", tries)
			return at
		case <-ffmpeg.exited:
		case <-give:
			t.Fatalf("FFmpeg was not taken within %v", comeback)
		}
	}
}
