package web

import (
	"net/http"
	"testing"
)

// Publisher and viewer come back by themselves to a server that was killed and started
// again.
func TestAServerThatComesBack(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	publisher, subscriber := s.blank(t), s.blank(t)
	publisher.publish(s.url, operator, "")
	publisher.is("live")
	subscriber.play(s.url)
	subscriber.is("live")
	both := []page{publisher, subscriber}
	for _, p := range both {
		p.do("window.first = participant.pc")
	}
	s.kill()
	for _, p := range both {
		p.is("reconnecting")
		p.waits("it tries to begin anew", `told.some(({state, code, wait}) => state === "reconnecting" && code === "server_away" && wait > 0)`)
	}
	s.start()
	for _, p := range both {
		p.is("live")
		p.shows()
		if evaluate[bool](p, "first === participant.pc") {
			t.Error("the connection is the one with the server before")
		}
	}
}

// A server that was killed, and is back before anybody has noticed, has forgotten the sessions:
// that is no end on purpose.
func TestAServerThatIsBackAtOnce(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	p := s.blank(t)
	p.publish(s.url, operator, "")
	p.is("live")
	p.do("window.first = participant.pc")
	s.kill()
	s.start()
	p.waits("it has begun anew", "participant.pc && participant.pc !== first")
	p.is("live")
	p.shows()
}

// A publication that somebody ends is over; its viewers wait for the next one.
func TestAPublicationThatIsEnded(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	publisher, subscriber := s.blank(t), s.blank(t)
	publisher.publish(s.url, operator, "")
	subscriber.play(s.url)
	publisher.is("live")
	subscriber.is("live")
	publisher.do(`await new Rostrum({server: "` + s.url + `", token: "` + operator + `"}).api.DELETE("/api/rooms/{room}/publisher", {params: {path: {room: "demo"}}, parseAs: "text"})`)
	publisher.is("closed")
	if events := evaluate[[]told](publisher, "told"); events[len(events)-1].Code != "closed" {
		t.Errorf("the publisher was told %+v", events)
	}
	subscriber.is("waiting")
	next := s.blank(t)
	next.publish(s.url, operator, "")
	next.is("live")
	subscriber.is("live")
	subscriber.shows()
}

// A room that is taken is waited for by who was told to, and by nobody else.
func TestARoomThatIsTaken(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	first := s.blank(t)
	first.publish(s.url, operator, "")
	first.is("live")

	once := newWire(t, s, nil, nil)
	p := s.blank(t)
	p.publish(once.url, operator, "")
	if w := p.refused(); w.Code != "room_busy" || w.Status != http.StatusConflict || !w.Retryable || w.RetryAfter == nil {
		t.Errorf("it was refused by %+v, want room_busy", w)
	}
	p.is("closed")

	patient := newWire(t, s, nil, nil)
	p = s.blank(t)
	p.publish(patient.url, operator, `, {persistent: true}`)
	p.waitsFor("it tries again", func() bool { return len(patient.all(http.MethodPost, whip)) > 1 })
	if n := len(once.all(http.MethodPost, whip)); n != 1 {
		t.Errorf("who was not told to wait has tried %d times", n)
	}
	first.do("await participant.stop()")
	p.is("live")
	p.shows()
	if events := evaluate[[]told](p, "told"); events[1].Code != "room_busy" || events[1].Wait < 2000 || events[1].Wait > 2500 {
		t.Errorf("it was told %+v, want the 2 s of Retry-After, and a quarter more at most", events)
	}
}

// The picture's source is replaced, and the pictures go on over the same connection.
func TestAnotherSource(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	publisher, subscriber := s.blank(t), s.blank(t)
	publisher.publish(s.url, operator, `, {codec: "VP8"}`)
	subscriber.play(s.url)
	subscriber.waits("the picture is there", `document.querySelector("video").videoWidth === 320`)
	publisher.do(`const other = await navigator.mediaDevices.getUserMedia({video: {width: 160, height: 120}}); await participant.replace("video", other.getVideoTracks()[0])`)
	subscriber.waits("the other picture is there", `document.querySelector("video").videoWidth === 160`)
	publisher.do(`await participant.replace("video", null)`)
	if n := len(evaluate[[]told](publisher, `told.filter(({state}) => state === "live")`)); n != 1 {
		t.Errorf("the publisher went live %d times", n)
	}
}
