package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
)

// The databases that database.url can name.
const (
	DatabaseSQLite   = "sqlite"
	DatabasePostgres = "postgres"
	DatabaseMemory   = "memory"
)

// DatabaseURL names a database. A password in it shows as "xxxxx" whenever it is printed,
// logged or marshalled; what is no database's URL shows as "***".
type DatabaseURL string

// Reveal returns the URL with its password. The caller keeps it out of logs and errors.
func (u DatabaseURL) Reveal() string { return string(u) }

// String returns the URL with its password masked.
func (u DatabaseURL) String() string {
	if engine, _, _ := strings.Cut(string(u), ":"); engine == DatabaseSQLite || engine == DatabaseMemory {
		return string(u)
	}
	parsed, err := url.Parse(string(u))
	if err != nil || !isPostgres(parsed.Scheme) {
		return mask // where in it a password may be cannot be told
	}
	query := parsed.Query()
	for _, secret := range []string{"password", "sslpassword"} {
		if query.Has(secret) {
			query.Set(secret, urlMask)
			parsed.RawQuery = query.Encode()
		}
	}
	return parsed.Redacted()
}

// urlMask is what [url.URL.Redacted] puts in the place of a password.
const urlMask = "xxxxx"

// Format writes the masked URL whatever the verb and its flags ask for.
func (u DatabaseURL) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, u.String()) }

// MarshalText returns the masked URL.
func (u DatabaseURL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// LogValue returns the masked URL.
func (u DatabaseURL) LogValue() slog.Value { return slog.StringValue(u.String()) }

// Engine returns which database it is, and for sqlite the path of its file.
func (d Database) Engine() (name, path string) {
	name, path, _ = strings.Cut(string(d.URL), ":")
	if isPostgres(name) {
		name = DatabasePostgres
	}
	return name, path
}

func isPostgres(scheme string) bool { return scheme == DatabasePostgres || scheme == "postgresql" }

func (d Database) check(report reporter) {
	report("database.url", d.checkURL())
}

func (d Database) checkURL() error {
	switch name, path := d.Engine(); {
	case name == DatabaseSQLite && path == "":
		return errors.New("must name a file after sqlite: such as sqlite:data/rostrum.db")
	case name == DatabaseMemory && path != "":
		return errors.New(`must have nothing behind "memory:"`)
	case name == DatabaseSQLite, d.URL == DatabaseMemory+":":
		return nil
	case name == DatabasePostgres:
		return checkPostgres(d.URL)
	}
	return errors.New("must be sqlite:PATH, memory: or postgres://USER:PASSWORD@HOST/NAME")
}

// checkPostgres says nothing of what stands in the URL, since net/url's errors quote it.
func checkPostgres(u DatabaseURL) error {
	parsed, err := url.Parse(u.Reveal())
	if err != nil {
		return errors.New("must be a URL such as postgres://USER:PASSWORD@HOST/NAME; write what is special in a password as %XX")
	}
	if !strings.HasPrefix(u.Reveal(), parsed.Scheme+"://") {
		return errors.New("must have // after postgres: such as postgres://USER:PASSWORD@HOST/NAME")
	}
	return nil
}
