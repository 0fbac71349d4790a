package postgres

import (
	"errors"
	"math"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// instant is a time as the column that it is kept in, timestamptz: to the microsecond,
// and NULL for the zero time where that can be.
type instant struct {
	at *time.Time
}

// ScanTimestamptz is pgtype.TimestamptzScanner.
func (i instant) ScanTimestamptz(column pgtype.Timestamptz) error {
	*i.at = time.Time{}
	if column.Valid {
		*i.at = column.Time.UTC()
	}
	return nil
}

// orNull returns a time that is NULL when it is zero.
func orNull(t time.Time) pgtype.Timestamptz {
	return pgtype.Timestamptz{Time: t, Valid: !t.IsZero()}
}

// inJSON returns a time as a document keeps it: to the microsecond, as columns do.
func inJSON(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// figure returns a count as everything that reads the database can.
func figure(n uint64) uint64 { return min(n, math.MaxInt64) }

func ignoreNoRows(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	return err
}
