package config

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// defaultICETTL is how long credentials hold where nobody says.
const defaultICETTL = 12 * time.Hour

// Lifetime returns how long credentials that are made with the secret hold.
func (s ICEServer) Lifetime() time.Duration {
	if s.TTL.Duration == 0 {
		return defaultICETTL
	}
	return s.TTL.Duration
}

func (s ICEServer) check(path string, report reporter) {
	if len(s.URLs) == 0 {
		report(path+".urls", errors.New("must list one URL or more"))
	}
	needed := false
	for i, url := range s.URLs {
		report(at(path+".urls", i), checkICEURL(url))
		needed = needed || strings.HasPrefix(url, "turn")
	}
	s.checkCredentials(path, needed, report)
	if s.TTL.Duration != 0 && s.Secret == "" {
		report(path+".ttl", errors.New("must come with secret; what is told as it stands does not run out"))
	}
}

// checkCredentials wants them in one of two ways where they are needed, and in
// none where they are not.
func (s ICEServer) checkCredentials(path string, needed bool, report reporter) {
	switch asTheyStand := s.Username != "" || s.Credential != ""; {
	case s.Secret != "" && asTheyStand:
		report(path+".secret", errors.New("must not come with username or credential; give one or the other"))
	case !needed && s.Secret != "":
		report(path+".secret", errors.New("must come with a turn: or turns: URL; STUN knows no credentials"))
	case !needed && asTheyStand:
		report(path+".username", errors.New("must come with a turn: or turns: URL; STUN knows no credentials"))
	case needed && s.Secret == "":
		report(path+".username", checkICECredential(s.Username, "must be given, with credential, or else secret; TURN needs credentials"))
		report(path+".credential", checkICECredential(s.Credential.Reveal(), "must be given with username"))
	case s.Secret.Reveal() == mask:
		report(path+".secret", errMasked)
	}
}

var errMasked = errors.New("must be the secret itself, not the mask that \"rostrum config\" prints")

// checkICECredential wants what goes into quotes in a header as it is, and what
// clients read that split the header at commas and semicolons.
func checkICECredential(text, missing string) error {
	for _, r := range text {
		if r < ' ' || r > '~' || strings.ContainsRune(`",;\`, r) {
			return errors.New("must be of ASCII, without quotation marks, backslashes, commas and semicolons")
		}
	}
	switch text {
	case "":
		return errors.New(missing)
	case mask:
		return errMasked
	}
	return nil
}

// iceURL is the form of RFC 7064 and RFC 7065, with a scheme in small letters as
// some clients want it.
var iceURL = regexp.MustCompile(`\A(stuns?|turns?):(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]+))?(\?transport=(?:udp|tcp))?\z`)

func checkICEURL(text string) error {
	parts := iceURL.FindStringSubmatch(text)
	if parts == nil {
		return fmt.Errorf("must be stun:HOST, stuns:HOST, turn:HOST or turns:HOST, then :PORT or nothing, then for TURN ?transport=udp, ?transport=tcp or nothing, not %q", text)
	}
	scheme, host, port, transport := parts[1], parts[2], parts[3], parts[4]
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err != nil && host[0] == '[' {
		return fmt.Errorf("must have an IPv6 address in its brackets, not %q", host)
	}
	if n, err := strconv.ParseUint(port, 10, 16); port != "" && (err != nil || n == 0) {
		return fmt.Errorf("must have a port from 1 to 65535, not %q", port)
	}
	if transport != "" && strings.HasPrefix(scheme, "stun") {
		return fmt.Errorf("must not have a transport, which is TURN's alone, as in %q", text)
	}
	return nil
}
