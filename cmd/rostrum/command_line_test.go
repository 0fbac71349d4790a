package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rostrum/api/client"
	"rostrum/api/client/rtc"
	"rostrum/cmd/rostrum/config"
	"rostrum/cmd/rostrum/play"
	"rostrum/cmd/rostrum/usage"
)

// What is written wrongly is told on the standard error alone, with what may have been meant
// and how to get help, and ends with 2.
func TestWrittenWrongly(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct{ args, says string }{
		{"serv", `unknown command "serv" for "rostrum"; did you mean serve?`},
		{"pubish --demo lobby", "did you mean publish?"},
		{"migrate", "say which: rostrum migrate status | up"},
		{"migrate upp", `for "rostrum migrate"; did you mean up?`},
		{"help publsh", "did you mean publish?"},
		{"help frobnicate", "unknown command \"frobnicate\""},
		{"completion tcsh", `unknown command "tcsh"`},
		{"version now", `unknown command "now"`},
		{"--htp.addr :9000", "unknown flag --htp.addr; did you mean --http.addr?"},
		{"publish --serv http://localhost lobby", "unknown flag --serv; did you mean --server?"},
		{"publish -token=hunter2 --demo lobby", "unknown flag -t; did you mean --token?"},
		{"publish --frobnicate", "unknown flag --frobnicate\n"},
		{"publish", "name a file and a room"},
		{"publish --demo a/b", "room name"},
		{"publish --demo lobby --server http://ann:hunter2@localhost", "token"},
		{"publish --demo lobby --server http://localhost/?token=hunter2", "token"},
		{"publish --demo lobby --loop --once", "loop once"},
		{"play", "name a room"},
		{"play lobby --server ftp://localhost", "http://"},
		{"bench --subscribers 0", "use a number from 1"},
		{"bench --subscribers many", "invalid argument"},
		{"bench --json=true --markdown", "json markdown"},
		{"openapi --spec 2.0", `--spec "2.0": use 3.1 or 3.0`},
		{"openapi --format xml", "use yaml or json"},
		{"token --action fly --auth.jwt.secret 0123456789abcdef0123456789abcdef", "publish, play or admin"},
		{"doctor --live --ready", "live ready"},
		{"config --log.level loud", "--log.level: must be debug"},
		{"--config missing.yaml", "does not exist"},
		{"doctor --http.addr nowhere", "http.addr"},
	} {
		got := line(t, strings.Fields(c.args)...)
		if got.exit != exitUsage || !strings.Contains(got.err, c.says) {
			t.Errorf("rostrum %s ends with %d and says\n%s, want 2 and %q", c.args, got.exit, got.err, c.says)
		}
		if got.out != "" && !strings.HasPrefix(c.args, "doctor") {
			t.Errorf("rostrum %s prints %q", c.args, got.out)
		}
		if strings.Contains(got.err, "hunter2") || strings.Contains(got.err, "Flags:") {
			t.Errorf("rostrum %s says\n%s", c.args, got.err)
		}
	}
	if got := line(t, "serv").err; !strings.HasSuffix(got, "See \"rostrum --help\".\n") {
		t.Errorf("it does not say how to get help: %q", got)
	}
}

