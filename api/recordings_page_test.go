package api

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"rostrum/domain"
)

// clip returns a film that a browser plays, so many seconds long and so many pixels
// wide, with sound.
func clip(t *testing.T, seconds, width int) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "clip.mp4")
	made := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error",
		"-f", "lavfi", "-i", fmt.Sprintf("testsrc2=s=%dx90:r=10:d=%d", width, seconds),
		"-f", "lavfi", "-i", fmt.Sprintf("sine=440:d=%d", seconds),
		"-c:v", "libx264", "-g", "10", "-pix_fmt", "yuv420p", "-c:a", "libopus", "-movflags", "+faststart", file)
	if said, err := made.CombinedOutput(); err != nil {
		t.Fatalf("these tests need ffmpeg with libx264 and libopus: %v: %s", err, said)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// chromium starts a browser that ends with the test.
func chromium(t *testing.T) context.Context {
	t.Helper()
	allocator, stop := chromedp.NewExecAllocator(context.Background(),
		chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1100, 900), chromedp.WSURLReadTimeout(patience),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
	)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("these tests need Chromium on PATH: %v", err)
	}
	return ctx
}

// visit is a page in the browser.
type visit struct {
	t   *testing.T
	ctx context.Context
}

func (v visit) open(address string) {
	v.t.Helper()
	if err := chromedp.Do(v.ctx, chromedp.Navigate("about:blank"), chromedp.Navigate(address)); err != nil {
		v.t.Fatal(err)
	}
}

func (v visit) do(script string) {
	v.t.Helper()
	if _, err := chromedp.Run(v.ctx, chromedp.Evaluate[any]("(async () => {"+script+"; return null})()", chromedp.EvalAwaitPromise)); err != nil {
		v.t.Fatalf("%s: %v", script, err)
	}
}

// shows waits until an expression holds in the page.
func (v visit) shows(what, expression string) {
	v.t.Helper()
	holds := func() bool {
		ok, err := chromedp.Run(v.ctx, chromedp.Evaluate[bool]("Boolean("+expression+")"))
		if err != nil {
			v.t.Fatalf("%s: %v", expression, err)
		}
		return ok
	}
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(30 * time.Millisecond) {
		if time.Now().After(deadline) {
			text, _ := chromedp.Run(v.ctx, chromedp.Evaluate[string]("location.href + document.body.innerText"))
			v.t.Fatalf("not in %v: %s; the page says: %s", patience, what, text)
		}
	}
}

const script = `
const id = (name) => document.getElementById(name);
const rooms = () => [...document.querySelectorAll("#rows td.name")].map((cell) => cell.textContent).join(" ");
const state = (n) => document.querySelectorAll("#rows .badge")[n]?.textContent;
const filter = (name, value) => { id(name).value = value; id(name).dispatchEvent(new Event("change")) };
Object.assign(window, {id, rooms, state, filter});`

