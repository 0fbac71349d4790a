package web

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/chromedp/chromedp"

	"rostrum/cmd/rostrum/rig"
)

// page is one page of the browser.
type page struct {
	t   *testing.T
	ctx context.Context
}

// open opens a page until the test ends.
func open(t *testing.T, url string) page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		t.Fatalf("open %s: %v", url, err)
	}
	return page{t, ctx}
}

// blank is a page that has the module, and words for what tests do with it: what a
// participant tells is in told, and what went wrong is in wrong.
const blank = `<!doctype html><video autoplay muted playsinline></video><script type="module">
	import * as module from "SERVER/assets/rostrum.js";
	const told = [];
	Object.assign(window, module, {
		told, wrong: null,
		async camera() { // with silence: this machine's one microphone is the example's
			const [picture] = (await navigator.mediaDevices.getUserMedia({video: {width: 320, height: 240}})).getTracks();
			return new MediaStream([picture, ...new AudioContext().createMediaStreamDestination().stream.getTracks()]);
		},
		canvas: () => document.createElement("canvas").captureStream(),
		follow(participant) {
			for (const state of ["connecting", "live", "waiting", "reconnecting", "closed"])
				participant.on(state, ({why, wait}) => told.push({state, code: why?.code ?? "", wait: wait ?? -1}));
			window.participant = participant;
			participant.start().catch(keep);
		},
		async frames() {
			const report = [...(await participant.pc?.getStats() ?? new Map()).values()];
			const video = report.find(({type, kind}) => /^(in|out)bound-rtp$/.test(type) && kind === "video");
			return video?.framesDecoded ?? video?.framesSent ?? 0;
		},
	});
	window.keep = ({code, status, detail, retryable, retryAfter}) => (window.wrong = {code, status, detail, retryable, retryAfter});
	window.ready = true;
</script>`

// told is one event of a participant.
type told struct {
	State string  `json:"state"`
	Code  string  `json:"code"`
	Wait  float64 `json:"wait"`
}

// wrong is a Problem.
type wrong struct {
	Code       string   `json:"code"`
	Status     int      `json:"status"`
	Detail     string   `json:"detail"`
	Retryable  bool     `json:"retryable"`
	RetryAfter *float64 `json:"retryAfter"`
}

// offer has the page offer a picture that nobody will see.
func (p page) offer(server, token string) {
	p.t.Helper()
	p.do(`follow(new Publisher(new Rostrum({server: "` + server + `", token: "` + token + `", timeout: 5000}), "demo", canvas()))`)
}

// publish has the page publish its camera, with the rest of the arguments of a Publisher.
func (p page) publish(server, token, rest string) {
	p.t.Helper()
	p.do(`follow(new Publisher(new Rostrum({server: "` + server + `", token: "` + token + `", timeout: 60000}), "demo", await camera()` + rest + `))`)
}

// play has the page play into its video element.
func (p page) play(server string) {
	p.t.Helper()
	p.do(`follow(new Subscriber(new Rostrum({server: "` + server + `", token: "` + operator + `"}), "demo").attach(document.querySelector("video")))`)
}

// do runs JavaScript, and waits for what it promises.
func (p page) do(script string) {
	p.t.Helper()
	evaluate[any](p, "(async () => {"+script+"; return null})()")
}

// evaluate returns the value of an expression, or of what it promises.
func evaluate[T any](p page, expression string) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("evaluate %.200s: %v", expression, err)
	}
	return value
}

// waits until an expression, or what it promises, is true in the page.
func (p page) waits(what, expression string) {
	p.t.Helper()
	defer func() {
		if p.t.Failed() {
			said, _ := json.Marshal([]any{evaluate[[]told](p, "window.told ?? []"), evaluate[*wrong](p, "window.wrong ?? null")})
			p.t.Logf("the page was told %s", said)
		}
	}()
	rig.Eventually(p.t, what, func() bool { return evaluate[bool](p, "(async () => Boolean("+expression+"))()") })
}

// is waits until the page's participant is in a state.
func (p page) is(state string) {
	p.t.Helper()
	p.waits("it is "+state, `window.participant?.state === "`+state+`"`)
}

// shows waits until more pictures go over the page's connection than by now.
func (p page) shows() {
	p.t.Helper()
	p.do(`window.before = await frames(); window.beforePc = participant.pc`)
	p.waits("pictures go on", `participant.pc === beforePc ? await frames() > before + 5 : (window.before = 0, window.beforePc = participant.pc, false)`)
}

// refused waits until something went wrong in the page, and returns what.
func (p page) refused() wrong {
	p.t.Helper()
	p.waits("something is refused", "window.wrong")
	return evaluate[wrong](p, "window.wrong")
}

// blank opens a page of the stranger's that has the module.
func (s *stand) blank(t *testing.T) page {
	t.Helper()
	p := open(t, s.site.URL)
	p.waits("the module is there", "window.ready")
	return p
}

// waitsFor waits for what a page does elsewhere.
func (p page) waitsFor(what string, condition func() bool) {
	p.t.Helper()
	rig.Eventually(p.t, what, condition)
}
