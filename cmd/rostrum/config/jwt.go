package config

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
)

// leastHMAC is how many characters a secret of HS256 has at least (RFC 7518 §3.2).
const leastHMAC = 32

// On reports whether JSON Web Tokens can be valid.
func (j JWT) On() bool {
	return j.Issuer != "" || j.JWKSURL != "" || len(j.KeyFiles) > 0 || j.Secret != ""
}

func (j JWT) check(report reporter) {
	report("auth.jwt.issuer", j.checkIssuer())
	if j.JWKSURL != "" {
		report("auth.jwt.jwks_url", checkHTTP(j.JWKSURL))
	}
	for i, file := range j.KeyFiles {
		if _, err := os.Stat(file); err != nil {
			report(at("auth.jwt.key_files", i), fmt.Errorf("must be a file that can be read: %w", err))
		}
	}
	if j.Secret != "" && len(j.Secret.Reveal()) < leastHMAC {
		report("auth.jwt.secret", fmt.Errorf("must have at least %d characters", leastHMAC))
	}
	report("auth.jwt.actions_claim", j.checkClaim(j.ActionsClaim))
	report("auth.jwt.rooms_claim", j.checkClaim(j.RoomsClaim))
}

// checkIssuer wants an issuer with keys from elsewhere as well: who answers at jwks_url
// may sign for several.
func (j JWT) checkIssuer() error {
	discovered := j.JWKSURL == "" && len(j.KeyFiles) == 0 && j.Secret == ""
	switch {
	case j.Issuer == "" && j.JWKSURL != "":
		return errors.New("must be given with auth.jwt.jwks_url: it is the iss of the tokens")
	case j.Issuer != "" && discovered:
		return checkHTTP(j.Issuer)
	}
	return nil
}

func (j JWT) checkClaim(name string) error {
	if j.On() && (name == "" || strings.TrimSpace(name) != name) {
		return errors.New("must name a claim such as rostrum_actions")
	}
	return nil
}

func checkHTTP(text string) error {
	if u, err := url.Parse(text); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("must be an http:// or https:// URL, not %q", text)
	}
	return nil
}
