package web

import (
	"net/http"
	"strings"
	"sync"
	"testing"
)

// Whoever stops has ended the session when stop resolves, also while the offer is on its way,
// so that the next to publish finds the room free. Who stopped first never begins.
func TestStop(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	answered := make(chan struct{})
	release := sync.OnceFunc(func() { close(answered) })
	defer release() // or the wire would wait for ever, where the test fails
	w := newWire(t, s, nil, func(r *http.Response) {
		if r.StatusCode == http.StatusCreated {
			<-answered
		}
	})
	p := s.blank(t)
	p.publish(w.url, operator, "")
	p.waitsFor("the server has taken the offer", func() bool { return s.publisherIsThere(p) })
	p.do("window.stopped = participant.stop().then(() => (window.over = true))")
	p.is("closed")
	if evaluate[bool](p, "Boolean(window.over)") {
		t.Error("stop did not wait for the session")
	}
	release()
	p.do("await stopped")
	if s.publisherIsThere(p) {
		t.Error("the session is there after stop")
	}
	if got := p.refused(); got.Code != "closed" {
		t.Errorf("start has rejected with %+v", got)
	}

	before := s.blank(t)
	before.do(`const subscriber = new Subscriber(new Rostrum({token: "` + operator + `"}), "demo"); await subscriber.stop(); window.follow(subscriber)`)
	if got := before.refused(); got.Code != "closed" {
		t.Errorf("start after stop has rejected with %+v", got)
	}
	before.is("closed")
}

// publisherIsThere asks the server whether the room has one.
func (s *stand) publisherIsThere(p page) bool {
	return evaluate[bool](p, `new Rostrum({server: "`+s.url+`", token: "`+operator+`"}).api.GET("/api/rooms/{room}", {params: {path: {room: "demo"}}}).then(({data}) => Boolean(data.live?.publisher), () => false)`)
}

// A source that is replaced while there is no session is the one that the next begins with.
func TestAnotherSourceBetweenSessions(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	publisher, subscriber := s.blank(t), s.blank(t)
	publisher.publish(s.url, operator, `, {codec: "VP8"}`)
	publisher.is("live")
	s.kill()
	publisher.waits("it is between sessions", `participant.state === "reconnecting" && participant.pc === null`)
	publisher.do(`const other = await navigator.mediaDevices.getUserMedia({video: {width: 160, height: 120}}); await participant.replace("video", other.getVideoTracks()[0])`)
	s.start()
	publisher.is("live")
	subscriber.play(s.url)
	subscriber.waits("the other picture is there", `document.querySelector("video").videoWidth === 160`)

	kept := `participant.replace("video", new AudioContext().createMediaStreamDestination().stream.getTracks()[0]).then(() => false, () => true)`
	if !evaluate[bool](publisher, kept) {
		t.Error("a sound has become the picture")
	}
	publisher.shows()
}

// A codec that the browser lacks is refused here, by name.
func TestACodecThatTheBrowserLacks(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	p := s.blank(t)
	p.publish(s.url, operator, `, {codec: "H299"}`)
	if got := p.refused(); got.Code != "codec_missing" || got.Retryable || !strings.Contains(got.Detail, "H299") || !strings.Contains(got.Detail, "VP8") {
		t.Errorf("it is refused by %+v, want codec_missing and what there is instead", got)
	}
	p.is("closed")
}
