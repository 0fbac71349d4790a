package pgserver

import (
	"context"
	"slices"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// Disconnect breaks every connection to the database at a URL that URL has returned,
// as an administrator would.
func (s *Server) Disconnect(ctx context.Context, url string) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return err
	}
	return s.admin(ctx, func(ctx context.Context, conn *pgx.Conn) error {
		// With a time-out it waits until each has ended.
		_, err := conn.Exec(ctx, `
			SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
			WHERE datname = $1 AND pid <> pg_backend_pid()`, config.Database)
		return err
	})
}

// Freeze stops every process of the server by SIGSTOP: connections stay, also those that
// are just being made, the system takes new ones, and nothing answers. A test that is killed
// before Thaw leaves processes behind.
func (s *Server) Freeze(ctx context.Context) error {
	postmaster := s.process.cmd.Process.Pid
	s.freeze(postmaster)
	pids, err := childrenOfStopped(ctx, postmaster) // to which none is added
	for _, pid := range pids {
		s.freeze(pid)
	}
	return err
}

func (s *Server) freeze(pid int) {
	if syscall.Kill(pid, syscall.SIGSTOP) == nil { // else it has ended
		s.frozen = append(s.frozen, pid)
	}
}

// Thaw lets a frozen server go on where it was.
func (s *Server) Thaw() {
	for _, pid := range slices.Backward(s.frozen) {
		_ = syscall.Kill(pid, syscall.SIGCONT) // it may have been killed
	}
	s.frozen = nil
}
