package pion_test

import (
	"errors"
	"testing"

	"rostrum/domain"
)

// A restart with a candidate that cannot be read changes nothing, or restarts
// without it; a good one after it goes on.
func TestARestartWithABrokenCandidate(t *testing.T) {
	for name, candidate := range map[string]string{
		"a priority that is none": "1 1 udp x 192.0.2.1 9 typ host",
		"a port that is none":     "1 1 udp 1 192.0.2.1 x typ host",
		"a type that is none":     "1 1 udp 1 192.0.2.1 9 typ ghost",
		"another transport":       "1 1 sctp 1 192.0.2.1 9 typ host",
		"no address":              "1 1 udp 1 nowhere 9 typ host",
		"a name":                  "1 1 udp 1 f00.local 9 typ host",
	} {
		t.Run(name, func(t *testing.T) {
			l := connect(t, asItIs)
			fragment := "a=ice-ufrag:other\r\na=ice-pwd:other0other0other0other0\r\na=candidate:" + candidate + "\r\n"
			update, err := l.patch("pub", l.tags["pub"], fragment)
			switch {
			case err == nil:
				l.tags["pub"] = update.Tag
			case errors.Is(err, domain.ErrFragment):
				l.flows("after a restart that was refused")
			default:
				t.Error(err)
			}
			l.restart("pub", l.publisher)
			l.flows("after a good restart")
		})
	}
}
