package pgserver

import (
	"cmp"
	"errors"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// errMissing says what a machine without PostgreSQL needs.
var errMissing = errors.New("the tests need PostgreSQL's own programs, initdb and postgres, in /usr/lib/postgresql/*/bin or on PATH: " +
	"run make test as root on Debian or Ubuntu, or: apt-get install postgresql, dnf install postgresql-server, brew install postgresql")

// binaries returns the directory of initdb and postgres.
func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil { // only for a pattern that is none
		return "", err
	}
	if len(found) > 0 {
		newest := slices.MaxFunc(found, func(a, b string) int { return cmp.Compare(major(a), major(b)) })
		return filepath.Dir(newest), nil
	}
	initdb, err := exec.LookPath("initdb")
	if err != nil {
		return "", errMissing
	}
	return filepath.Dir(initdb), nil
}

// major returns the version in /usr/lib/postgresql/15/bin/initdb.
func major(path string) float64 {
	version, _ := strconv.ParseFloat(filepath.Base(filepath.Dir(filepath.Dir(path))), 64) // 9.6 had a point
	return version
}

// account returns who runs the server when this process is root, which PostgreSQL
// refuses to run as: postgres, else nobody.
func account() *syscall.Credential {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, _ := strconv.ParseUint(u.Uid, 10, 32) // a number on every Unix
			gid, _ := strconv.ParseUint(u.Gid, 10, 32)
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	return &syscall.Credential{Uid: 65534, Gid: 65534} // nobody without a name
}
