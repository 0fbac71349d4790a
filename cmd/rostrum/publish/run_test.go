package publish

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"go.uber.org/goleak"

	"rostrum/api/client"
	"rostrum/api/client/rtc"
	"rostrum/cmd/rostrum/clip"
	"rostrum/cmd/rostrum/rig"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func wait[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(rig.Patience):
		t.Fatal("waited in vain for " + what)
	}
	var none T
	return none
}

// start runs Run beside the test; stop ends it as Ctrl-C does.
func start(t *testing.T, o Options) (done <-chan error, stop context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	var running sync.WaitGroup
	running.Go(func() {
		_, err := Run(ctx, o)
		result <- err
	})
	t.Cleanup(func() { cancel(); running.Wait() })
	return result, cancel
}

// That they are sent in time is for TestPlayDoesNotDrift: when they come is the machine's affair.
func TestBothKindsArriveAndTheSessionIsDeleted(t *testing.T) {
	s := newServer(t)
	done, stop := start(t, Options{Server: s.client(t), Room: "lobby", Clip: demo(t), Loop: true})
	if room := wait(t, s.offers, "an offer"); room != "lobby" {
		t.Errorf("published into %q", room)
	}
	rates := map[webrtc.RTPCodecType]float64{webrtc.RTPCodecTypeVideo: 90000, webrtc.RTPCodecTypeAudio: 48000}
	first := map[webrtc.RTPCodecType]packet{}
	last := map[webrtc.RTPCodecType]packet{}
	for len(last) < 2 || time.Duration(float64(time.Second)*seconds(first, last, rates)) < 3*time.Second {
		p := wait(t, s.packets, "media")
		if before, seen := last[p.kind]; seen && int32(p.timestamp-before.timestamp) < 0 {
			t.Fatalf("the %v clock went back from %d to %d", p.kind, before.timestamp, p.timestamp)
		}
		if _, seen := first[p.kind]; !seen {
			first[p.kind] = p
		}
		last[p.kind] = p
	}
	stop()
	if err := wait(t, done, "the end"); err != nil {
		t.Errorf("ended by its user: %v", err)
	}
	if path := wait(t, s.deleted, "DELETE"); path != "/live/api/whip/sessions/1" {
		t.Errorf("DELETE of %s", path)
	}
}

// seconds is how much media of the track that is behind has come.
func seconds(first, last map[webrtc.RTPCodecType]packet, rates map[webrtc.RTPCodecType]float64) float64 {
	least := 1e9
	for kind, rate := range rates {
		least = min(least, float64(last[kind].timestamp-first[kind].timestamp)/rate)
	}
	return least
}

func TestEveryCodecCanBePublished(t *testing.T) {
	for _, name := range []string{"vp8.webm", "live.webm", "av1.mkv", "h264.mp4", "h265.mkv", "pages.ogg", "vp8.ivf", "plain.h264"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := clip.Open("../clip/testdata/" + name)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := c.Close(); err != nil {
					t.Error(err)
				}
			}()
			s := newServer(t)
			done, _ := start(t, Options{Server: s.client(t), Room: "r", Clip: c})
			if err := wait(t, done, "the clip's end"); err != nil {
				t.Fatal(err)
			}
			wait(t, s.deleted, "DELETE")
			kinds := map[webrtc.RTPCodecType]int{}
			for len(s.packets) > 0 {
				kinds[(<-s.packets).kind]++
			}
			for _, track := range c.Tracks {
				if kinds[track.Kind()] < 15 {
					t.Errorf("%d packets of %s", kinds[track.Kind()], track.Codec.MimeType)
				}
			}
		})
	}
}

func TestServerThatEndsTheSessionIsTold(t *testing.T) {
	s := newServer(t)
	done, _ := start(t, Options{Server: s.client(t), Room: "r", Clip: demo(t), Loop: true})
	wait(t, s.packets, "media")
	s.hangUp()
	if err := wait(t, done, "the end"); !errors.Is(err, rtc.ErrEnded) {
		t.Errorf("%v, want ErrEnded", err)
	}
}

func TestRetryPublishesAgain(t *testing.T) {
	s := newServer(t)
	s.refuse = func(n int) int { // busy at first, then free, then a session that breaks
		if n == 1 {
			return http.StatusConflict
		}
		return 0
	}
	var log bytes.Buffer
	done, stop := start(t, Options{
		Server: s.client(t), Room: "r", Clip: demo(t), Loop: true, Retry: true, Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	wait(t, s.offers, "the first session")
	wait(t, s.packets, "media")
	s.hangUp()
	wait(t, s.offers, "the second session")
	stop()
	if err := wait(t, done, "the end"); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"room_busy", rtc.ErrEnded.Error(), "trying again"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log doesn't tell %q:\n%s", want, &log)
		}
	}
}

func TestRefusalsSayWhatToDo(t *testing.T) {
	for code, says := range map[string]string{
		"room_busy": "another room", "forbidden": "publish into this room", "no_common_codec": "ffmpeg", "token_missing": "ROSTRUM_TOKEN",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
			w.WriteHeader(http.StatusConflict)
			_, _ = io.WriteString(w, `{"title":"T","detail":"the detail","code":"`+code+`","retryable":false}`)
		}))
		_, err := Run(t.Context(), Options{Server: newClient(t, server.URL), Room: "r", Clip: demo(t), Retry: true})
		server.Close()
		if !errors.Is(err, &client.Problem{Code: code}) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %q doesn't say %q", code, err, says)
		}
	}
}

func TestAnswersThatAreNoneAreRefused(t *testing.T) {
	for _, c := range []struct{ location, kind, says string }{
		{"", "application/sdp", "Location"},
		{"/api/whip/sessions/1", "text/html", "application/sdp"},
		{"/api/whip/sessions/1", "application/sdp", "no SDP"},
	} {
		deleted := make(chan struct{}, 1)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodDelete {
				deleted <- struct{}{}
				return
			}
			if c.location != "" {
				w.Header().Set("Location", c.location)
			}
			w.Header().Set("Content-Type", c.kind)
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, "no SDP")
		}))
		_, err := Run(t.Context(), Options{Server: newClient(t, server.URL), Room: "r", Clip: demo(t), Retry: true})
		server.Close()
		if !errors.Is(err, client.ErrContract) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v", c, err)
		}
		if c.location != "" && len(deleted) != 1 {
			t.Errorf("%+v: the session was left on the server", c)
		}
	}
}

func TestUnreachableServer(t *testing.T) {
	const away = "http://127.0.0.1:1" // nobody ever listens there
	_, err := Run(t.Context(), Options{Server: newClient(t, away), Room: "r", Clip: demo(t)})
	if again, _ := rtc.Retryable(err); !errors.Is(err, client.ErrUnreachable) || !strings.Contains(err.Error(), "start it") || !again {
		t.Error(err)
	}
}
