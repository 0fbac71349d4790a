package sqlite

import (
	"bytes"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/domain"
)

// golden compares a column, and what is read from it, with a file, whatever the fields
// of the domain are called: a difference here is a database that cannot be read any
// more. Add to the file what is new; never change what it has.
func golden[T any](t *testing.T, file string, want T, column func(*T) any) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var got T
	if err := column(&got).(sql.Scanner).Scan(string(text)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read from %s (-want +got):\n%s", file, diff)
	}
	value, err := column(&want).(driver.Valuer).Value()
	if err != nil {
		t.Fatal(err)
	}
	var written bytes.Buffer
	if err := json.Indent(&written, []byte(value.(string)), "", "\t"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.TrimSpace(string(text)), written.String()); diff != "" {
		t.Errorf("written otherwise than %s (-want +got):\n%s", file, diff)
	}
}

func TestTokensAreKeptAsEver(t *testing.T) {
	at := time.Date(2026, time.March, 29, 12, 0, 0, 123_456_000, time.UTC)
	golden(t, "rooms_tokens.json", []domain.RoomToken{
		{
			ID: "token-1", Label: "the team's <own>", Action: domain.ActionPublish, Subject: "room:hall/token-1",
			Hash: domain.NewTokenSecret("hall", "abc").Hash(), Created: at, Expires: at.AddDate(1, 0, 0),
		},
		{ID: "token-2", Action: domain.ActionPlay, Created: at},
	}, func(of *[]domain.RoomToken) any { return tokens{of} })
}

func TestReportsAreKeptAsEver(t *testing.T) {
	golden(t, "sessions_report.json", domain.SessionReport{
		RemoteCandidates: 3, MDNSCandidates: 1, Pair: "udp 192.0.2.1:5000 - 198.51.100.1:8189", DTLS: "connected",
		FirstCandidateAfter: 100 * time.Millisecond, PairedAfter: 150 * time.Millisecond, ConnectedAfter: 250 * time.Millisecond,
		FirstMediaAfter: 300 * time.Millisecond, FirstKeyframeAfter: 310 * time.Millisecond, FirstPictureAfter: 320 * time.Millisecond,
		Fed: domain.Video, RoundTrip: 20*time.Millisecond + 1,
		Packets: 1<<63 - 1, Bytes: 1<<53 + 1, Bitrate: 2_500_000, Keyframes: 30, Resent: 4, Dropped: 5, Lost: 6,
		Estimate: 3_000_000, Restarts: 1,
		Refusal: "The offer has no track.", Recording: "R", RecordedAfter: 330 * time.Millisecond,
	}, func(of *domain.SessionReport) any { return report{of} })
}

// A report from before a session's life was kept is read as what was known then.
func TestReportsOfOldAreRead(t *testing.T) {
	const old = `{"remote_candidates":3,"pair":"udp 192.0.2.1 198.51.100.1","dtls":"connected","connected_after_ns":250000000,"packets":7,"keyframes":1}`
	want := domain.SessionReport{
		RemoteCandidates: 3, Pair: "udp 192.0.2.1 198.51.100.1", DTLS: "connected", ConnectedAfter: 250 * time.Millisecond, Packets: 7, Keyframes: 1,
	}
	var got domain.SessionReport
	if err := (report{&got}).Scan(old); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestColumnsOfAnotherForm(t *testing.T) {
	for name, c := range map[string]struct {
		into   sql.Scanner
		column any
		fails  string
	}{
		"no tokens":                 {tokens{new([]domain.RoomToken)}, "[]", ""},
		"a token cut":               {tokens{new([]domain.RoomToken)}, `[{"id":"1`, "tokens of a room"},
		"a hash cut":                {tokens{new([]domain.RoomToken)}, `[{"id":"one","sha256":"AAAA"}]`, "the hash of token one"},
		"a hash too long":           {tokens{new([]domain.RoomToken)}, `[{"id":"one","sha256":"` + strings.Repeat("AAAA", 11) + `"}]`, "the hash of token one"},
		"tokens NULL":               {tokens{new([]domain.RoomToken)}, nil, "tokens of a room"},
		"an empty report":           {report{new(domain.SessionReport)}, "{}", ""},
		"a figure that is not":      {report{new(domain.SessionReport)}, `{"packets":"many"}`, "the report of a session"},
		"a figure that is not ours": {report{new(domain.SessionReport)}, `{"mood":"good"}`, ""},
		"labels cut":                {document{new(map[string]string)}, `{"team":`, "a document"},
		"labels that are a blob":    {document{new(map[string]string)}, []byte("{}"), "not text"},
		"a time that is text":       {instant{new(time.Time)}, "yesterday", "not microseconds"},
	} {
		err := c.into.Scan(c.column)
		if (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
			t.Errorf("%s: %v, want an error that says %q", name, err, c.fails)
		}
	}
}
