package main

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// hearer keeps what a process says, and closes ready when it says a word.
type hearer struct {
	word  string
	ready chan struct{}
	once  sync.Once

	mu   sync.Mutex
	text bytes.Buffer
}

func hear(word string) *hearer { return &hearer{word: word, ready: make(chan struct{})} }

func (h *hearer) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.text.Write(b)
	if strings.Contains(h.text.String(), h.word) {
		h.once.Do(func() { close(h.ready) })
	}
	return len(b), nil
}

func (h *hearer) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}

// selfSigned makes a certificate and its key, and returns their files.
func selfSigned(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"live.example.com"}, NotAfter: time.Now().Add(time.Hour)}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: raw}, key: {Type: "EC PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// atTerminal returns a run of the program, in a directory of its own, at a terminal that
// script(1) makes. script has a shell run it: sh here, whatever shell the environment names
// or whether it names one, and that makes way for the program, so that keys reach the program
// alone and its exit code is what script ends with.
func atTerminal(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	script, err := exec.LookPath("script")
	if err != nil {
		t.Fatalf("script of util-linux is needed: %v", err)
	}
	line := "exec " + strings.Join(append([]string{filepath.Join(onPath(t), "rostrum")}, args...), " ")
	cmd := exec.CommandContext(t.Context(), script, "-qec", line, "/dev/null")
	cmd.Dir, cmd.Env = t.TempDir(), append(os.Environ(), asProgram+"=1", "SHELL=/bin/sh", "TERM=xterm")
	return cmd
}

// Who starts the server at a terminal for the first time is shown the token that it made
// up, and links with it.
func TestFirstStartAtATerminal(t *testing.T) {
	shown := atTerminal(t, "--http.addr", "127.0.0.1:0", "--webrtc.udp_addr", "127.0.0.1:0", "--webrtc.tcp_addr", "127.0.0.1:0")
	keys, err := shown.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	screen, err := shown.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := shown.Start(); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for lines := bufio.NewScanner(screen); lines.Scan(); {
		text.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), "Bearer Token") {
			_, _ = io.WriteString(keys, "\x03") // Ctrl-C
		}
	}
	if err := shown.Wait(); err != nil {
		t.Error(err)
	}
	minted, err := os.ReadFile(filepath.Join(shown.Dir, "data", "token"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Bearer Token  ", "/publish/demo#token=", "/watch/demo#token="} {
		if want += strings.TrimSpace(string(minted)); !strings.Contains(text.String(), want) {
			t.Errorf("the terminal does not show %q:\n%s", want, &text)
		}
	}
}

// How far long work is, is drawn for a terminal, and nothing of that reaches a pipe.
func TestProgressIsForTerminals(t *testing.T) {
	args := []string{"doctor", "--http.addr", "127.0.0.1:0", "--webrtc.udp_addr", "127.0.0.1:0", "--webrtc.tcp_addr", "127.0.0.1:0"}
	piped := commandOf(t, args...)
	said, err := piped.CombinedOutput()
	if err != nil || bytes.ContainsAny(said, "\x1b\r") {
		t.Errorf("into a pipe it says %q (%v)", said, err)
	}

	shown := atTerminal(t, args...)
	drawn, err := shown.CombinedOutput()
	if err != nil || !bytes.Contains(drawn, []byte("checking")) || !bytes.Contains(drawn, []byte("\x1b[2K")) {
		t.Errorf("on a terminal it draws %q (%v)", drawn, err)
	}
	dumb := atTerminal(t, args...)
	dumb.Env = append(dumb.Env, "TERM=dumb")
	if plain, err := dumb.CombinedOutput(); err != nil || bytes.Contains(plain, []byte("\x1b")) {
		t.Errorf("on a terminal that cannot draw it says %q (%v)", plain, err)
	}
}
