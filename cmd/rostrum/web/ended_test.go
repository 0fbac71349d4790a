package web

import "testing"

// sources has a page make sources of a picture that can be unplugged: they end by
// themselves, as a camera does.
const sources = `window.ended = [];
	window.source = async (width, height) => {
		const [track] = (await navigator.mediaDevices.getUserMedia({video: {width, height}})).getTracks();
		const generated = new MediaStreamTrackGenerator({kind: "video"});
		new MediaStreamTrackProcessor({track}).readable.pipeTo(generated.writable);
		const gone = new Promise((resolve) => generated.addEventListener("ended", resolve));
		return {track: generated, unplug: () => (track.stop(), gone)};
	};
	window.sound = async () => [...(await participant.pc.getStats()).values()].find(({type, kind}) => type === "outbound-rtp" && kind === "audio").packetsSent`

// A source that ends by itself is told of, the other goes on, and another one takes its
// place, in this session or in the next.
func TestASourceThatEnds(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	p, subscriber := s.blank(t), s.blank(t)
	p.do(sources)
	p.do(`window.first = await source(320, 240);
		window.context = new AudioContext();
		const [tone, destination] = [context.createOscillator(), context.createMediaStreamDestination()];
		tone.connect(destination);
		tone.start();
		const publisher = new Publisher(new Rostrum({server: "` + s.url + `", token: "` + operator + `"}), "demo", new MediaStream([first.track, ...destination.stream.getTracks()]), {codec: "VP8"});
		publisher.on("ended", ({kind, track}) => ended.push([kind, track]));
		follow(publisher)`)
	p.is("live")
	subscriber.play(s.url)
	subscriber.waits("the picture is there", `document.querySelector("video").videoWidth === 320`)

	p.do("window.session = participant.pc; await first.unplug()")
	if !evaluate[bool](p, `ended.length === 1 && ended[0][0] === "video" && ended[0][1] === first.track && participant.has("video")`) {
		t.Error("the end of the picture's source is not told")
	}
	p.do("window.before = await sound()")
	p.waits("the sound goes on", "await sound() > before + 5")
	p.do(`window.second = await source(160, 120); await participant.replace("video", second.track)`)
	subscriber.waits("the other picture is there", `document.querySelector("video").videoWidth === 160`)
	if !evaluate[bool](p, `participant.state === "live" && participant.pc === session`) {
		t.Error("the session has not gone on")
	}

	p.do("await second.unplug()")
	s.kill()
	s.start()
	p.waits("there is another session", "participant.pc && participant.pc !== session")
	p.is("live")
	p.do(`window.third = await source(240, 180); await participant.replace("video", third.track)`)
	subscriber.waits("the third picture is there", `document.querySelector("video").videoWidth === 240`)

	p.do(`window.fourth = await source(320, 240); await participant.replace("video", fourth.track); await third.unplug()`)
	p.do("await participant.stop(); await fourth.unplug()")
	if n := evaluate[int](p, "ended.length"); n != 2 {
		t.Errorf("%d ends were told, want those of the two that were published when they ended", n)
	}
}
