package main

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rostrum/cmd/rostrum/config"
)

// TestFaultsAtStart starts with what cannot work. Each fault is told in words that
// say which setting it is about and what to do; none is told in the wiring's.
func TestFaultsAtStart(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	takenUDP, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = takenUDP.Close() }()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("no directory"), 0o600); err != nil {
		t.Fatal(err)
	}

	for name, c := range map[string]struct {
		change func(*config.Config)
		says   string
	}{
		"HTTP port in use":             {func(c *config.Config) { c.HTTP.Addr = taken.Addr().String() }, "http.addr"},
		"UDP port in use":              {func(c *config.Config) { c.WebRTC.UDPAddr = takenUDP.LocalAddr().String() }, "webrtc.udp_addr"},
		"TCP port in use":              {func(c *config.Config) { c.WebRTC.TCPAddr = taken.Addr().String() }, "webrtc.tcp_addr"},
		"database below a file":        {func(c *config.Config) { c.Database.URL = config.DatabaseURL("sqlite:" + file + "/rostrum.db") }, file},
		"database that is none":        {func(c *config.Config) { c.Database.URL = config.DatabaseURL("sqlite:" + file) }, file},
		"token file below a file":      {func(c *config.Config) { c.Auth.Token, c.Auth.TokenFile = "", file+"/token" }, file},
		"spool below a file":           {func(c *config.Config) { c.Recording.Dir = file + "/spool" }, file},
		"store below a file":           {func(c *config.Config) { c.Storage.URL = "file:" + file + "/recordings" }, file},
		"store of an unknown option":   {func(c *config.Config) { c.Storage.URL = "s3://acme?ednpoint=http://a" }, "ednpoint"},
		"key of another certificate":   {func(c *config.Config) { c.HTTP.TLSCert, _ = selfSigned(t); _, c.HTTP.TLSKey = selfSigned(t) }, "http.tls_cert"},
		"token file with loose rights": {func(c *config.Config) { c.Auth.Token, c.Auth.TokenFile = "", looseToken(t) }, "chmod 600"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config.Default()
			cfg.HTTP.Addr, cfg.WebRTC.UDPAddr, cfg.WebRTC.TCPAddr = "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"
			cfg.Database.URL, cfg.Auth.Token = "memory:", testToken
			cfg.Recording.Dir, cfg.Storage.URL = filepath.Join(t.TempDir(), "spool"), "file:"+filepath.Join(t.TempDir(), "recordings")
			c.change(&cfg)
			p := newProgram(&cfg, slog.New(slog.DiscardHandler))
			err := p.Start(context.Background())
			if err == nil {
				_ = p.Close()
				t.Fatal("it started")
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q does not name %q", err, c.says)
			}
			for _, jargon := range []string{"could not build", "fx.", "dig", "missing dependencies"} {
				if strings.Contains(err.Error(), jargon) {
					t.Errorf("%q speaks of %q", err, jargon)
				}
			}
		})
	}
}

func looseToken(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte("a-token-that-all-can-read\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestFirstStart mints a token and prints where it is kept, with what to do next. The
// token itself is for terminals: what this prints may be kept, as a journal does.
func TestFirstStart(t *testing.T) {
	cfg := config.Default()
	cfg.HTTP.Addr, cfg.WebRTC.UDPAddr, cfg.WebRTC.TCPAddr = "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"
	cfg.Database.URL = "memory:"
	cfg.Recording.Dir, cfg.Storage.URL = filepath.Join(t.TempDir(), "spool"), "file:"+filepath.Join(t.TempDir(), "recordings")
	cfg.Auth.TokenFile = filepath.Join(t.TempDir(), "data", "token")

	first := served(t, &cfg)
	minted, err := os.ReadFile(cfg.Auth.TokenFile)
	if err != nil {
		t.Fatal(err)
	}
	token := strings.TrimSpace(string(minted))
	for start, said := range []string{first, served(t, &cfg)} {
		for _, line := range []string{"Bearer Token  the one in " + cfg.Auth.TokenFile, "/watch/demo\n", "/api/whip/publish/demo", "rostrum publish --demo demo"} {
			if !strings.Contains(said, line) {
				t.Errorf("start %d does not print %q:\n%s", start, line, said)
			}
		}
		if strings.Contains(said, token) {
			t.Errorf("start %d prints the token:\n%s", start, said)
		}
	}
}

// served serves until it answers, and returns what it printed.
func served(t *testing.T, cfg *config.Config) string {
	t.Helper()
	var out bytes.Buffer
	p := newProgram(cfg, slog.New(slog.NewTextHandler(testWriter{t}, nil)))
	if err := p.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	welcome(&out, cfg, p)
	client := http.Client{Timeout: 5 * time.Second}
	res, err := client.Get(p.http.url() + "/healthz")
	if err != nil || res.StatusCode != http.StatusNoContent {
		t.Errorf("GET /healthz: %v %v", res, err)
	}
	if err == nil {
		_ = res.Body.Close()
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	return out.String()
}