// The page of recordings, in one browser: what it shows, plays and does.
func TestRecordingsPage(t *testing.T) {
	browser := chromium(t)
	film, second := clip(t, 4, 160), clip(t, 1, 128)
	for name, use := range map[string]func(v visit, e edge, site string){
		"asks for the token, then opens what its address says": func(v visit, e edge, site string) {
			e.stored(t, "hall", "A", may(1), film)
			v.open(site + "/recordings?recording=A")
			v.shows("the token is asked for", `!document.getElementById("token-form").hidden && !document.getElementById("detail").open`)
			v.do(script + `id("token").value = "` + bob + `"; id("token-form").requestSubmit()`)
			v.shows("the recording is open", `id("detail").open && id("detail-room").textContent === "Room hall"`)
			v.do(`id("detail-close").click()`)
			v.shows("it is closed, and its row has the focus", `!id("detail").open && location.search === "" && document.activeElement.dataset.open === "A"`)
		},
		"keeps what is asked for in its address": func(v visit, e edge, site string) {
			library(t, e)
			v.open(site + "/recordings#token=" + bob)
			v.do(script)
			v.shows("all are there", `rooms() === "hall foyer attic hall hall"`)
			v.do(`filter("stage", "stored"); filter("room", "hall"); filter("from", "2026-05-01"); filter("to", "2026-05-01")`)
			v.shows("those that fit", `rooms() === "hall hall" && location.search === "?room=hall&state=stored&from=2026-05-01&to=2026-05-01"`)
			v.open(site + "/recordings?room=hall&state=stored&from=2026-05-01&to=2026-05-01")
			v.shows("the same to who is sent the address", `document.querySelectorAll("#rows tr").length === 2 && document.getElementById("stage").value === "stored"`)
			v.do(script + `filter("to", "2026-04-30")`)
			v.shows("nothing fits", `!id("empty").hidden && rooms() === "" && id("empty-title").textContent === "Nothing fits"`)
			v.do(`filter("room", "a.b")`)
			v.shows("a name that is none", `id("room-hint").textContent.includes("cannot be in a room name")`)
			v.do(`id("clear").click()`)
			v.shows("all again", `rooms() === "hall foyer attic hall hall" && location.search === ""`)
		},
		"loads more": func(v visit, e edge, site string) {
			for i := range 120 {
				e.keep(t, domain.Recording{ID: domain.RecordingID(fmt.Sprintf("A%03d", i)), Room: "hall", State: domain.RecordingStored, Started: may(1).Add(time.Duration(i) * time.Second)})
			}
			v.open(site + "/recordings#token=" + bob)
			v.do(script)
			for _, want := range []int{50, 100, 120} {
				v.shows(fmt.Sprint(want, " are there"), fmt.Sprintf(`document.querySelectorAll("#rows tr").length === %d && id("more").hidden === %v`, want, want == 120))
				v.do(`id("more").click()`)
			}
			v.shows("each once, the newest first", `[...document.querySelectorAll("#rows a")].map((a) => a.dataset.open).join() === [...Array(120).keys()].reverse().map((i) => "A" + String(i).padStart(3, "0")).join()`)
		},
		"plays, seeks, and goes on from part to part": func(v visit, e edge, site string) {
			e.stored(t, "hall", "A", may(1), film, second)
			v.open(site + "/recordings?recording=A#token=" + bob)
			v.do(script)
			v.shows("the first part is there", `id("player").videoWidth === 160 && Math.abs(id("player").duration - 4) < .2`)
			v.do(`id("player").currentTime = 3.2; await new Promise((seeked) => id("player").addEventListener("seeked", seeked, {once: true})); await id("player").play()`)
			v.shows("the second plays by itself", `id("player").videoWidth === 128 && id("player").currentTime > 0.2`)
			v.shows("it is marked", `document.querySelectorAll("#parts [aria-current]").length === 1 && document.querySelectorAll("#parts button")[1].ariaCurrent === "true"`)
			v.do(`document.querySelectorAll("#parts button")[0].click()`)
			v.shows("and the first again", `id("player").videoWidth === 160 && id("player").currentTime > 0.2`)
		},
		"plays by a new link when its link has run out": func(v visit, e edge, site string) {
			e.stored(t, "hall", "A", may(1), film)
			v.open(site + "/recordings?recording=A#token=" + bob)
			v.do(script)
			v.shows("it is there", `id("player").videoWidth === 160`)
			v.do(`
				id("player").src = id("player").src.replace("signature=", "signature=x")`)
			v.shows("it plays by a new link", `!id("player").src.includes("signature=x") && id("player").videoWidth === 160 && id("broken").hidden`)
		},
		"tells a failure, tries again, and follows it to the store": func(v visit, e edge, site string) {
			e.store.refuses.Store(true)
			e.archive.Start()
			recording := e.record(t, "hall").Recording
			v.open(site + "/recordings#token=" + carol)
			v.do(script)
			v.shows("it is being recorded", `state(0) === "Recording"`)
			wantStatus(t, e.do(http.MethodDelete, recordingOfHall, "", bearerOf(carol)), http.StatusOK)
			v.do(`document.querySelector("#rows a").click()`)
			v.shows("why it failed", `id("detail-notice").textContent.includes("403 Forbidden") && !id("retry").hidden && location.search === "?recording=`+recording+`"`)
			e.store.refuses.Store(false)
			v.do(`id("retry").click()`)
			v.shows("it is stored, here and in the list", `id("detail-state").textContent === "Stored" && state(0) === "Stored" && id("detail-notice").hidden`)
		},
		"deletes what its words name": func(v visit, e edge, site string) {
			e.stored(t, "hall", "A", may(1), film, second)
			e.stored(t, "attic", "B", may(2), film)
			v.open(site + "/recordings?recording=A#token=" + carol)
			v.do(script)
			v.shows("it is open", `!id("erase").hidden`)
			v.do(`id("erase").click()`)
			v.shows("what will be erased", `id("confirm").open && id("confirm-what").textContent.includes("2 media files") && id("confirm-what").textContent.includes("hall") && document.activeElement === id("keep")`)
			v.do(`id("keep").click()`)
			v.shows("it is kept", `!id("confirm").open && id("detail").open`)
			v.do(`id("erase").click(); id("erase-now").click()`)
			v.shows("it is gone, the other is not", `!id("detail").open && rooms() === "attic" && location.search === ""`)
			wantProblem(t, e.do(http.MethodGet, "/api/recordings/A", "", bearerOf(carol)), "recording_unknown")
		},
		"says what this token may not do": func(v visit, e edge, site string) {
			e.stored(t, "hall", "A", may(1), film)
			v.open(site + "/recordings?recording=A#token=" + bob)
			v.do(script)
			v.shows("it is open", `!id("erase").hidden`)
			v.do(`id("erase").click(); id("erase-now").click()`)
			v.shows("it may not", `id("detail-notice-title").textContent === "This token is not for this" && id("detail").open`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEdge(t)
			server := httptest.NewServer(e)
			defer server.Close()
			ctx, cancel := chromedp.NewContext(browser)
			defer cancel()
			use(visit{t, ctx}, e, server.URL)
		})
	}
}

// What the store signs is played from there, if the operator's configuration says that
// it is the store, and from nowhere else.
func TestRecordingsPageAndStore(t *testing.T) {
	browser, film := chromium(t), clip(t, 1, 160)
	foreign := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "part-001.mp4", time.Time{}, strings.NewReader(film))
	}))
	defer foreign.Close()
	for name, c := range map[string]struct {
		origins []string
		shows   string
	}{
		"the store":     {[]string{foreign.URL}, `document.getElementById("player").videoWidth === 160`},
		"another place": {nil, `!document.getElementById("broken").hidden && document.getElementById("player").videoWidth === 0`},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEdge(t, func(o *Options) { o.MediaOrigins = c.origins })
			e.stored(t, "hall", "A", may(1), film)
			e.store.signs = foreign.URL
			server := httptest.NewServer(e)
			defer server.Close()
			ctx, cancel := chromedp.NewContext(browser)
			defer cancel()
			v := visit{t, ctx}
			v.open(server.URL + "/recordings?recording=A#token=" + bob)
			v.shows("it plays from there, or not", c.shows)
		})
	}
}
