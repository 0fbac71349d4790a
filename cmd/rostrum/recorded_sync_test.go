package main

import (
	"fmt"
	"testing"
	"time"

	"rostrum/cmd/rostrum/recording/clapper"
	"rostrum/cmd/rostrum/rig"
)

// TestRecordedSync has Chromium publish a canvas that turns white whenever its
// oscillator beeps. In what is stored, both are together. Of a single clap Chromium
// itself makes some 20 ms more or less, since it draws and captures a canvas as often
// as it has the time, so that it is the median that counts. (Its own MediaRecorder, on
// the same tracks at the same time, has the sound 31 ms late, in the median of nine.)
func TestRecordedSync(t *testing.T) {
	const claps, unseen = 9, 50 * time.Millisecond // in which nothing is drawn, and a flash may be missed
	server := startServer(t)
	for _, codec := range []string{"VP8", "H264"} {
		t.Run(codec, func(t *testing.T) {
			t.Parallel()
			room := "clapper-" + codec
			publisher := open(browser(t), t, server+"/publish/"+room+"#token="+testToken)
			delay := rig.WatchDelay()
			publisher.do(fmt.Sprintf(clap, room, codec, testToken, claps))
			missed := int(delay.Sum() / unseen)
			r := storedOf(t, server, room)
			var all []clapper.Clap
			for _, p := range r.Parts {
				all = append(all, clapper.Claps(t, p.download(t, server, r.ID))...)
			}
			if len(all) < max(claps/2+1, claps-missed) || len(all) > claps {
				t.Errorf("%d claps of %d are stored: %v", len(all), claps, all)
			}
			offsets := clapper.OffsetsOf(all)
			t.Logf("sound comes after the picture by %v in the median, %v in the mean: %v", offsets.Median(), offsets.Mean(), offsets)
			if median := offsets.Median(); median.Abs() >= clapper.Tolerance {
				t.Errorf("sound comes after the picture by %v in the median, want less than %v either way", median, clapper.Tolerance)
			}
		})
	}
}

// clap has a page of the server publish so many claps into a room, about one a second,
// and waits until the publication is over. The clock of both is that of what has been
// rendered of the sound; the canvas follows it from one frame of the page to the next.
const clap = `
	const [room, codec, token, claps] = ["%s", "%s", "%s", %d];
	const {Publisher, Rostrum} = await import("/assets/rostrum.js");
	const audio = new AudioContext({sampleRate: 48000});
	const tone = new OscillatorNode(audio, {frequency: 1000}), gain = new GainNode(audio, {gain: 0});
	const out = audio.createMediaStreamDestination();
	tone.connect(gain).connect(out);
	tone.start();

	const canvas = Object.assign(document.createElement("canvas"), {width: 320, height: 180});
	const pen = canvas.getContext("2d");
	const begun = [];
	const draw = () => {
		pen.fillStyle = begun.some(at => audio.currentTime >= at && audio.currentTime < at + 0.1) ? "white" : "black";
		pen.fillRect(0, 0, canvas.width, canvas.height);
		requestAnimationFrame(draw);
	};
	draw();

	const stream = new MediaStream([...canvas.captureStream(30).getTracks(), ...out.stream.getTracks()]);
	const publisher = new Publisher(new Rostrum({token}), room, stream, {codec});
	await publisher.start();
	for (let n = 0; n < claps; n++) {
		const at = audio.currentTime + 0.9 + 0.01 * n;
		gain.gain.setValueAtTime(0.5, at).setValueAtTime(0, at + 0.1);
		begun.push(at);
		await new Promise(then => setTimeout(then, 1000));
	}
	await new Promise(then => setTimeout(then, 1000));
	await publisher.stop()`