// refusing is a server that gives one answer.
func refusing(t *testing.T, status int, body string) (url string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(status)
		w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// The exit code says whether trying again can help, and JSON says why in a word.
func TestHowItEnds(t *testing.T) {
	t.Chdir(t.TempDir())
	server := startServer(t, func(cfg *config.Config) { cfg.Rooms.AutoCreate = false })
	t.Setenv("ROSTRUM_TOKEN", testToken)
	for name, c := range map[string]struct {
		args []string
		exit int
		code string
	}{
		"done":               {[]string{"version"}, exitDone, ""},
		"failed":             {[]string{"migrate", "status", "--database.url", "memory:"}, exitFailed, "failed"},
		"not configured":     {[]string{"config", "--http.addr", "x"}, exitUsage, "configuration"},
		"used wrongly":       {[]string{"bench", "--runs", "0"}, exitUsage, "usage"},
		"refused for good":   {[]string{"play", "unknown", "--server", server}, exitRefused, "room_unknown"},
		"refused for now":    {[]string{"publish", "--demo", "a", "--retry=false", "--server", refusing(t, 503, `{"status":503,"code":"shutting_down","retryable":true}`)}, exitAway, "shutting_down"},
		"away":               {[]string{"publish", "--demo", "a", "--retry=false", "--server", "http://127.0.0.1:1"}, exitAway, "unreachable"},
		"no Rostrum there":   {[]string{"publish", "--demo", "a", "--retry=false", "--server", refusing(t, 201, "good morning")}, exitRefused, "contract"},
		"nothing that lives": {[]string{"doctor", "--live", "--http.addr", "127.0.0.1:1"}, exitFailed, "failed"},
	} {
		t.Run(name, func(t *testing.T) {
			got := line(t, c.args...)
			if got.exit != c.exit || (got.err == "") != (c.exit == exitDone) {
				t.Errorf("it ends with %d, want %d, and says %q", got.exit, c.exit, got.err)
			}
			if strings.Contains(got.err, testToken) {
				t.Errorf("it says the token: %q", got.err)
			}
			if c.exit != exitDone {
				checkJSONError(t, line(t, append(c.args, "--json")...), c.exit, c.code)
			}
		})
	}
}

// Each reason has an exit code and a word, however deep it stands in an error.
func TestOutcomes(t *testing.T) {
	cmd, _, err := rootCommand(io.Discard, io.Discard).Find([]string{"publish"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		err  error
		exit int
		code string
	}{
		{nil, exitDone, ""},
		{errors.New("no media"), exitFailed, "failed"},
		{usage.Errorf("no room"), exitUsage, "usage"},
		{config.Problems{errors.New("http.addr")}, exitUsage, "configuration"},
		{client.ErrServer, exitUsage, "usage"},
		{&client.Problem{Status: 409, Code: "room_busy", Retryable: true}, exitAway, "room_busy"},
		{&client.Problem{Status: 403, Code: "forbidden"}, exitRefused, "forbidden"},
		{client.ErrContract, exitRefused, "contract"},
		{client.ErrUntrusted, exitRefused, "untrusted"},
		{client.ErrUnreachable, exitAway, "unreachable"},
		{rtc.ErrNoMedia, exitAway, "no_media"},
		{rtc.ErrEnded, exitAway, "ended"},
		{rtc.ErrLost, exitAway, "lost"},
		{play.ErrDisk, exitFailed, "disk"},
		{play.ErrNothing, exitFailed, "nothing_received"},
		{fmt.Errorf("%w: %w", play.ErrNothing, client.ErrUnreachable), exitAway, "unreachable"},
		{errors.Join(rtc.ErrLost, play.ErrDisk), exitFailed, "disk"},
	} {
		deep := c.err
		if deep != nil {
			deep = errors.Join(fmt.Errorf("publish: %w", c.err), errors.New("and the file could not be closed"))
		}
		if got := outcomeOf(t.Context(), cmd, deep); got.exit != c.exit || got.code != c.code {
			t.Errorf("%v ends with %d, %q, want %d, %q", c.err, got.exit, got.code, c.exit, c.code)
		}
	}
}

// checkJSONError wants the last line of the standard error to be a reason as JSON.
func checkJSONError(t *testing.T, got said, exit int, code string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(got.err), "\n")
	var told struct {
		Error, Code string
		Exit        int
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &told); err != nil || told.Error == "" || told.Code != code || told.Exit != exit || got.exit != exit {
		t.Errorf("with --json it ends with %d and says %q (%v), want code %q", got.exit, got.err, err, code)
	}
}

// Every result that a script would read is one document of JSON.
func TestJSON(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("ROSTRUM_DATABASE_URL", "sqlite:rostrum.db")
	t.Setenv("ROSTRUM_AUTH_JWT_SECRET", "0123456789abcdef0123456789abcdef")
	for _, c := range []struct {
		args string
		has  func(any) bool
	}{
		{"version --json", func(v any) bool { return v.(map[string]any)["go"] != "" }},
		{"config --json", func(v any) bool {
			return v.(map[string]any)["auth"].(map[string]any)["jwt"].(map[string]any)["secret"] == "***"
		}},
		{"token --json --action play", func(v any) bool { return v.(map[string]any)["actions"].([]any)[0] == "play" }},
		{"migrate status --json", func(v any) bool { return v.([]any)[0].(map[string]any)["applied"] == nil }},
		{"migrate up --json", func(v any) bool { return v.([]any)[0].(map[string]any)["applied"] != nil }},
		{"openapi --format json", func(v any) bool { return v.(map[string]any)["openapi"].(string)[:3] == "3.1" }},
		{"openapi --format json --spec 3.0", func(v any) bool { return v.(map[string]any)["openapi"] == "3.0.3" }},
	} {
		got := line(t, strings.Fields(c.args)...)
		var value any
		if err := json.Unmarshal([]byte(got.out), &value); err != nil || got.exit != exitDone || got.err != "" {
			t.Errorf("rostrum %s ends with %d (%v):\n%s%s", c.args, got.exit, err, got.out, got.err)
			continue
		}
		if !c.has(value) {
			t.Errorf("rostrum %s prints\n%s", c.args, got.out)
		}
	}
}

func TestVersion(t *testing.T) {
	version, commit, built = "1.2.3", "abcdef", "2026-11-23T00:00:00Z"
	t.Cleanup(func() { version, commit, built = "", "", "" })
	for _, args := range []string{"version", "--version", "-v"} {
		if got := line(t, args); got.exit != exitDone || !strings.HasPrefix(got.out, "rostrum 1.2.3 (commit abcdef, built 2026-11-23T00:00:00Z, go1.") {
			t.Errorf("rostrum %s: %+v", args, got)
		}
	}
}

// A client that is interrupted ends with 130, one that is asked to end with 0; a server with
// 0 in both cases.
func TestSignals(t *testing.T) {
	server := startServer(t)
	for name, c := range map[string]struct {
		args   []string
		signal syscall.Signal
		ready  string
		exit   int
	}{
		"client, interrupted": {[]string{"publish", "--demo", "a", "--server", server}, syscall.SIGINT, "publishing", exitInterrupted},
		"client, asked":       {[]string{"publish", "--demo", "b", "--server", server}, syscall.SIGTERM, "publishing", exitDone},
		"server, interrupted": {[]string{"serve", "--http.addr", "127.0.0.1:0", "--webrtc.udp_addr", "127.0.0.1:0", "--webrtc.tcp_addr", ""}, syscall.SIGINT, "is ready at", exitDone},
		"server, asked":       {[]string{"--http.addr", "127.0.0.1:0", "--webrtc.udp_addr", "127.0.0.1:0", "--webrtc.tcp_addr", ""}, syscall.SIGTERM, "is ready at", exitDone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := commandOf(t, c.args...)
			cmd.Env = append(cmd.Env, "ROSTRUM_TOKEN="+testToken)
			heard := hear(c.ready)
			cmd.Stdout, cmd.Stderr = heard, heard
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			select {
			case <-heard.ready:
			case <-time.After(time.Minute):
				t.Errorf("it does not say %q", c.ready)
			}
			_ = cmd.Process.Signal(c.signal)
			_ = cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code != c.exit {
				t.Errorf("it ends with %d, want %d:\n%s", code, c.exit, heard)
			}
		})
	}
}

