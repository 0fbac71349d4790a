//go:build interop

package interop

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// token is the bearer token of every server that a test starts.
const token = "token-of-the-interop-tests"

var ready = regexp.MustCompile(`^Rostrum is ready at (http://\S+)$`)

// startServer starts the program on ports of its own, with nothing kept or recorded, and
// returns its address. More flags are added to its command line.
func startServer(t *testing.T, flags ...string) string {
	t.Helper()
	addresses, folder := make(chan string, 1), t.TempDir()
	server := start(t, command(append([]string{
		"--http.addr", "127.0.0.1:0", "--webrtc.udp_addr", ":0", "--webrtc.tcp_addr", "",
		"--database.url", "memory:", "--limits.publish", "off", "--limits.play", "off",
		"--rooms.record=false", "--recording.dir", filepath.Join(folder, "spool"), "--storage.url", "file:" + filepath.Join(folder, "recordings"),
	}, flags...)...), func(line string) {
		if found := ready.FindStringSubmatch(line); found != nil {
			addresses <- found[1]
		}
	})
	t.Cleanup(server.interrupt)
	return within(t, 10*time.Second, addresses, "the server's address")
}

// publishDemo sends the built-in clip into a room, VP8 and Opus.
func publishDemo(t *testing.T, server, room string) *process {
	t.Helper()
	return start(t, command("publish", "--server", server, "--demo", room), nil)
}

// command is the program under test, with the token where others cannot read it.
func command(args ...string) *exec.Cmd {
	cmd := exec.Command(rostrum, args...)
	cmd.Env = append(os.Environ(), "ROSTRUM_AUTH_TOKEN="+token, "ROSTRUM_TOKEN="+token)
	return cmd
}
