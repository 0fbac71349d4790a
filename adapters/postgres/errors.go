package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"rostrum/ports"
)

// errNoAnswer is why a call ended that ran out of patience.
var errNoAnswer = errors.New("it does not answer in time. See whether its machine, its disk or the network is overloaded or stopped")

// errReadOnly is what a standby says, in our words.
var errReadOnly = errors.New("it takes no writes: it is a standby, or set to read only. Name the primary in the URL, or several hosts and target_session_attrs=read-write")

const (
	letLogIn    = "Check user and password in the URL, or in the passfile, and the server's pg_hba.conf"
	letWork     = "Raise what the server may use, or lower pool_max_conns in the URL"
	byHand      = "A table has been changed by hand, or is somebody else's: restore it from a backup, or give rostrum a database of its own"
	needRights  = "Let the user make tables: GRANT CREATE, USAGE ON SCHEMA public TO it; or, where another user runs the migrations, give it the rights that docs/rooms.md lists"
	makeSchema  = "Make the schema that search_path in the URL names"
	letReach    = "See whether it runs there and can be reached from here: address and port are those of the URL"
	madeByOther = "Something else has tables of these names: give rostrum a database of its own, or a schema by search_path in the URL"
)

// advices say what to do about PostgreSQL's error codes.
var advices = map[string]string{
	"28000": letLogIn,
	"28P01": letLogIn,
	"3D000": "Make it by CREATE DATABASE, or name another in the URL",
	"3F000": makeSchema,
	"42501": needRights,
	"42P07": madeByOther,
	"42723": madeByOther,
	"42P01": byHand,
	"42703": byHand,
	"42804": byHand,
	"42883": byHand,
	"23502": byHand,
	"53000": letWork,
	"53100": "Its disk is full: make room on it",
	"53200": letWork,
	"53300": letWork,
}

// explain names the database in an error of pgx, says what to do, and wraps
// ports.ErrAway when the database as a whole cannot work. ctx is the call's: once it has
// ended, that is the error, and ErrAway only if it was for want of patience, ours or the
// caller's.
func (s *source) explain(ctx context.Context, err error) error {
	if ended := ctx.Err(); ended != nil {
		switch cause := context.Cause(ctx); {
		case errors.Is(cause, errNoAnswer):
			return s.away(errNoAnswer)
		case errors.Is(cause, ports.ErrAway):
			ended = cause
		}
		return fmt.Errorf("database %s: %w", s.name, ended)
	}
	if isAway(err) {
		return s.away(advised(err))
	}
	return fmt.Errorf("database %s: %w", s.name, advised(err))
}

func (s *source) away(err error) error {
	if errors.Is(err, ports.ErrAway) {
		return err
	}
	return fmt.Errorf("database %s: %w: %w", s.name, ports.ErrAway, err)
}

// isAway reports whether an error is about the database as a whole and may pass.
func isAway(err error) bool {
	var refused *pgconn.PgError
	var unconnected *pgconn.ConnectError
	var network net.Error
	switch {
	case errors.Is(err, ports.ErrAway), errors.As(err, &unconnected):
		return true
	case errors.As(err, &refused):
		return passes(refused.Code)
	default:
		return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
			errors.Is(err, net.ErrClosed) || errors.Is(err, pgconn.ErrConnClosed)
	}
}

// passes reports whether PostgreSQL says by a code that it cannot work now.
func passes(code string) bool {
	switch code {
	case "57014", "55P03", // our own limits: the statement or a lock took too long
		"25006", // read only
		"25P03", // idle in a transaction for too long
		"57P01", "57P02", "57P03", "57P05":
		return true
	}
	class := code[:min(2, len(code))]
	return class == "08" || class == "53" || class == "58"
}

// advised adds what to do, where that is known.
func advised(err error) error {
	var refused *pgconn.PgError
	var misfit pgx.ScanArgError
	var unconnected *pgconn.ConnectError
	advice := ""
	switch {
	case errors.As(err, &refused):
		advice = advices[refused.Code]
		if refused.Code == "25006" {
			return fmt.Errorf("%w (SQLSTATE 25006)", errReadOnly)
		}
	case errors.As(err, &misfit):
		advice = byHand
	case errors.As(err, &unconnected):
		advice = letReach
	}
	if advice == "" {
		return oneLine{err}
	}
	return fmt.Errorf("%w. %s", oneLine{err}, advice)
}

// oneLine is an error in one line: pgx gives each address that it has tried its own.
type oneLine struct {
	error
}

// Error gives it.
func (e oneLine) Error() string {
	return strings.Join(strings.Fields(strings.ReplaceAll(e.error.Error(), "\n", " ")), " ")
}

// Unwrap returns the error.
func (e oneLine) Unwrap() error { return e.error }

// isContended reports whether a transaction failed only for what others did at the same
// time, so that it can be run again.
func isContended(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && (refused.Code == "40001" || refused.Code == "40P01")
}
