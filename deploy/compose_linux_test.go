package deploy_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/freeport"
	"rostrum/ports/porttest/objectserver"
	"rostrum/ports/porttest/pgserver"
)

// The variables of rostrum are a configuration that is valid, and says what it should.
func TestCompositionConfigures(t *testing.T) {
	c := newContainer(t, readComposition(t).Services["rostrum"].environment()...)
	out, err := c.command("/rostrum", "config").CombinedOutput()
	if err != nil {
		t.Fatalf("rostrum config: %v\n%s", err, out)
	}
	for _, line := range []string{"url: gs://recordings/live", "- 127.0.0.1", "format: json", "addr: :8080"} {
		if !strings.Contains(string(out), line) {
			t.Errorf("rostrum config does not say %q:\n%s", line, out)
		}
	}
}

// The composition runs: the image with the very variables of compose.yaml, a PostgreSQL with
// a password that is in a file alone, and the emulator with its arguments. Only ports differ,
// which are this machine's.
func TestCompositionRuns(t *testing.T) {
	services := readComposition(t).Services
	database := compositionDatabase(t, services["postgres"])
	store, bucket := compositionStore(t, services["gcs"])
	var env []string
	for _, variable := range services["rostrum"].environment() {
		variable = strings.Replace(variable, "@postgres/", "@postgres:"+database.port+"/", 1)
		env = append(env, strings.Replace(variable, "gcs:4443", "gcs:"+store, 1))
	}
	c := newContainer(t, append(env, free(t)...)...)
	c.holds("etc/hosts", "127.0.0.1 localhost postgres gcs\n")
	c.holds("run/secrets/pgpass", "*:*:rostrum:rostrum:"+database.password+"\n")
	s := c.start()
	c.terminate(s, c.publish(s))
	if keys, _ := below(bucket, "manifest.json"); len(keys) != 1 {
		t.Errorf("the bucket has the manifests %q, want one\n%s", keys, s.Log)
	}
	if text := s.Log.String(); strings.Contains(text, database.password) || strings.Contains(text, token) {
		t.Error("a secret is in the log")
	}
	if kept, _ := c.below("", "rostrum.db"); len(kept) > 0 {
		t.Errorf("it has made %q beside PostgreSQL", kept)
	}
}

// reached is a database that runs.
type reached struct{ port, password string }

// compositionDatabase starts a PostgreSQL with the user and the database of the composition.
func compositionDatabase(t *testing.T, s service) reached {
	t.Helper()
	server, err := pgserver.New(context.WithoutCancel(t.Context()), pgserver.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	name := s.Environment["POSTGRES_DB"]
	if user := s.Environment["POSTGRES_USER"]; user != "rostrum" { // as pgserver's superuser is called
		t.Fatalf("the user of the composition is %q", user)
	}
	if err := server.Execute(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	parts := regexp.MustCompile(`^postgres://rostrum:([^@]+)@127\.0\.0\.1:(\d+)/`).FindStringSubmatch(server.URL(name))
	if parts == nil {
		t.Fatal("the address of the database is another one than this test expects")
	}
	return reached{port: parts[2], password: parts[1]}
}

// compositionStore starts the emulator with the arguments of the composition, and returns its
// port and the directory of the bucket.
func compositionStore(t *testing.T, s service) (port, bucket string) {
	t.Helper()
	free, err := freeport.Port()
	if err != nil {
		t.Fatal(err)
	}
	port = strconv.Itoa(free)
	root := t.TempDir()
	for _, mount := range s.Volumes { // a volume's own directory is made with it
		_, inside, _ := strings.Cut(mount, ":")
		bucket = filepath.Join(root, inside)
		if err := os.MkdirAll(bucket, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	args := slices.Clone(s.Command)
	for i, arg := range args {
		switch arg {
		case "4443":
			args[i] = port
		case "/storage":
			args[i] = root + arg
		}
	}
	p, err := rig.Start(objectserver.GCSCommand(t, args...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Kill() })
	return port, bucket
}
