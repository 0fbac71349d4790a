package web

import (
	"net/http"
	"sync"
	"testing"
)

// Whoever calls stop waits for the end at the server, also the second to do so.
func TestStopTwice(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	ended := make(chan struct{})
	release := sync.OnceFunc(func() { close(ended) })
	defer release()
	w := newWire(t, s, nil, func(r *http.Response) {
		if r.Request.Method == http.MethodDelete {
			<-ended
		}
	})
	p := s.blank(t)
	p.publish(w.url, operator, "")
	p.is("live")
	p.do("void participant.stop(); window.second = participant.stop().then(() => (window.over = true))")
	if evaluate[bool](p, "Boolean(window.over)") {
		t.Error("the second stop did not wait for the answer to the DELETE")
	}
	release()
	p.do("await second")
}

// A network that fails while the page's own restart of ICE is on its way, and that restart
// too, is a session that is lost: nobody else would notice it.
func TestARestartThatFailsMeanwhile(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	asked, refuse := make(chan struct{}), make(chan struct{})
	once, release := sync.OnceFunc(func() { close(asked) }), sync.OnceFunc(func() { close(refuse) })
	defer release()
	w := newWire(t, s, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPatch || r.Header.Get("If-Match") != "*" { // candidates have a tag
			return false
		}
		once()
		<-refuse
		return answer(w, http.StatusServiceUnavailable, "")
	}, nil)
	p := s.blank(t)
	p.publish(w.url, operator, "")
	p.is("live")
	p.do("window.first = participant.pc; participant.restartIce().catch(() => {})")
	<-asked
	p.do(`Object.defineProperty(first, "connectionState", {value: "failed"}); first.dispatchEvent(new Event("connectionstatechange"))`)
	release()
	p.waits("it has begun anew", "participant.pc && participant.pc !== first")
	p.is("live")
	p.shows()
}

// Of two sources that take each other's place, the one that is sent stays, also for the next
// session, when the other is refused later.
func TestTwoReplacementsAtOnce(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	publisher, subscriber := s.blank(t), s.blank(t)
	publisher.publish(s.url, operator, `, {codec: "VP8"}`)
	publisher.is("live")
	publisher.do(`const other = await navigator.mediaDevices.getUserMedia({video: {width: 160, height: 120}});
		const sound = new AudioContext().createMediaStreamDestination().stream.getTracks()[0];
		const refused = participant.replace("video", sound).then(() => false, () => true);
		await participant.replace("video", other.getVideoTracks()[0]);
		window.soundRefused = await refused`)
	if !evaluate[bool](publisher, "soundRefused") {
		t.Error("a sound has become the picture")
	}
	s.kill()
	publisher.waits("it is between sessions", `participant.state === "reconnecting" && participant.pc === null`)
	s.start()
	publisher.is("live")
	subscriber.play(s.url)
	subscriber.waits("the other picture is there", `document.querySelector("video").videoWidth === 160`)
}
