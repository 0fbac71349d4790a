package main

import (
	"crypto/tls"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"

	"rostrum/cmd/rostrum/config"
)

// certificate is what HTTPS is served with. It follows its files: a renewed one holds from
// the next handshake on, without a restart. What is no pair, as when one file is written and
// the other not yet, leaves the one before. Its methods may be called from any goroutine.
type certificate struct {
	chain, key string // files
	log        *slog.Logger

	mu   sync.Mutex // guards pair and read
	pair *tls.Certificate
	read [2]fs.FileInfo // the files as they were before they were read last; nil: not there
}

// newCertificate reads the pair that the configuration names.
func newCertificate(cfg config.HTTP, log *slog.Logger) (*certificate, error) {
	c := &certificate{chain: cfg.TLSCert, key: cfg.TLSKey, log: log}
	c.read = c.files()
	if err := c.load(); err != nil {
		return nil, fmt.Errorf("http.tls_cert, http.tls_key: %w", err)
	}
	return c, nil
}

// forHandshake is tls.Config.GetCertificate.
func (c *certificate) forHandshake(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.files()
	if same(now[0], c.read[0]) && same(now[1], c.read[1]) {
		return c.pair, nil
	}
	c.read = now
	if err := c.load(); err != nil {
		c.log.Warn("the TLS certificate has changed and cannot be used: the one before is, until it can be", "error", err)
	} else {
		c.log.Info("the TLS certificate has been renewed", "valid_until", c.pair.Leaf.NotAfter)
	}
	return c.pair, nil
}

func (c *certificate) load() error {
	pair, err := tls.LoadX509KeyPair(c.chain, c.key)
	if err == nil {
		c.pair = &pair
	}
	return err
}

func (c *certificate) files() (now [2]fs.FileInfo) {
	for i, path := range []string{c.chain, c.key} {
		if info, err := os.Stat(path); err == nil {
			now[i] = info
		}
	}
	return now
}

// same reports whether a file has not been changed or replaced.
func same(a, b fs.FileInfo) bool {
	if a == nil || b == nil {
		return a == b
	}
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}
