package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// How long things may take, if nothing else is said.
const (
	callPatience    = 5 * time.Second
	connectPatience = 5 * time.Second // for each address that the URL has
)

// connections is how many there may be, if the URL does not say.
const connections = 10

// longestMessage bounds what a server may send at once: one that is no PostgreSQL would
// have us wait for gigabytes.
const longestMessage = 64 << 20

// planner has PostgreSQL take the index that each query has in its own order. It would
// scan or sort where that seems cheaper, which it does of tables that it has not looked
// at since they have grown.
var planner = map[string]string{
	"enable_seqscan":          "off",
	"enable_bitmapscan":       "off",
	"enable_sort":             "off",
	"enable_incremental_sort": "off",
	"jit":                     "off",               // no query is so long that it pays
	"plan_cache_mode":         "force_custom_plan", // rooms differ too much for one plan
}

// source is where the database is, and how to reach it.
type source struct {
	url      string
	name     string // for people, without the password
	patience time.Duration
	lines    *lines
}

// newSource reads the URL, and refuses one that could never work.
func newSource(c Config) (*source, error) {
	if !strings.HasPrefix(c.URL, "postgres://") && !strings.HasPrefix(c.URL, "postgresql://") {
		return nil, errors.New("the database's URL must begin with postgres://, as postgres://user:password@host/database does")
	}
	s := &source{url: c.URL, name: "postgres", patience: cmp.Or(c.Patience, callPatience), lines: newLines()}
	config, err := s.parse()
	if err != nil {
		return nil, err
	}
	to := config.ConnConfig
	s.name = fmt.Sprintf("postgres://%s@%s/%s", to.User, net.JoinHostPort(to.Host, strconv.Itoa(int(to.Port))), to.Database)
	return s, nil
}

// parse reads the URL and the files that it names, as they are now.
func (s *source) parse() (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(s.url)
	if err != nil {
		return nil, fmt.Errorf("the database's URL: %s", masked(s.url, err))
	}
	if !strings.Contains(s.url, "pool_max_conns=") {
		config.MaxConns = connections
	}
	to := config.ConnConfig
	to.ConnectTimeout = cmp.Or(to.ConnectTimeout, connectPatience)
	to.MaxProtocolMessageBodyLen = longestMessage
	to.DialFunc = s.lines.dial
	if _, chosen := to.RuntimeParams["application_name"]; !chosen {
		to.RuntimeParams["application_name"] = "rostrum"
	}
	to.RuntimeParams["timezone"] = "UTC"
	to.RuntimeParams["default_transaction_isolation"] = "read committed" // a statement sees what those before it waited for
	return config, nil
}

// newPool returns a pool that has not connected yet.
func (s *source) newPool() (*pgxpool.Pool, error) {
	config, err := s.parse()
	if err != nil {
		return nil, err
	}
	// The server's own limits are for what we could not tell it to end.
	limit := strconv.FormatInt((s.patience + time.Second).Milliseconds(), 10)
	for _, name := range []string{"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"} {
		config.ConnConfig.RuntimeParams[name] = limit
	}
	maps.Copy(config.ConnConfig.RuntimeParams, planner)
	config.BeforeConnect = s.refresh
	// Each connection is tried before it is used, so that one that broke while nobody used
	// it costs a round trip and no call.
	config.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return true }
	config.PingTimeout = s.patience / 4
	config.MaxConnLifetimeJitter = config.MaxConnLifetime / 10
	return pgxpool.NewWithConfig(context.Background(), config)
}

// refresh has a new connection use the password and the certificates that the files
// named by the URL hold now.
func (s *source) refresh(_ context.Context, to *pgx.ConnConfig) error {
	now, err := s.parse()
	if err != nil {
		return s.away(err)
	}
	next := now.ConnConfig
	to.Password = next.Password
	to.Host, to.Port, to.TLSConfig, to.Fallbacks = next.Host, next.Port, next.TLSConfig, next.Fallbacks
	return nil
}

// bound ends a call when patience does.
func (s *source) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, s.patience, errNoAnswer)
}

// masked returns what is wrong with a URL, without the secrets in it. Where it is not
// certain which part of the URL is a secret, it says nothing of any.
func masked(address string, err error) string {
	u, bad := url.Parse(address)
	if bad != nil {
		return "it cannot be read. Write it as postgres://user:password@host:5432/database, with whatever is not a letter or a digit in user and password as %XX"
	}
	text := err.Error()
	password, _ := u.User.Password()
	for _, secret := range []string{password, url.QueryEscape(password), u.Query().Get("password"), u.Query().Get("sslpassword")} {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "xxxxx")
		}
	}
	return text
}
