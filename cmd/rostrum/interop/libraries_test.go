//go:build interop

package interop

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
	"time"
)

// TestLibrariesOfAnotherSite publishes and plays by WHIP and WHEP libraries, on
// pages whose origin is not the server's.
func TestLibrariesOfAnotherSite(t *testing.T) {
	site := serveLibraries(t)
	server := startServer(t, "--http.cors_origins", site)
	browser := chromium(t)
	for room, c := range map[string]struct{ publisher, player string }{
		"eyevinn":  {"@eyevinn/whip-web-client", "@eyevinn/webrtc-player"},
		"whipwhep": {"whip-whep", "whip-whep"},
	} {
		t.Run(room, func(t *testing.T) {
			publisher := browser.open(t, site)
			publisher.begin("publish", c.publisher, server+"/api/whip/publish/"+room)
			publisher.eventually(15*time.Second, connected, "the publisher is connected")
			player := browser.open(t, site)
			player.begin("play", c.player, server+"/api/whep/play/"+room)
			player.receives(shown{codec: "video/VP8", sound: true})

			evaluate[any](player, `window.session.end()`)
			evaluate[any](publisher, `window.session.end()`)
			publisher.close()
			player.close()
		})
	}
}

// TestLibraryRestartsICE has both sides of a running stream restart ICE: it goes on
// under other credentials, which are the server's answer to a PATCH. This library
// can do so only where the server has a single candidate.
func TestLibraryRestartsICE(t *testing.T) {
	site := serveLibraries(t)
	server := startServer(t, "--http.cors_origins", site, "--webrtc.udp_addr", "127.0.0.1:0")
	browser := chromium(t)
	publisher, player := browser.open(t, site), browser.open(t, site)
	publisher.begin("publish", "whip-whep", server+"/api/whip/publish/room")
	publisher.eventually(15*time.Second, connected, "the publisher is connected")
	player.begin("play", "whip-whep", server+"/api/whep/play/room")
	player.receives(shown{codec: "video/VP8", sound: true})
	for _, p := range []page{publisher, player} {
		const ufrag = `window.rostrum.pc.remoteDescription.sdp.match(/a=ice-ufrag:(\S+)/)[1]`
		before := evaluate[string](p, ufrag)
		evaluate[any](p, `window.session.restart()`)
		if after := evaluate[string](p, ufrag); after == before {
			t.Error("the server's ufrag is the one before the restart")
		}
		p.eventually(15*time.Second, connected, "the page is connected again")
		player.receives(shown{codec: "video/VP8", sound: true})
	}
}

// begin publishes or plays by a library, in its page.
func (p page) begin(how, library, endpoint string) {
	p.t.Helper()
	p.eventually(5*time.Second, `window.begin`, "the libraries are loaded")
	evaluate[any](p, fmt.Sprintf("window.begin(%q, %q, %q, %q)", how, library, endpoint, token))
}

// serveLibraries serves the page of clients/libraries.mjs, and returns its origin.
func serveLibraries(t *testing.T) string {
	t.Helper()
	bundle := exec.Command("clients/node_modules/.bin/esbuild", "clients/libraries.mjs", "--bundle", "--format=esm", "--log-level=warning")
	bundle.Stderr = os.Stderr
	script, err := bundle.Output()
	if err != nil {
		t.Fatalf("bundle the libraries: %v", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /libraries.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write(script)
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!doctype html><video autoplay playsinline></video><script type="module" src="/libraries.js"></script>`))
	})
	site := httptest.NewServer(mux)
	t.Cleanup(site.Close)
	return site.URL
}
