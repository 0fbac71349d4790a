// Package deploy_test takes every step of deploy/Dockerfile by hand, where no Docker runs, and
// runs what they make as a container would: as its user, in a root that holds what the image
// holds and cannot be written to. It needs root, for namespaces and mounts.
package deploy_test

import (
	"debug/elf"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// built are the arguments that an image of these tests is built with.
var built = map[string]string{"VERSION": "1.2.3-test", "COMMIT": "0123456789abcdef", "BUILT": "2026-11-23T00:00:00Z"}

// image is what the Dockerfile makes.
type image struct {
	root                     string // a directory with all its files
	env                      []string
	user, volume, stopSignal string
	exposed                  []string
	labels                   map[string]string
	health, command          []string
	healthFlags              map[string]string
}

// The image of all tests, once one of them has had it built, and the directory of both.
var (
	builtIn string
	theOne  *image
)

// TestMain makes a directory for the image.
func TestMain(m *testing.M) {
	var err error
	if builtIn, err = os.MkdirTemp("", "rostrum-image-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(builtIn) // it is in the system's temporary directory
	os.Exit(code)
}

// imageOf builds the image, or returns the one that has been built. Tests do not run at once.
func imageOf(t *testing.T) *image {
	t.Helper()
	if theOne != nil {
		return theOne
	}
	if os.Geteuid() != 0 {
		t.Fatal("this test runs what is in the image as a container would, which needs root: run it as root, or by \"docker run --privileged\" in a golang image")
	}
	stages := readDockerfile(t)
	if len(stages) != 2 || stages[0].name != "build" || stages[1].base != "scratch" {
		t.Fatalf("%+v, want a stage build and one from scratch", stages)
	}
	build := builder{t: t, dir: filepath.Join(builtIn, "src"), args: map[string]string{}}
	for _, s := range stages[0].steps {
		build.take(s)
	}
	i := &image{root: filepath.Join(builtIn, "root"), labels: map[string]string{}}
	last := assembler{t: t, image: i, from: build, args: map[string]string{}}
	for _, s := range stages[1].steps {
		last.take(s)
	}
	theOne = i
	return i
}

// files returns the files and directories of a tree, each with its mode and when it was changed.
func files(t *testing.T, root string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || name == root {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			all = append(all, strings.TrimPrefix(name, root)+" "+info.Mode().String()+" "+info.ModTime().String())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestImage(t *testing.T) {
	i := imageOf(t)
	var names []string
	for _, file := range files(t, i.root) {
		name, _, _ := strings.Cut(file, " ")
		names = append(names, name)
	}
	if want := []string{"/data", "/etc", "/etc/ssl", "/etc/ssl/certs", "/etc/ssl/certs/ca-certificates.crt", "/rostrum", "/zoneinfo.zip"}; !slices.Equal(names, want) {
		t.Errorf("the image holds %q, want %q", names, want)
	}
	if want := []string{"8080/tcp", "8189/udp", "8189/tcp"}; !slices.Equal(i.exposed, want) {
		t.Errorf("it exposes %q, want %q", i.exposed, want)
	}
	if i.stopSignal != "SIGTERM" || i.volume != "/data" {
		t.Errorf("it stops by %s and keeps %s", i.stopSignal, i.volume)
	}
	numbers(t, i.user)
	for label, want := range map[string]string{"title": "Rostrum", "version": built["VERSION"], "revision": built["COMMIT"], "created": built["BUILT"]} {
		if got := i.labels["org.opencontainers.image."+label]; got != want {
			t.Errorf("the label %s is %q, want %q", label, got, want)
		}
	}
	for _, flag := range []string{"interval", "timeout", "start-period", "retries"} {
		if i.healthFlags[flag] == "" {
			t.Errorf("the health check has no --%s", flag)
		}
	}
}

func TestBinaryIsStatic(t *testing.T) {
	file, err := elf.Open(filepath.Join(imageOf(t).root, "rostrum"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if slices.ContainsFunc(file.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC }) {
		t.Error("the binary needs an interpreter or libraries, which the image does not have")
	}
}
