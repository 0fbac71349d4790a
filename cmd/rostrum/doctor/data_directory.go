package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rostrum/cmd/rostrum/config"
)

// dataDirectory looks whether others on this machine can read what is the server's own: the
// database, the token that it has made up, recordings that wait for the store.
func dataDirectory(cfg *config.Config) func(context.Context) Result {
	return func(context.Context) Result {
		var open, private []string
		for _, path := range ownPaths(cfg) {
			info, err := os.Stat(path)
			switch {
			case errors.Is(err, fs.ErrNotExist):
			case err != nil:
				return fail(err.Error(), letWrite(filepath.Dir(path), err))
			case info.Mode().Perm()&0o007 != 0:
				open = append(open, path)
			default:
				private = append(private, path)
			}
		}
		if token := cfg.Auth.TokenFile; token != "" {
			if info, err := os.Stat(token); err == nil && info.Mode().Perm()&0o177 != 0 {
				return fail(fmt.Sprintf("the token file %s has mode %04o, so that others may have read it: the server does not start", token, info.Mode().Perm()), "chmod 600 "+token)
			}
		}
		switch {
		case len(open) > 0:
			return warn("everybody on this machine may read "+strings.Join(open, ", "), "chmod o-rwx "+strings.Join(open, " ")+" where they are rostrum's alone; otherwise give it a directory of its own.")
		case len(private) == 0:
			return ok("there is none yet: the first start makes it for its owner alone")
		default:
			return ok("%s: for owner and group alone", strings.Join(private, ", "))
		}
	}
}

// ownPaths are the directories that hold what nobody else should read.
func ownPaths(cfg *config.Config) []string {
	paths := []string{cfg.Recording.Dir}
	if engine, path := cfg.Database.Engine(); engine == config.DatabaseSQLite {
		paths = append(paths, filepath.Dir(path))
	}
	if cfg.Auth.TokenFile != "" {
		paths = append(paths, filepath.Dir(cfg.Auth.TokenFile))
	}
	slices.Sort(paths)
	return slices.DeleteFunc(slices.Compact(paths), func(path string) bool { return path == "." })
}
