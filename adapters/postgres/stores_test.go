package postgres_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/adapters/postgres"
	"rostrum/domain"
	"rostrum/ports"
	"rostrum/ports/porttest/pgserver"
)

// The database itself refuses to have its trail rewritten, also from an operator's tool.
func TestAuditIsAppendOnly(t *testing.T) {
	address := newDatabase(t)
	audit := open(t, address).Audit()
	if err := audit.Record(t.Context(), ports.AuditEntry{Act: "room.delete"}, ports.AuditEntry{Act: "room.create"}); err != nil {
		t.Fatal(err)
	}
	before, err := audit.List(t.Context(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	admin := tool(t, address)
	for _, statement := range []string{
		"UPDATE audit SET act = 'nothing'", "DELETE FROM audit", "TRUNCATE audit",
		"INSERT INTO audit OVERRIDING SYSTEM VALUE SELECT * FROM audit ON CONFLICT (number) DO UPDATE SET act = ''",
		"INSERT INTO audit SELECT * FROM audit", "UPDATE audit SET act = '' WHERE false",
	} {
		if _, err := admin.Exec(t.Context(), statement); err == nil {
			t.Errorf("%s was done", statement)
		}
	}
	after, err := audit.List(t.Context(), 0, 10)
	same(t, err, before, after)
}

// A session from before its life was kept is read as what was known then.
func TestSessionsOfOldAreRead(t *testing.T) {
	address := newDatabase(t)
	sessions := open(t, address).Sessions()
	_, err := tool(t, address).Exec(t.Context(), `
		INSERT INTO sessions (id, room, role, subject, address, user_agent, node, codecs, started, reason, report)
		VALUES ('A', 'hall', 'publisher', 'alice', '', '', '', '{}', '2026-01-31T18:00:00Z', '',
			'{"remote_candidates": 3, "dtls": "connected", "connected_after_ns": 250000000, "packets": 7, "keyframes": 1}')`)
	if err != nil {
		t.Fatal(err)
	}
	got, err := sessions.Get(t.Context(), "A")
	same(t, err, domain.SessionReport{RemoteCandidates: 3, DTLS: "connected", ConnectedAfter: 250 * time.Millisecond, Packets: 7, Keyframes: 1}, got.Report)
}

// An entry that is added later has a number that is greater, although a transaction that
// took its number earlier commits later: it waits.
func TestAuditNumbersFollowCommits(t *testing.T) {
	db := open(t, newDatabase(t))
	entered, leave, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		done <- db.Rooms().Update(t.Context(), "slow", func(*domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
			close(entered)
			<-leave
			return nil, []ports.AuditEntry{{Act: "slow"}}, nil
		})
	}()
	<-entered
	if err := db.Audit().Record(t.Context(), ports.AuditEntry{Act: "quick"}); err != nil {
		t.Fatal(err) // a transaction that only thinks holds nobody up
	}
	seen, err := db.Audit().List(t.Context(), 0, 10)
	if err != nil || len(seen) != 1 {
		t.Fatalf("%d entries are seen (%v), want 1", len(seen), err)
	}
	close(leave)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	rest, err := db.Audit().List(t.Context(), seen[0].Number, 10)
	if err != nil || len(rest) != 1 || rest[0].Act != "slow" {
		t.Errorf("behind the last entry are %+v (%v), want the slow one", rest, err)
	}
}

// A label that an administrator changes by hand is found by its new value.
func TestLabelsChangedByHandAreFound(t *testing.T) {
	address := newDatabase(t)
	db := open(t, address)
	execute(t, tool(t, address), rowsOf[0], `UPDATE rooms SET labels = '{"team": "green"}'`, `UPDATE rooms SET name = 'Lobby'`)
	for value, want := range map[string]int{"blue": 0, "green": 1} {
		found, err := db.Rooms().List(t.Context(), ports.RoomQuery{Label: "team", Value: value}, "", 10)
		if err != nil || len(found) != want {
			t.Errorf("%d rooms of team %s are found (%v), want %d", len(found), value, err, want)
		}
	}
}

// Two thousand records are one statement.
func TestKeepOfThousands(t *testing.T) {
	address := newDatabase(t)
	db := open(t, address)
	var records []domain.SessionRecord
	for i := range 2000 {
		records = append(records, domain.SessionRecord{
			ID: domain.SessionID(fmt.Sprintf("S%04d", i)), Room: "hall", Role: domain.RoleSubscriber, Subject: "somebody",
			UserAgent: strings.Repeat("Mozilla/5.0 ", 10), Codecs: []domain.Codec{domain.H264, domain.Opus}, Started: time.Now(),
		})
	}
	if err := db.Sessions().Keep(t.Context(), records); err != nil {
		t.Fatal(err)
	}
	if n, err := db.Sessions().Abandon(t.Context(), "", time.Now()); n != len(records) || err != nil {
		t.Errorf("%d are live (%v), want %d", n, err, len(records))
	}
}

// The order of lists is that of bytes where the database's own is that of a language.
func TestOrderIsOfBytesInAnyDatabase(t *testing.T) {
	db := open(t, pgserver.Shared(t).Database(t, "", "LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"))
	var want, got []domain.RoomName
	for _, room := range []domain.RoomName{"a", "B", "_", "b", "A", "-", "1"} {
		err := db.Rooms().Update(t.Context(), room, func(*domain.ProvisionedRoom) (*domain.ProvisionedRoom, []ports.AuditEntry, error) {
			return &domain.ProvisionedRoom{Settings: domain.RoomSettings{Labels: map[string]string{"all": ""}}}, nil, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, room)
	}
	slices.Sort(want)
	for _, query := range []ports.RoomQuery{{}, {Label: "all"}} {
		page, err := db.Rooms().List(t.Context(), query, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		got = got[:0]
		for _, room := range page {
			got = append(got, room.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the order of %+v (-want +got):\n%s", query, diff)
		}
	}
}

// TLS is as the URL says.
func TestTLS(t *testing.T) {
	t.Parallel()
	certificate, key := selfSigned(t)
	s := ownServer(t, pgserver.Config{
		Settings: []string{"ssl=on", "ssl_cert_file=server.crt", "ssl_key_file=server.key"},
		Files:    map[string][]byte{"server.crt": certificate, "server.key": key},
	})
	root := filepath.Join(t.TempDir(), "root.crt")
	if err := os.WriteFile(root, certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	tls := func(mode, root string) string {
		return with(t, s.URL("postgres"), func(_ *url.URL, o url.Values) {
			o.Set("sslmode", mode)
			if root != "" {
				o.Set("sslrootcert", root)
			}
		})
	}
	db := open(t, tls("verify-full", root))
	if err := increment(t.Context(), db); err != nil {
		t.Error(err)
	}
	var encrypted bool
	if err := tool(t, s.URL("postgres")).QueryRow(t.Context(), `
		SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'rostrum'`).Scan(&encrypted); err != nil || !encrypted {
		t.Errorf("the connections are encrypted: %v (%v)", encrypted, err)
	}
	if _, err := postgres.Open(t.Context(), postgres.Config{URL: tls("verify-full", "system")}); !errors.Is(err, ports.ErrAway) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("Open of a server whose certificate nobody vouches for: %v", err)
	}
}

func selfSigned(t *testing.T) (certificate, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "postgres"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
}
