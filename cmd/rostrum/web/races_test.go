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
	p, refuse := restarting(t, s)
	p.turns("failed")
	refuse()
	p.waits("it has begun anew", "participant.pc && participant.pc !== first")
	p.is("live")
	p.shows()
}

// A network that has come back by itself keeps the session, whatever becomes of the restart.
func TestARestartThatIsNotNeededAnyMore(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	p, refuse := restarting(t, s)
	p.turns("failed")
	p.is("reconnecting")
	p.turns("connected")
	p.is("live")
	refuse()
	p.do("await refused; await new Promise((resolve) => setTimeout(resolve))") // all that follows from it has happened then
	if !evaluate[bool](p, `participant.pc === first && participant.state === "live"`) {
		t.Error("it has given up a session that was live")
	}
}

// restarting is a publisher that is live and has asked for a restart of ICE, whose answer
// waits for refuse.
func restarting(t *testing.T, s *stand) (p page, refuse func()) {
	t.Helper()
	asked, refused := make(chan struct{}), make(chan struct{})
	once, refuse := sync.OnceFunc(func() { close(asked) }), sync.OnceFunc(func() { close(refused) })
	w := newWire(t, s, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPatch || r.Header.Get("If-Match") != "*" { // candidates have a tag
			return false
		}
		once()
		<-refused
		return answer(w, http.StatusServiceUnavailable, "")
	}, nil)
	t.Cleanup(refuse) // before the wire waits for who waits for it
	p = s.blank(t)
	p.publish(w.url, operator, "")
	p.is("live")
	p.do("window.first = participant.pc; window.refused = participant.restartIce().catch(() => {})")
	<-asked
	return p, refuse
}

// turns has the first connection say that it is in a state.
func (p page) turns(state string) {
	p.do(`Object.defineProperty(first, "connectionState", {value: "` + state + `", configurable: true}); first.dispatchEvent(new Event("connectionstatechange"))`)
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
