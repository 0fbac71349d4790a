package web

import (
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/freeport"
)

// operator is the token that every stand knows.
const operator = "token-of-the-web-tests"

// stand is a server that stays where it is over restarts, and the site of a stranger, of
// another origin, whose pages it lets in.
type stand struct {
	t       *testing.T
	url     string // of the server
	address string
	folder  string
	site    *httptest.Server
	pages   map[string]string // of the site, by their path; to be changed before one is opened
	now     *rig.Server
	flags   []string // of the server, besides those of every stand
	env     []string
}

// newStand returns a stand whose server runs until the test ends, and records nothing.
func newStand(t *testing.T) *stand {
	t.Helper()
	return newStandWith(t, nil, "--rooms.record=false")
}

// newStandWith returns a stand whose server has these settings as well.
func newStandWith(t *testing.T, env []string, flags ...string) *stand {
	t.Helper()
	address, err := freeport.Address()
	if err != nil {
		t.Fatal(err)
	}
	s := &stand{t: t, url: "http://" + address, address: address, folder: t.TempDir(), flags: flags, env: env}
	s.pages = map[string]string{"/": strings.ReplaceAll(blank, "SERVER", s.url)}
	s.site = httptest.NewServer(http.HandlerFunc(s.page))
	t.Cleanup(s.site.Close)
	s.start()
	t.Cleanup(func() {
		if err := s.now.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// start starts the server.
func (s *stand) start() {
	s.t.Helper()
	cmd := rig.Command(append([]string{
		"serve", "--http.addr", s.address, "--webrtc.udp_addr", s.address, "--webrtc.tcp_addr", "",
		"--http.cors_origins", s.site.URL, "--database.url", "memory:",
		"--limits.publish", "off", "--limits.play", "off", "--limits.sessions", "off", "--limits.load", "0",
	}, s.flags...)...)
	cmd.Dir, cmd.Env = s.folder, slices.Concat(os.Environ(), s.env, []string{"ROSTRUM_AUTH_TOKEN=" + operator})
	served, err := rig.Serve(cmd)
	if err != nil {
		s.t.Fatal(err)
	}
	s.now = served
}

// kill ends the server as kill -9 does.
func (s *stand) kill() {
	s.t.Helper()
	if err := s.now.Kill(); err != nil {
		s.t.Fatal(err)
	}
}

// page serves the stranger's site.
func (s *stand) page(w http.ResponseWriter, r *http.Request) {
	html, ok := s.pages[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(html)) // a browser that goes away fails its test elsewhere
}
