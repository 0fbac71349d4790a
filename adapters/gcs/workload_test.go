package gcs

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/api/option"
)

// google is what a workload in Google's cloud sees of it beside the store: the
// metadata server, and IAM, which answers with a status while that is not 200.
type google struct {
	*httptest.Server
	status atomic.Int64
	asked  atomic.Int64
}

func newGoogle(t *testing.T) *google {
	t.Helper()
	g := &google{}
	g.status.Store(http.StatusOK)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /computeMetadata/v1/instance/service-accounts/default/email", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "rostrum@test-project.iam.gserviceaccount.com")
	})
	mux.HandleFunc("GET /computeMetadata/v1/instance/service-accounts/default/token", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"access_token": "the-token", "expires_in": 3600, "token_type": "Bearer"}`)
	})
	mux.HandleFunc("GET /computeMetadata/v1/universe/universe-domain", http.NotFound)
	mux.HandleFunc("POST /v1/projects/-/serviceAccounts/rostrum@test-project.iam.gserviceaccount.com:signBlob", g.sign)
	g.Server = httptest.NewServer(mux)
	t.Cleanup(g.Close)
	t.Setenv("GCE_METADATA_HOST", strings.TrimPrefix(g.URL, "http://"))
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", "")
	t.Setenv("STORAGE_EMULATOR_HOST", "")
	t.Setenv("HOME", t.TempDir())
	return g
}

func (g *google) sign(w http.ResponseWriter, r *http.Request) {
	g.asked.Add(1)
	w.Header().Set("Content-Type", "application/json")
	var blob struct{ Payload []byte }
	if err := json.NewDecoder(r.Body).Decode(&blob); err != nil || r.Header.Get("Authorization") != "Bearer the-token" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if status := int(g.status.Load()); status != http.StatusOK {
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"error": {"code": %d, "message": "Permission 'iam.serviceAccounts.signBlob' is of no use today"}}`, status)
		return
	}
	fmt.Fprintf(w, `{"keyId": "1", "signedBlob": %q}`, base64.StdEncoding.EncodeToString([]byte("signed")))
}

// open opens a bucket with the workload's identity, whose IAM is at this server.
func (g *google) open(t *testing.T) *Objects {
	t.Helper()
	o, err := Open(t.Context(), Config{URL: "gs://bucket", Patience: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	o.signer.iam = []option.ClientOption{option.WithEndpoint(g.URL)}
	return o
}

func TestWorkloadSignsByIAM(t *testing.T) {
	g := newGoogle(t)
	o := g.open(t)
	for range 2 {
		u, err := o.URL(t.Context(), "key", time.Hour, "")
		if err != nil || !strings.Contains(u, "X-Goog-Signature=7369676e6564") || !strings.Contains(u, "rostrum%40test-project") {
			t.Fatalf("URL: %q, %v, want one with IAM's signature", u, err)
		}
		if origins := o.Origins(); len(origins) != 1 || !strings.HasPrefix(u, origins[0]+"/bucket/key?") {
			t.Errorf("Origins: %q, want that of %s", origins, u)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if u, err := o.URL(ctx, "key", time.Hour, ""); err == nil {
		t.Errorf("URL with a cancelled context: %q, want an error", u)
	}
}

func TestWorkloadMayNotSign(t *testing.T) {
	g := newGoogle(t)
	for name, status := range map[string]int64{"refused": http.StatusForbidden, "unknown": http.StatusNotFound, "no service account": http.StatusBadRequest} {
		t.Run(name, func(t *testing.T) {
			g.status.Store(status)
			g.asked.Store(0)
			o := g.open(t)
			for range 3 {
				if u, err := o.URL(t.Context(), "key", time.Hour, ""); u != "" || err != nil {
					t.Fatalf("URL: %q, %v, want none", u, err)
				}
			}
			if n := g.asked.Load(); n != 1 {
				t.Errorf("IAM was asked %d times, want once", n)
			}
		})
	}
}

func TestMachineHasNoAccount(t *testing.T) {
	o := newGoogle(t).open(t)
	bare := httptest.NewServer(http.NotFoundHandler())
	defer bare.Close()
	t.Setenv("GCE_METADATA_HOST", strings.TrimPrefix(bare.URL, "http://"))
	if u, err := o.URL(t.Context(), "key", time.Hour, ""); u != "" || err != nil {
		t.Errorf("URL: %q, %v, want none", u, err)
	}
}

// IAM being down says nothing about whether it lets us sign.
func TestIAMIsDown(t *testing.T) {
	g := newGoogle(t)
	g.status.Store(http.StatusServiceUnavailable)
	o := g.open(t)
	if u, err := o.URL(t.Context(), "key", time.Hour, ""); u != "" || err == nil {
		t.Errorf("URL: %q, %v, want an error", u, err)
	}
	g.status.Store(http.StatusOK)
	if u, err := o.URL(t.Context(), "key", time.Hour, ""); u == "" || err != nil {
		t.Errorf("URL afterwards: %q, %v, want one", u, err)
	}
	g.status.Store(http.StatusForbidden)
	if u, err := o.URL(t.Context(), "key", time.Hour, ""); u != "" || err == nil || !strings.Contains(err.Error(), "iam.serviceAccounts.signBlob") {
		t.Errorf("URL when signing is refused later: %q, %v, want an error that names the permission", u, err)
	}
}
