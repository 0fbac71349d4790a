package deploy_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// builder takes the steps of the stage that builds.
type builder struct {
	t       *testing.T
	dir     string // stands for workdir
	workdir string
	args    map[string]string
	env     []string
}

func (b *builder) take(s step) {
	b.t.Helper()
	switch s.name {
	case "WORKDIR":
		b.workdir = s.args
		if err := os.MkdirAll(b.dir, 0o755); err != nil {
			b.t.Fatal(err)
		}
	case "COPY":
		b.copy(s.args)
	case "ARG":
		name, preset, _ := strings.Cut(s.args, "=")
		b.args[name] = preset
		if given, ok := built[name]; ok {
			b.args[name] = given
		}
	case "ENV":
		b.env = append(b.env, strings.Fields(s.args)...)
	case "RUN":
		b.run(s.args)
	default:
		b.t.Fatalf("this test does not understand %s in the stage that builds", s.name)
	}
}

func (b *builder) copy(args string) {
	b.t.Helper()
	if args == ". ." {
		copyContext(b.t, b.dir)
		return
	}
	names := strings.Fields(args)
	for _, name := range names[:len(names)-1] {
		content, err := os.ReadFile(filepath.Join(repository, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(b.dir, names[len(names)-1], name), content, 0o644)
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
}

func (b *builder) run(command string) {
	b.t.Helper()
	cmd := exec.Command("/bin/sh", "-e", "-c", command)
	cmd.Dir, cmd.Env = b.dir, append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	for name, value := range b.args {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.Env = append(cmd.Env, b.env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.t.Fatalf("RUN %s: %v\n%s", command, err, out)
	}
}

// assembler takes the steps of the last stage.
type assembler struct {
	t     *testing.T
	image *image
	from  builder
	args  map[string]string
}

func (a *assembler) take(s step) {
	a.t.Helper()
	switch s.name {
	case "ARG":
		a.args = a.from.args
	case "LABEL":
		for _, pair := range regexp.MustCompile(`([a-z.]+)="([^"]*)"`).FindAllStringSubmatch(s.args, -1) {
			a.image.labels[pair[1]] = os.Expand(pair[2], func(name string) string { return a.args[name] })
		}
	case "COPY":
		a.copy(s)
	case "ENV":
		a.image.env = append(a.image.env, strings.Fields(s.args)...)
	case "VOLUME":
		a.image.volume = s.args
	case "USER":
		a.image.user = s.args
	case "EXPOSE":
		a.image.exposed = strings.Fields(s.args)
	case "STOPSIGNAL":
		a.image.stopSignal = s.args
	case "HEALTHCHECK":
		a.image.health, a.image.healthFlags = a.list(strings.TrimPrefix(s.args, "CMD ")), s.flags
	case "ENTRYPOINT", "CMD":
		a.image.command = append(a.image.command, a.list(s.args)...)
	case "WORKDIR":
		if s.args != "/" {
			a.t.Fatalf("WORKDIR %s: this test runs things in / alone", s.args)
		}
	default:
		a.t.Fatalf("this test does not understand %s in the last stage", s.name)
	}
}

func (a *assembler) list(text string) []string {
	a.t.Helper()
	var list []string
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		a.t.Fatalf("%s: %v; without a shell in the image a command is a list", text, err)
	}
	return list
}

// copy takes over from the stage that builds, with modes and owner.
func (a *assembler) copy(s step) {
	a.t.Helper()
	from, to, _ := strings.Cut(s.args, " ")
	inside, found := strings.CutPrefix(from, a.from.workdir+"/")
	if s.flags["from"] != "build" || !found {
		a.t.Fatalf("COPY %s: this test takes over what is below %s of the stage build", s.args, a.from.workdir)
	}
	target := filepath.Join(a.image.root, to)
	err := os.MkdirAll(filepath.Dir(target), 0o755)
	if err == nil {
		err = exec.Command("cp", "-a", filepath.Join(a.from.dir, inside), target).Run()
	}
	if err != nil {
		a.t.Fatalf("COPY %s: %v", s.args, err)
	}
	if owner := s.flags["chown"]; owner != "" {
		uid, gid := numbers(a.t, owner)
		if err := os.Chown(target, uid, gid); err != nil {
			a.t.Fatal(err)
		}
	}
}

// numbers returns the user and the group of UID:GID.
func numbers(t *testing.T, owner string) (uid, gid int) {
	t.Helper()
	user, group, _ := strings.Cut(owner, ":")
	uid, err := strconv.Atoi(user)
	if err != nil || uid == 0 {
		t.Fatalf("the user %q is no number, or root", owner)
	}
	gid, err = strconv.Atoi(group)
	if err != nil || gid == 0 {
		t.Fatalf("the group of %q is no number, or root's", owner)
	}
	return uid, gid
}
