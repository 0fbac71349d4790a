package doctor

import (
	"os"
	"path/filepath"
	"testing"

	"rostrum/cmd/rostrum/config"
)

func TestMachine(t *testing.T) {
	wants{Warn, "208 KiB to receive", "sysctl -w net.core.rmem_max=8388608 net.core.wmem_max=8388608"}.check(t, examineBuffers(208<<10, 8<<20))
	wants{Warn, "208 KiB to send", "sysctl"}.check(t, examineBuffers(8<<20, 208<<10))
	wants{OK, "8.0 MiB", ""}.check(t, examineBuffers(8<<20, 8<<20))
	wants{OK, "does not tell", ""}.check(t, examineBuffers(0, 0))
	wants{Warn, "1024 may be open", "LimitNOFILE=65536"}.check(t, examineFiles(1024, true))
	wants{OK, "65536 may be open", ""}.check(t, examineFiles(65536, true))
	wants{OK, "does not tell", ""}.check(t, examineFiles(0, false))
	wants{Warn, "nothing keeps the clock", "timedatectl set-ntp true"}.check(t, examineClock(false, true))
	wants{OK, "NTP", ""}.check(t, examineClock(true, true))
	wants{OK, "does not tell", ""}.check(t, examineClock(false, false))
	for name, c := range map[string]func(t *testing.T) Result{
		"buffers": func(t *testing.T) Result { return see(t, socketBuffers) },
		"files":   func(t *testing.T) Result { return see(t, openFiles) },
		"clock":   func(t *testing.T) Result { return see(t, clock) },
	} {
		if got := c(t); got.Status == Fail || got.Seen == "" {
			t.Errorf("%s of this machine: %+v", name, got)
		}
	}
}

func TestDataDirectory(t *testing.T) {
	dir := t.TempDir()
	cfg := defaults(func(c *config.Config) {
		c.Recording.Dir, c.Auth.TokenFile = filepath.Join(dir, "spool"), filepath.Join(dir, "token")
		c.Database.URL = config.DatabaseURL("sqlite:" + filepath.Join(dir, "rostrum.db"))
	})
	change := func(mode os.FileMode) {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
	}
	change(0o700)
	wants{OK, "owner and group alone", ""}.check(t, see(t, dataDirectory(cfg)))
	change(0o755)
	wants{Warn, "everybody on this machine", "chmod o-rwx " + dir}.check(t, see(t, dataDirectory(cfg)))
	if err := os.WriteFile(cfg.Auth.TokenFile, []byte("s3cr3t-token"), 0o644); err != nil {
		t.Fatal(err)
	}
	wants{Fail, "mode 0644", "chmod 600 " + cfg.Auth.TokenFile}.check(t, see(t, dataDirectory(cfg), "s3cr3t"))
}
