package deploy_test

import (
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"rostrum/cmd/rostrum/rig"
	"rostrum/ports/porttest/freeport"
)

// token is the administrator's in every container.
const token = "token-of-the-deploy-tests"

// container is where the image runs: as its user, who can gain no privileges, in a root of its
// own that cannot be written to, but for the volume. The network is this machine's.
type container struct {
	*image
	t      *testing.T
	root   string
	volume string // the directory that stands for it on this machine
	env    []string
	mounts []string // file on this machine, file in the container, ...
}

// newContainer returns one that has not been started. The environment is the image's, and
// what is given.
func newContainer(t *testing.T, env ...string) *container {
	t.Helper()
	i := imageOf(t)
	c := &container{image: i, t: t, root: filepath.Join(t.TempDir(), "root"), volume: t.TempDir()}
	if out, err := exec.Command("cp", "-a", "--link", i.root, c.root).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	uid, gid := numbers(t, i.user)
	if err := os.Chown(c.volume, uid, gid); err != nil { // as Docker does with a volume that is new
		t.Fatal(err)
	}
	c.env = slices.Concat([]string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}, i.env, env)
	return c
}

// holds puts a file into the container, as Docker does with /etc/hosts and with secrets.
func (c *container) holds(name, content string) {
	c.t.Helper()
	source, place := filepath.Join(c.t.TempDir(), "file"), filepath.Join(c.root, name)
	for _, step := range []func() error{
		func() error { return os.WriteFile(source, []byte(content), 0o444) },
		func() error { return os.MkdirAll(filepath.Dir(place), 0o755) },
		func() error { return os.WriteFile(place, nil, 0o444) },
	} {
		if err := step(); err != nil {
			c.t.Fatal(err)
		}
	}
	c.mounts = append(c.mounts, source, name)
}

// enter makes the namespace's mounts and becomes the command.
const enter = `
root=$1 user=$2 mounts=$3; shift 3
mount --bind "$root" "$root"
while [ "$mounts" -gt 0 ]; do mount --bind "$1" "$root/$2"; shift 2; mounts=$((mounts - 1)); done
mount -o remount,bind,ro "$root"
exec setpriv --no-new-privs chroot --userspec="$user" "$root" "$@"
`

// command returns a run of a command in the container.
func (c *container) command(command ...string) *exec.Cmd {
	mounts := append([]string{c.volume, c.image.volume}, c.mounts...)
	args := slices.Concat([]string{"-e", "-c", enter, "sh", c.root, c.user, strconv.Itoa(len(mounts) / 2)}, mounts, command)
	cmd := exec.Command("/bin/sh", args...) // rig ends it
	cmd.Env, cmd.Dir = c.env, "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL}
	return cmd
}

// start runs what the image runs, and waits until the image's health check passes.
func (c *container) start() *rig.Server {
	c.t.Helper()
	s, err := rig.Serve(c.command(c.image.command...))
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = s.Kill() }) // it has ended unless the test has failed
	rig.Eventually(c.t, "the health check passes", func() bool { return c.command(c.health...).Run() == nil })
	return s
}

// publish sends the built-in clip into a room until something of it is on the disk, and
// returns what ends that.
func (c *container) publish(s *rig.Server) (leave func()) {
	c.t.Helper()
	cmd := exec.Command(filepath.Join(c.image.root, "rostrum"), "publish", "--server", s.URL, "--demo", "hall") // rig ends it
	cmd.Env = append(os.Environ(), "ROSTRUM_TOKEN="+token)
	p, err := rig.Start(cmd)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = p.Kill() }) // likewise
	const second = 50_000                // bytes of the clip, about
	rig.Eventually(c.t, "a second is recorded", func() bool {
		_, size := c.below("spool", ".webm")
		return size > second
	})
	return func() {
		p.Signal(os.Interrupt)
		rig.Wait(c.t, "the publisher leaves", p.Exited())
	}
}

// below returns the files of the volume that are below a directory and end so, and the size of
// all of them.
func (c *container) below(directory, ends string) (names []string, size int64) {
	return below(filepath.Join(c.volume, directory), ends)
}

func below(directory, ends string) (names []string, size int64) {
	_ = filepath.WalkDir(directory, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ends) {
			return nil // it may have been moved meanwhile
		}
		if info, err := entry.Info(); err == nil {
			names, size = append(names, name), size+info.Size()
		}
		return nil
	})
	return names, size
}

// terminate stops the container as Docker does, while somebody publishes who leaves then.
func (c *container) terminate(s *rig.Server, leave func()) {
	c.t.Helper()
	s.Signal(syscall.SIGTERM)
	rig.Eventually(c.t, "it is not ready", func() bool {
		res, err := http.Get(s.URL + "/readyz")
		if err == nil {
			_ = res.Body.Close()
		}
		return err == nil && res.StatusCode == http.StatusServiceUnavailable
	})
	if err := c.command(c.health...).Run(); err != nil {
		c.t.Errorf("the health check fails while it drains: %v; it would be killed", err)
	}
	leave()
	rig.Wait(c.t, "it stops", s.Exited())
	if err := s.Err(); err != nil {
		c.t.Errorf("it stops by %v\n%s", err, s.Log)
	}
}

// free returns the settings that put a server where nobody else is on this machine.
func free(t *testing.T) []string {
	t.Helper()
	address, err := freeport.Address()
	if err != nil {
		t.Fatal(err)
	}
	return []string{"ROSTRUM_HTTP_ADDR=" + address, "ROSTRUM_WEBRTC_UDP_ADDR=" + address, "ROSTRUM_WEBRTC_TCP_ADDR=", "ROSTRUM_AUTH_TOKEN=" + token}
}

// With nothing configured but its addresses, the image takes a stream, records it, drains, and
// has written to its volume alone.
func TestContainer(t *testing.T) {
	c := newContainer(t, free(t)...)
	before := files(t, c.root)
	if out, err := c.command("/rostrum", "version").Output(); err != nil || !strings.Contains(string(out), built["VERSION"]) || !strings.Contains(string(out), built["COMMIT"]) {
		t.Errorf("rostrum version: %s %v, want what it was built with", out, err)
	}
	if err := c.command(c.health...).Run(); err == nil {
		t.Error("the health check passes where nothing runs")
	}
	s := c.start()
	c.terminate(s, c.publish(s))
	if stored, _ := c.below("recordings", "/manifest.json"); len(stored) != 1 {
		t.Errorf("in the volume are the recordings %q, want one", stored)
	}
	if parts, size := c.below("recordings", ".webm"); len(parts) == 0 || size < 50_000 {
		t.Errorf("the recording has %q, %d bytes", parts, size)
	}
	if after := files(t, c.root); !slices.Equal(before, after) {
		t.Errorf("outside of the volume is %q, was %q", after, before)
	}
}

// Where it may write nowhere, it says so and ends: it does not limp on.
func TestContainerWithoutAVolume(t *testing.T) {
	c := newContainer(t, free(t)...)
	if err := os.Chown(c.volume, 0, 0); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(c.volume, 0o755); err != nil {
		t.Fatal(err)
	}
	out, err := c.command(c.image.command...).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "/data/") || !strings.Contains(string(out), "Let the user that runs rostrum write") {
		t.Errorf("it says %q and ends by %v, want what it may not write", out, err)
	}
}
