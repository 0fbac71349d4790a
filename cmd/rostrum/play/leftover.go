package play

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"rostrum/adapters/spool"
)

// hidden is what the name of the directory begins with in which a file is made; what is random follows, and has no hyphen.
func hidden(name string) string { return "." + filepath.Base(name) + "-" }

// tellLeftovers says where there still is what came for this file and was never made one: of a play that was killed. Those
// of plays that run are not told of, nor any where the folder may not be read.
func tellLeftovers(f *file) {
	folder := filepath.Dir(f.name)
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		if e.Name()[:strings.LastIndexByte(e.Name(), '-')+1] != hidden(f.name) {
			continue
		}
		dir := filepath.Join(folder, e.Name())
		media := filepath.Join(dir, string(recording))
		if _, err := os.Stat(media); err != nil {
			continue // nothing has come
		}
		abandoned, err := spool.Open(spool.Config{Dir: dir, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			continue // somebody has it
		}
		_ = abandoned.Close() // nothing was written
		f.log.Warn("an earlier play was killed: what had come is there, and can be played; take it away when you have what you need", "directory", media)
	}
}
