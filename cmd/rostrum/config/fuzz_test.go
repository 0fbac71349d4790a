package config_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"rostrum/cmd/rostrum/config"
)

// FuzzFile: whatever stands in the file, Load answers; every line of an error
// names the file; and what is accepted can be printed and read back.
func FuzzFile(f *testing.F) {
	f.Add([]byte(fill(`""`, " []", " []")))
	f.Add([]byte(fill("secret-12345", " [{token: 12345678x, subject: a, actions: [play], rooms: [\"*\"]}]", " [{urls: [\"stun:a\", \"turn:[::1]:9\"], secret: s, ttl: 1m}]")))
	f.Add([]byte("webrtc: {ice_servers: [{urls: [\"stuns:a:5349\"]}]}"))
	f.Add(config.Example())
	for _, text := range []string{"http: &a {addr: *a}", "http.addr: x", "- 1", "? {a: b}\n: c", "? .nan\n: 1", "auth: {tokens: [1, {? [] : 2}]}", "log: !!binary aGk=", "a: 2001-01-01\n---\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		setenv(t, nil)
		file := filepath.Join(t.TempDir(), "rostrum.yaml")
		cfg, err := loadBytes(t, file, text)
		if err != nil {
			for _, line := range strings.Split(err.Error(), "\n") {
				if !strings.HasPrefix(line, file+":") {
					t.Errorf("a problem without its place: %q", line)
				}
			}
			return
		}
		var out bytes.Buffer
		if err := config.Print(&out, cfg); err != nil {
			t.Fatal(err)
		}
		if cfg.Auth.Token != "" || len(cfg.Auth.Tokens) > 0 || bytes.Contains(out.Bytes(), []byte("'***'")) {
			return // a mask is not read back
		}
		again, err := loadBytes(t, file, out.Bytes())
		if err != nil {
			t.Fatalf("printed, but not accepted: %v\n%s", err, &out)
		}
		if d := diff(cfg, again); d != "" {
			t.Error(d)
		}
	})
}

func loadBytes(t *testing.T, file string, text []byte) (*config.Config, error) {
	t.Helper()
	write(t, file, string(text))
	flags := pflag.NewFlagSet("rostrum", pflag.ContinueOnError)
	config.Flags(flags)
	if err := flags.Parse([]string{"--config", file}); err != nil {
		t.Fatal(err)
	}
	return config.Load(flags)
}
