package main

import (
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"net"
	"os"
	"testing"

	"rostrum/cmd/rostrum/config"
)

// A certificate that is renewed under a running server is what the next client gets. Until
// both files are there, and whatever else is written, clients get the one before.
func TestRenewedCertificate(t *testing.T) {
	chain, key := selfSigned(t)
	first := readPEM(t, chain)
	p := startProgram(t, func(cfg *config.Config) { cfg.HTTP.TLSCert, cfg.HTTP.TLSKey = chain, key })
	newChain, newKey := selfSigned(t)
	second := readPEM(t, newChain)
	for _, step := range []struct {
		name string
		do   func() error
		want []byte
	}{
		{"at the start", func() error { return nil }, first},
		{"with the key still to come", func() error { return os.Rename(newChain, chain) }, first},
		{"renewed", func() error { return os.Rename(newKey, key) }, second},
		{"with garbage in it", func() error { return os.WriteFile(chain, []byte("garbage"), 0o600) }, second},
		{"with its files gone", func() error { return os.Remove(key) }, second},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(servedCertificate(t, p.http.listener.Addr()), step.want) {
			t.Errorf("%s: another certificate", step.name)
		}
	}
}

// servedCertificate returns the certificate that a new client is shown.
func servedCertificate(t *testing.T, server net.Addr) []byte {
	t.Helper()
	conn, err := tls.Dial("tcp", server.String(), &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }() // nothing was said
	return conn.ConnectionState().PeerCertificates[0].Raw
}

func readPEM(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	return block.Bytes
}
