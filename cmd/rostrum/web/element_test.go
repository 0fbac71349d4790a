package web

import "testing"

// A stream is moved to another element, and taken out of it, while the session goes on.
func TestAnotherElement(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	publisher, p := s.blank(t), s.blank(t)
	publisher.publish(s.url, operator, "")
	p.play(s.url)
	p.is("live")
	p.do(`window.video = document.querySelector("video"); window.session = participant.pc;
		window.other = document.createElement("video"); other.muted = true; document.body.append(other)`)
	p.do(`participant.attach(other)`)
	if !evaluate[bool](p, "video.srcObject === null") {
		t.Error("the stream is still in the element before")
	}
	p.waits("it plays in the other element", "other.videoWidth === 320 && other.currentTime > 0 && !other.paused")

	p.do("participant.detach().detach()")
	p.shows()
	if !evaluate[bool](p, `other.srcObject === null && participant.state === "live" && participant.pc === session`) {
		t.Error("it is still in its element, or the session has not gone on")
	}
	s.kill()
	s.start()
	p.waits("there is another session", "participant.pc && participant.pc !== session")
	p.is("live")
	if !evaluate[bool](p, "video.srcObject === null && other.srcObject === null") {
		t.Error("the next session is shown where nobody has asked for it")
	}
	p.do("participant.attach(video)")
	p.waits("it plays in the first element again", "video.srcObject === participant.stream && video.videoWidth === 320 && !video.paused")
	p.do("video.srcObject = window.own = new MediaStream(); participant.detach()")
	if !evaluate[bool](p, "video.srcObject === own") {
		t.Error("a stream of the page's own was taken out")
	}
}
