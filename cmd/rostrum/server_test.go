package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"

	"rostrum/cmd/rostrum/config"
)

// testToken is the token of every server that a test starts.
const testToken = "token-of-the-tests"

// startServer starts what users start, on ports of its own and with its data in a
// directory of the test, and returns its address. It is stopped with the test.
func startServer(t *testing.T, change ...func(*config.Config)) string {
	t.Helper()
	return startProgram(t, change...).http.url()
}

func startProgram(t *testing.T, change ...func(*config.Config)) *program {
	t.Helper()
	cfg := config.Default()
	cfg.HTTP.Addr = "127.0.0.1:0"
	cfg.WebRTC.UDPAddr, cfg.WebRTC.TCPAddr = ":0", ":0"
	cfg.Database.URL = config.DatabaseURL("sqlite:" + filepath.Join(t.TempDir(), "rostrum.db"))
	cfg.Recording.Dir, cfg.Storage.URL = filepath.Join(t.TempDir(), "spool"), "file:"+filepath.Join(t.TempDir(), "recordings")
	cfg.Auth.Token = testToken
	cfg.Limits = config.Limits{} // none: tests ask often, on machines with a lot else to do
	for _, c := range change {
		c(&cfg)
	}
	p := newProgram(&cfg, slog.New(slog.NewTextHandler(testWriter{t}, nil)))
	if err := p.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// testWriter writes a test's log.
type testWriter struct{ t *testing.T }

func (w testWriter) Write(b []byte) (int, error) { return w.t.Output().Write(b) }
