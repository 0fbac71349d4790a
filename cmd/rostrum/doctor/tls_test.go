package doctor

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rostrum/cmd/rostrum/config"
)

// pair makes a certificate of live.example.com and its key, and returns their files.
func pair(t *testing.T, begins, ends time.Duration) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"live.example.com"},
		NotBefore: time.Now().Add(begins), NotAfter: time.Now().Add(ends),
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return writePEM(t, "CERTIFICATE", raw), writePEM(t, "EC PRIVATE KEY", secret)
}

func writePEM(t *testing.T, kind string, raw []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "file.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCertificate(t *testing.T) {
	const day = 24 * time.Hour
	_, otherKey := pair(t, 0, day)
	for name, c := range map[string]struct {
		begins, ends time.Duration
		change       func(*config.HTTP)
		wants
	}{
		"nobody's authority": {-day, 90 * day, nil, wants{Warn, "valid for 89 days, is not trusted here", "intermediate"}},
		"soon over":          {-day, 3*day + time.Hour, nil, wants{Warn, "expires in 3 days", "Renew"}},
		"expired":            {-2 * day, -day, nil, wants{Fail, "live.example.com has expired", "Renew"}},
		"not yet valid":      {day, 90 * day, nil, wants{Fail, "is valid from", "clock"}},
		"another name":       {-day, 90 * day, func(h *config.HTTP) { h.PublicURL = "https://other.example.com" }, wants{Fail, "is for live.example.com", "for other.example.com"}},
		"another key":        {-day, 90 * day, func(h *config.HTTP) { h.TLSKey = otherKey }, wants{Fail, "private key does not match", "made for it"}},
		"unreadable":         {-day, 90 * day, func(h *config.HTTP) { h.TLSKey = filepath.Dir(otherKey) }, wants{Fail, "cannot be read", "chgrp rostrum"}},
		"not there":          {-day, 90 * day, func(h *config.HTTP) { h.TLSKey = otherKey + ".old" }, wants{Fail, "no such file", "name the right one"}},
		"no certificate":     {-day, 90 * day, func(h *config.HTTP) { h.TLSCert = otherKey }, wants{Fail, "cannot be used", "in PEM"}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config.HTTP{}
			cfg.TLSCert, cfg.TLSKey = pair(t, c.begins, c.ends)
			if c.change != nil {
				c.change(&cfg)
			}
			c.check(t, see(t, certificate(cfg)))
		})
	}
}
