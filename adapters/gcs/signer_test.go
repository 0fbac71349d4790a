package gcs_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rostrum/adapters/gcs"
	"rostrum/ports/porttest/objectserver"
)

const account = "rostrum@test-project.iam.gserviceaccount.com"

func TestSignedURL(t *testing.T) {
	key := writeKey(t, "http://127.0.0.1:1/token")
	server := objectserver.GCS(t)
	bucket := server.Bucket(t)
	c, b := content(t, 1000)
	if err := openURL(t, server.URL, "gs://"+bucket+"/live", time.Minute).Put(t.Context(), "room=1/a_b.mp4", c, func(int64) {}); err != nil {
		t.Fatal(err)
	}
	t.Setenv("STORAGE_EMULATOR_HOST", "") // with it there are no credentials
	o, err := gcs.Open(t.Context(), gcs.Config{URL: "gs://" + bucket + "/live"})
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	for download, want := range map[string]string{"": "", "lobby.mp4": "lobby.mp4", `a "b"; größe.mp4`: `a "b"; größe.mp4`} {
		text, err := o.URL(t.Context(), "room=1/a_b.mp4", time.Hour, download)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if u.Scheme != "https" || u.Host != "storage.googleapis.com" || u.Path != "/"+bucket+"/live/room=1/a_b.mp4" {
			t.Errorf("the URL is %s", text)
		}
		q := u.Query()
		if q.Get("X-Goog-Expires") != "3600" && q.Get("X-Goog-Expires") != "3599" || !strings.HasPrefix(q.Get("X-Goog-Credential"), account+"/") {
			t.Errorf("the URL is good for %s s, by %s", q.Get("X-Goog-Expires"), q.Get("X-Goog-Credential"))
		}
		if origins := o.Origins(); len(origins) != 1 || origins[0] != u.Scheme+"://"+u.Host {
			t.Errorf("Origins: %q, want that of %s", origins, text)
		}
		verify(t, &key.PublicKey, u)
		u.Scheme, u.Host = "http", strings.TrimPrefix(server.URL, "http://") // which looks at no signature
		serves(t, u.String(), want, b[10:20])
	}
	if _, err := o.URL(t.Context(), "key", 8*24*time.Hour, ""); err == nil {
		t.Error("there is a URL that is good for 8 days")
	}
}

// serves fails unless the URL answers a range, under that name.
func serves(t *testing.T, address, download string, want []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Range", "bytes=10-19")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusPartialContent || string(got) != string(want) {
		t.Errorf("a range of the URL: %s, %d bytes (%v)", response.Status, len(got), err)
	}
	disposition := response.Header.Get("Content-Disposition")
	if disposition == "" && download == "" {
		return
	}
	kind, parameters, err := mime.ParseMediaType(disposition)
	if err != nil || kind != "attachment" || parameters["filename"] != download {
		t.Errorf("Content-Disposition is %q (%v), want an attachment called %q", disposition, err, download)
	}
}

// verify checks a signature as the store does (GOOG4-RSA-SHA256).
func verify(t *testing.T, key *rsa.PublicKey, u *url.URL) {
	t.Helper()
	q := u.Query()
	signature, err := hex.DecodeString(q.Get("X-Goog-Signature"))
	if err != nil {
		t.Fatal(err)
	}
	q.Del("X-Goog-Signature")
	path := strings.ReplaceAll(u.EscapedPath(), "=", "%3D")
	query := strings.ReplaceAll(q.Encode(), "+", "%20")
	canonical := sha256.Sum256([]byte("GET\n" + path + "\n" + query + "\nhost:" + u.Host + "\n\nhost\nUNSIGNED-PAYLOAD"))
	scope := strings.TrimPrefix(q.Get("X-Goog-Credential"), account+"/")
	signed := sha256.Sum256([]byte("GOOG4-RSA-SHA256\n" + q.Get("X-Goog-Date") + "\n" + scope + "\n" + hex.EncodeToString(canonical[:])))
	if err := rsa.VerifyPKCS1v15(key, crypto.SHA256, signed[:], signature); err != nil {
		t.Errorf("the signature of %s: %v", u, err)
	}
}

func TestNoURLWhereNobodySigns(t *testing.T) {
	t.Run("an emulator", func(t *testing.T) {
		noURL(t, openURL(t, "127.0.0.1:1", "gs://bucket", time.Second))
	})
	for name, file := range map[string]string{
		"a person":           `{"type": "authorized_user", "client_id": "id", "client_secret": "secret", "refresh_token": "token"}`,
		"a foreign identity": `{"type": "external_account", "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q", "subject_token_type": "urn:ietf:params:oauth:token-type:jwt", "token_url": "https://sts.googleapis.com/v1/token", "credential_source": {"file": "/nowhere"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			credentials(t, file)
			o, err := gcs.Open(t.Context(), gcs.Config{URL: "gs://bucket"})
			if err != nil {
				t.Fatal(err)
			}
			defer o.Close()
			noURL(t, o)
		})
	}
}

func noURL(t *testing.T, o *gcs.Objects) {
	t.Helper()
	if origins := o.Origins(); origins != nil {
		t.Errorf("Origins: %q, want none", origins)
	}
	for range 2 {
		if u, err := o.URL(t.Context(), "key", time.Hour, ""); u != "" || err != nil {
			t.Errorf("URL: %q, %v, want none", u, err)
		}
	}
}

func TestCredentialsAreNoLongerValid(t *testing.T) {
	google := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error": "invalid_grant", "error_description": "Invalid JWT Signature."}`)
	}))
	defer google.Close()
	writeKey(t, google.URL)
	o, err := gcs.Open(t.Context(), gcs.Config{URL: "gs://bucket", Patience: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	c, _ := content(t, 10)
	for call, err := range map[string]error{"Check": o.Check(t.Context()), "Put": o.Put(t.Context(), "key", c, func(int64) {})} {
		if err == nil || !strings.Contains(err.Error(), account) || !strings.Contains(err.Error(), "invalid_grant") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want an error in one line that names the account and what Google says", call, err)
		}
	}
}

// writeKey makes a service account's key file, and has it be the credentials.
func writeKey(t *testing.T, tokens string) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	file, err := json.Marshal(map[string]string{
		"type": "service_account", "project_id": "test-project", "private_key_id": "1", "client_email": account, "token_uri": tokens,
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
	})
	if err != nil {
		t.Fatal(err)
	}
	credentials(t, string(file))
	return key
}

func credentials(t *testing.T, file string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "credentials.json")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("STORAGE_EMULATOR_HOST", "")
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", path)
}
