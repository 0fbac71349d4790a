package jwt

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

const maxKeyFile = 64 << 10

// readKey returns the public key in a PEM file. Its errors go behind the file's name.
func readKey(name string) (*key, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", withoutPath(err))
	}
	defer func() { _ = file.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(file, maxKeyFile+1))
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", withoutPath(err))
	}
	if len(text) > maxKeyFile {
		return nil, fmt.Errorf("is larger than %d KiB: give it one public key or certificate in PEM", maxKeyFile>>10)
	}
	block, rest := pem.Decode(text)
	if block == nil {
		return nil, errors.New("is not PEM: give it one public key or certificate, which begins with -----BEGIN")
	}
	if strings.TrimSpace(string(rest)) != "" {
		return nil, errors.New("has something behind its first key or certificate: give each key a file of its own")
	}
	public, err := parsePublic(block)
	if err != nil {
		return nil, err
	}
	algorithm, err := algorithmOf(public)
	return &key{algorithm: algorithm, material: public}, err
}

func withoutPath(err error) error {
	if at := (*os.PathError)(nil); errors.As(err, &at) {
		return at.Err
	}
	return err
}

func parsePublic(block *pem.Block) (public any, err error) {
	switch {
	case block.Type == "PUBLIC KEY":
		public, err = x509.ParsePKIXPublicKey(block.Bytes)
	case block.Type == "RSA PUBLIC KEY":
		public, err = x509.ParsePKCS1PublicKey(block.Bytes)
	case block.Type == "CERTIFICATE":
		var certificate *x509.Certificate
		if certificate, err = x509.ParseCertificate(block.Bytes); err == nil {
			public = certificate.PublicKey
		}
	case strings.HasSuffix(block.Type, "PRIVATE KEY"):
		return nil, errors.New("holds a private key, which is the issuer's alone: give it the public one, as \"openssl pkey -pubout\" makes")
	default:
		return nil, fmt.Errorf("holds a %q: give it a public key or certificate", block.Type)
	}
	if err != nil {
		return nil, fmt.Errorf("holds a malformed %s: %w. Write the file again", strings.ToLower(block.Type), err)
	}
	return public, nil
}
