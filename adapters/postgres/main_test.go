package postgres_test

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"rostrum/adapters/postgres"
	"rostrum/domain"
	"rostrum/ports"
	"rostrum/ports/porttest"
	"rostrum/ports/porttest/pgserver"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgserver.Tests{M: m}) }

func TestRooms(t *testing.T) {
	t.Parallel()
	porttest.Rooms(t, func(t *testing.T) (ports.Rooms, ports.Audit) {
		db := open(t, newDatabase(t))
		return db.Rooms(), db.Audit()
	})
}

func TestSessions(t *testing.T) {
	t.Parallel()
	porttest.Sessions(t, func(t *testing.T) ports.Sessions { return open(t, newDatabase(t)).Sessions() })
}

func TestAudit(t *testing.T) {
	t.Parallel()
	porttest.Audit(t, func(t *testing.T) ports.Audit { return open(t, newDatabase(t)).Audit() })
}

func TestRecordings(t *testing.T) {
	t.Parallel()
	porttest.Recordings(t, openRecordings)
}

func TestOutbox(t *testing.T) {
	t.Parallel()
	porttest.Outbox(t, openRecordings)
}

func openRecordings(t *testing.T) (ports.Recordings, ports.Outbox) {
	db := open(t, newDatabase(t))
	return db.Recordings(), db.Outbox()
}

func TestRoomsCutOff(t *testing.T) {
	t.Parallel()
	porttest.RoomsCutOff(t, func(t *testing.T) (ports.Rooms, ports.Audit, func()) {
		db, cut := openToCut(t)
		return db.Rooms(), db.Audit(), cut
	})
}

func TestRecordingsCutOff(t *testing.T) {
	t.Parallel()
	porttest.RecordingsCutOff(t, func(t *testing.T) (ports.Recordings, ports.Outbox, func()) {
		db, cut := openToCut(t)
		return db.Recordings(), db.Outbox(), cut
	})
}

func TestSessionsCutOff(t *testing.T) {
	t.Parallel()
	porttest.SessionsCutOff(t, func(t *testing.T) (ports.Sessions, func()) {
		db, cut := openToCut(t)
		return db.Sessions(), cut
	})
}

func openToCut(t *testing.T) (*postgres.DB, func()) {
	address := newDatabase(t)
	return open(t, address), func() {
		if err := pgserver.Shared(t).Disconnect(t.Context(), address); err != nil {
			t.Error(err)
		}
	}
}

// migrated makes the database that those of tests are copies of: to migrate each of them
// would take ten times as long.
var migrated = sync.OnceValues(func() (template string, err error) {
	server, err := pgserver.Get()
	if err != nil {
		return "", err
	}
	template, err = server.Create(context.Background(), "")
	if err != nil {
		return "", err
	}
	db, err := postgres.Open(context.Background(), postgres.Config{URL: server.URL(template)})
	if err != nil {
		return "", err
	}
	db.Close()
	return template, nil
})

// newDatabase returns the address of a database with the tables, and nothing in them.
func newDatabase(t *testing.T) string {
	t.Helper()
	template, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	return pgserver.Shared(t).Database(t, template)
}

func open(t *testing.T, address string) *postgres.DB {
	t.Helper()
	return opened(t, postgres.Config{URL: address})
}

func opened(t *testing.T, c postgres.Config) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// tool is a connection beside the adapter, as an administrator has one.
func tool(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func execute(t *testing.T, conn *pgx.Conn, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// with returns an address with an option, or another user, password or host.
func with(t *testing.T, address string, change func(u *url.URL, options url.Values)) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	options := u.Query()
	change(u, options)
	u.RawQuery = options.Encode()
	return u.String()
}

func databaseOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(u.Path, "/")
}

// increment adds one to the limit of the room lobby.
func increment(ctx context.Context, db *postgres.DB) error {
	return db.Rooms().Update(ctx, "lobby", func(now *domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
		next := domain.ProvisionedRoom{Name: "lobby"}
		if now != nil {
			next = *now
		}
		next.Settings.MaxSubscribers++
		return &next, nil, nil
	})
}

func counted(t *testing.T, db *postgres.DB) int {
	t.Helper()
	room, err := db.Rooms().Get(t.Context(), "lobby")
	if err != nil {
		t.Fatal(err)
	}
	return room.Settings.MaxSubscribers
}
