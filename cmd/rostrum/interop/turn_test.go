//go:build interop

package interop

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"rostrum/ports/porttest/freeport"
)

// TestRelayAlone publishes through a TURN server and nothing else. The server tells
// of it in the Link fields of its answer, with credentials that it makes by the
// secret that it shares with the TURN server.
func TestRelayAlone(t *testing.T) {
	const secret = "secret-of-the-interop-tests"
	relay := startTURN(t, secret)
	file := filepath.Join(t.TempDir(), "rostrum.yaml")
	servers := fmt.Sprintf("webrtc:\n  ice_servers:\n    - urls: [\"turn:%s?transport=udp\"]\n      secret: %s\n", relay, secret)
	if err := os.WriteFile(file, []byte(servers), 0o600); err != nil {
		t.Fatal(err)
	}
	server := startServer(t, "--config", file)

	publisher := newPeer(t, webrtc.ICETransportPolicyRelay, webrtc.NetworkTypeUDP4)
	publisher.publishClip(server + "/api/whip/publish/room")
	if pair := publisher.pair(); pair.Local.Typ != webrtc.ICECandidateTypeRelay {
		t.Errorf("the publisher is connected by %v", pair)
	}
	watch := chromium(t).open(t, server+"/watch/room#token="+token)
	watch.receives(shown{codec: "video/VP8", sound: true})
}

// startTURN starts coturn on loopback, and returns its address when it listens.
func startTURN(t *testing.T, secret string) string {
	t.Helper()
	port, err := freeport.Port()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	listening := make(chan struct{}, 8)
	start(t, exec.Command(lookAnyPath(t, "turnserver"), "-n", "-L", "127.0.0.1", "-E", "127.0.0.1",
		"--listening-port", strconv.Itoa(port), "--allow-loopback-peers", "--realm", "rostrum",
		"--use-auth-secret", "--static-auth-secret", secret, "--no-tls", "--no-dtls", "--no-cli",
		"--log-file", "stdout", "--pidfile", filepath.Join(dir, "pid"), "--userdb", filepath.Join(dir, "users")),
		func(line string) {
			if strings.Contains(line, "Total General servers") {
				select {
				case listening <- struct{}{}:
				default: // known
				}
			}
		})
	within(t, 10*time.Second, listening, "coturn listens")
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
}
