package play

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"rostrum/adapters/spool"
)

// hidden is what the name of the directory begins with in which a file is made.
func hidden(name string) string { return "." + filepath.Base(name) + "-" }

// tellLeftovers says where there still is what came for this file and was never made one: of a play that was killed. Those
// of plays that run are not told of.
func tellLeftovers(f *file) error {
	folder := filepath.Dir(f.name)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		dir := filepath.Join(folder, e.Name())
		media := filepath.Join(dir, string(recording))
		if _, err := os.Stat(media); err != nil || !strings.HasPrefix(e.Name(), hidden(f.name)) {
			continue
		}
		abandoned, err := spool.Open(spool.Config{Dir: dir, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			continue // somebody has it
		}
		if err := abandoned.Close(); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		f.log.Warn("an earlier play was killed: what had come is there, and can be played; take it away when you have what you need", "directory", media)
	}
	return nil
}
