package transport

import (
	"fmt"
	"log/slog"

	"github.com/pion/logging"
)

// loggerFactory gives pion's parts loggers that write to ours.
type loggerFactory struct{ log *slog.Logger }

// NewLogger returns a logger for one of pion's scopes.
func (f loggerFactory) NewLogger(scope string) logging.LeveledLogger {
	return pionLogger{f.log, scope}
}

// pionLogger writes all that pion says at debug level: what it calls an error is
// one session's, whose end is told otherwise. Trace is left out.
type pionLogger struct {
	log   *slog.Logger
	scope string
}

func (l pionLogger) Trace(string)          {}
func (l pionLogger) Tracef(string, ...any) {}
func (l pionLogger) Debug(msg string)      { l.log.Debug(msg, "pion", l.scope) }
func (l pionLogger) Info(msg string)       { l.log.Debug(msg, "pion", l.scope) }
func (l pionLogger) Warn(msg string)       { l.log.Debug(msg, "pion", l.scope) }
func (l pionLogger) Error(msg string)      { l.log.Debug(msg, "pion", l.scope) }

func (l pionLogger) Debugf(format string, args ...any) { l.Debug(fmt.Sprintf(format, args...)) }
func (l pionLogger) Infof(format string, args ...any)  { l.Info(fmt.Sprintf(format, args...)) }
func (l pionLogger) Warnf(format string, args ...any)  { l.Warn(fmt.Sprintf(format, args...)) }
func (l pionLogger) Errorf(format string, args ...any) { l.Error(fmt.Sprintf(format, args...)) }
