package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"time"

	"rostrum/cmd/rostrum/config"
)

// renewal is how long before its end a certificate should have been renewed.
const renewal = 14 * 24 * time.Hour

// certificate looks at the pair that HTTP is served with.
func certificate(cfg config.HTTP) func(context.Context) Result {
	return func(context.Context) Result {
		pair, err := tls.LoadX509KeyPair(cfg.TLSCert, cfg.TLSKey)
		if unread, ok := errors.AsType[*fs.PathError](err); ok {
			seen := fmt.Sprintf("%s cannot be read: %v", unread.Path, unread.Err)
			if errors.Is(err, fs.ErrNotExist) {
				return fail(seen, "Put the file there, or name the right one in http.tls_cert or http.tls_key.")
			}
			return fail(seen, fmt.Sprintf("Let the user that runs rostrum read it, and nobody else: chgrp rostrum %[1]s, then chmod 640 %[1]s.", unread.Path))
		}
		if err != nil {
			return fail(fmt.Sprintf("http.tls_cert and http.tls_key cannot be used: %v", err), "Name a certificate in PEM, and the private key that was made for it.")
		}
		return examineCertificate(pair, cfg.PublicURL, time.Now())
	}
}

func examineCertificate(pair tls.Certificate, publicURL string, now time.Time) Result {
	leaf := pair.Leaf
	left, renew := leaf.NotAfter.Sub(now), "Renew the certificate. The server reads it again by itself."
	names := strings.Join(append(leaf.DNSNames, addresses(leaf)...), ", ")
	switch {
	case left <= 0:
		return fail(fmt.Sprintf("the certificate of %s has expired %s", names, leaf.NotAfter.UTC().Format(time.RFC3339)), renew)
	case now.Before(leaf.NotBefore):
		return fail(fmt.Sprintf("the certificate of %s is valid from %s on only", names, leaf.NotBefore.UTC().Format(time.RFC3339)), "Wait until then, or see whether the clock of this machine is right.")
	}
	if at, err := url.Parse(publicURL); err == nil && publicURL != "" && leaf.VerifyHostname(at.Hostname()) != nil {
		return fail(fmt.Sprintf("the certificate is for %s, and http.public_url is %s", names, publicURL), "Get a certificate for "+at.Hostname()+", or correct http.public_url.")
	}
	if left < renewal {
		return warn(fmt.Sprintf("the certificate of %s expires in %d days", names, days(left)), renew)
	}
	if err := verify(pair, now); err != nil {
		return warn(fmt.Sprintf("the certificate of %s, valid for %d days, is not trusted here: %v", names, days(left), err),
			"Put the intermediate certificates behind it in http.tls_cert; one of an own authority must be known to every client.")
	}
	return ok("for %s, valid for %d days", names, days(left))
}

func addresses(leaf *x509.Certificate) (all []string) {
	for _, ip := range leaf.IPAddresses {
		all = append(all, ip.String())
	}
	return all
}

func days(d time.Duration) int { return int(d / (24 * time.Hour)) }

// verify does what a client does that trusts what this machine trusts.
func verify(pair tls.Certificate, now time.Time) error {
	between := x509.NewCertPool()
	for _, raw := range pair.Certificate[1:] {
		if c, err := x509.ParseCertificate(raw); err == nil {
			between.AddCert(c)
		}
	}
	_, err := pair.Leaf.Verify(x509.VerifyOptions{Intermediates: between, CurrentTime: now})
	var stranger x509.UnknownAuthorityError
	if errors.As(err, &stranger) {
		return errors.New("its authority is unknown, or an intermediate certificate is missing")
	}
	return err
}
