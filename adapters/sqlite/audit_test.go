package sqlite_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/ports"
	"rostrum/ports/porttest"
)

func TestAudit(t *testing.T) {
	porttest.Audit(t, func(t *testing.T) ports.Audit { return open(t, newPath(t)).Audit() })
}

// The file itself refuses to have its trail rewritten, also from an operator's tool.
func TestAuditIsAppendOnly(t *testing.T) {
	path := newPath(t)
	audit := open(t, path).Audit()
	for _, act := range []string{"recording.delete", "room.delete"} {
		if err := audit.Record(t.Context(), ports.AuditEntry{At: time.UnixMicro(5).UTC(), Subject: "admin", Act: act}); err != nil {
			t.Fatal(err)
		}
	}
	before, err := audit.List(t.Context(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	tool := raw(t, path)
	for name, statement := range map[string]string{
		"update":         "UPDATE audit SET subject = 'nobody'",
		"update of none": "UPDATE audit SET detail = detail WHERE number = 1",
		"delete":         "DELETE FROM audit",
		"delete one":     "DELETE FROM audit WHERE number = 2",
		"replace":        "REPLACE INTO audit VALUES (1, 0, 'nobody', '', '', '', '')",
		"upsert":         "INSERT INTO audit VALUES (1, 0, '', '', '', '', '') ON CONFLICT DO UPDATE SET subject = 'nobody'",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := tool.ExecContext(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v, want the trail's refusal", statement, err)
			}
			after, err := audit.List(t.Context(), 0, 10)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("the trail was changed (-before +after):\n%s", diff)
			}
		})
	}
}