// doctor tells a server that runs from another program at its port, and --live and --ready
// ask it: for the health check of an image.
func TestDoctorOfARunningServer(t *testing.T) {
	t.Chdir(t.TempDir())
	address := strings.TrimPrefix(startServer(t), "http://localhost")
	for _, c := range []struct{ args, says string }{
		{"doctor --live --http.addr 127.0.0.1" + address, "/healthz answers 204"},
		{"doctor --ready --http.addr " + address, "/readyz answers 200 ready"},
		{"doctor --webrtc.udp_addr 127.0.0.1:0 --webrtc.tcp_addr 127.0.0.1:0 --http.addr " + address, "a Rostrum answers at http://127.0.0.1" + address},
	} {
		if got := line(t, strings.Fields(c.args)...); got.exit != exitDone || !strings.Contains(got.out, c.says) || got.err != "" {
			t.Errorf("rostrum %s: %+v", c.args, got)
		}
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	got := line(t, "doctor", "--json", "--webrtc.udp_addr", "127.0.0.1:0", "--webrtc.tcp_addr", "127.0.0.1:0", "--http.addr", taken.Addr().String())
	if got.exit != exitFailed || !strings.Contains(got.out, `"status": "fail"`) || !strings.Contains(got.out, "address already in use") {
		t.Errorf("with another program at its port: %+v", got)
	}
	checkJSONError(t, got, exitFailed, "failed")
	if left, err := filepath.Glob("*"); err != nil || len(left) > 0 {
		t.Errorf("doctor has made %v (%v)", left, err)
	}
}

// --live works where HTTP is by TLS, with a certificate that does not name this machine.
func TestLiveByTLS(t *testing.T) {
	cert, key := selfSigned(t)
	p := startProgram(t, func(cfg *config.Config) { cfg.HTTP.TLSCert, cfg.HTTP.TLSKey = cert, key })
	_, port, err := net.SplitHostPort(p.http.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if got := line(t, "doctor", "--live", "--http.addr", "127.0.0.1:"+port, "--http.tls_cert", cert, "--http.tls_key", key); got.exit != exitDone {
		t.Errorf("%+v", got)
	}
	if got := line(t, "doctor", "--live", "--http.addr", "127.0.0.1:"+port); got.exit != exitFailed {
		t.Errorf("without TLS: %+v", got)
	}
	if _, err := os.Stat(cert); err != nil {
		t.Error(err)
	}
}
