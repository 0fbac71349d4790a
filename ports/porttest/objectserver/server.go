// Package objectserver starts real object stores as processes of their own, for
// tests, and puts faults in front of them. A server that cannot be had is a failure
// and never a skip.
package objectserver

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rostrum/ports/porttest/freeport"
)

// startWait is how long a server has until it answers.
const startWait = 30 * time.Second

// Server is a store that runs as a process on this machine. Its methods are for
// one goroutine at a time.
type Server struct {
	URL                          string // http://127.0.0.1:port
	AccessKey, SecretKey, Region string // of S3 alone

	protocol protocol
	dir      string // where it keeps what it is given
	process  *process
}

// protocol is what tells the stores apart.
type protocol struct {
	tool    string // the package of the server
	health  string // the path that answers once it serves
	command func(s *Server, host, port string) (args, env []string)
	make    func(t testing.TB, s *Server, bucket string)
	keys    func(t testing.TB, s *Server, bucket string) []string
	refusal func(status int) (contentType, body string)
	lie     func(r *http.Response, about Lie, body []byte) []byte // what it would answer, but for the truth
	resumes bool                                                  // uploads; see resumed
}

// GCS starts a fake-gcs-server, which ends with the test.
func GCS(t testing.TB) *Server {
	t.Helper()
	s := &Server{protocol: gcs}
	s.run(t)
	return s
}

// S3 starts a versitygw, which ends with the test. It knows one account, whose
// keys are of this server alone.
func S3(t testing.TB) *Server {
	t.Helper()
	s := &Server{AccessKey: "access-" + rand.Text(), SecretKey: rand.Text() + rand.Text(), Region: "eu-central-1", protocol: s3}
	s.run(t)
	return s
}

func (s *Server) run(t testing.TB) {
	t.Helper()
	s.dir = t.TempDir()
	for _, dir := range []string{"buckets", "attributes"} {
		if err := os.Mkdir(filepath.Join(s.dir, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s.protocol.tool = binary(t, s.protocol.tool)
	t.Cleanup(func() {
		if s.process != nil {
			s.Stop(t)
		}
	})
	address, err := freeport.Address()
	if err != nil {
		t.Fatal(err)
	}
	s.URL = "http://" + address
	s.Start(t)
}

// Start has the server back after Stop: on the same port, with the same data. What
// was being uploaded resumably is unknown to it.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	host, port, err := net.SplitHostPort(strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	args, env := s.protocol.command(s, host, port)
	s.process, err = startProcess(exec.CommandContext(context.WithoutCancel(t.Context()), s.protocol.tool, args...), env)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.await(); err != nil {
		t.Fatalf("%v\n%s", err, s.process.said())
	}
}

// Stop kills the server.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	s.process.kill()
	if t.Failed() {
		t.Logf("%s said:\n%s", s.protocol.tool, s.process.said())
	}
	s.process = nil
}

// Bucket makes a bucket with nothing in it and returns its name.
func (s *Server) Bucket(t testing.TB) string {
	t.Helper()
	name := "bucket-" + strings.ToLower(rand.Text())
	s.protocol.make(t, s, name)
	return name
}

// Keys returns the keys of all objects in a bucket, in order.
func (s *Server) Keys(t testing.TB, bucket string) []string {
	t.Helper()
	return s.protocol.keys(t, s, bucket)
}

// await asks the server until it answers.
func (s *Server) await() error {
	client := http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for end := time.Now().Add(startWait); time.Now().Before(end); {
		select {
		case <-s.process.ended:
			return fmt.Errorf("%s ended by itself", s.protocol.tool)
		case <-time.After(5 * time.Millisecond):
		}
		response, err := client.Get(s.URL + s.protocol.health) //nolint:noctx // ends by the client's timeout
		if err != nil {
			continue
		}
		_ = response.Body.Close()
		if response.StatusCode == http.StatusOK {
			return nil
		}
	}
	return fmt.Errorf("%s does not answer at %s", s.protocol.tool, s.URL)
}

// environment is what a server gets to see of this process's environment: a place
// for what it keeps for itself.
func environment() []string { return []string{"HOME=" + os.TempDir(), "TMPDIR=" + os.TempDir()} }
