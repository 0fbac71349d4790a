package api

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestICELinks(t *testing.T) {
	now := time.Unix(1753356800, 0)
	for name, c := range map[string]struct {
		servers []ICEServer
		want    []string
	}{
		"none": {nil, nil},
		"STUN": {
			[]ICEServer{{URLs: []string{"stun:stun.example.net", "stuns:[2001:db8::1]:5349"}}},
			[]string{
				`<stun:stun.example.net>; rel="ice-server"`,
				`<stuns:[2001:db8::1]:5349>; rel="ice-server"`,
			},
		},
		"TURN with credentials for everybody": {
			[]ICEServer{{URLs: []string{"turn:turn.example.net?transport=udp"}, Username: "user", Credential: "myPassword"}},
			[]string{`<turn:turn.example.net?transport=udp>; rel="ice-server"; username="user"; credential="myPassword"; credential-type="password"`},
		},
		// The credential is what "openssl dgst -sha1 -hmac north -binary | base64" says of the username.
		"TURN with a secret": {
			[]ICEServer{{URLs: []string{"turns:turn.example.net:443?transport=tcp"}, Secret: "north", TTL: 12 * time.Hour}},
			[]string{`<turns:turn.example.net:443?transport=tcp>; rel="ice-server"; username="1753400000:SESSION"; credential="clge6UZnfhZqTQf2apfMikIuBlc="; credential-type="password"`},
		},
		"both of one server, and another server": {
			[]ICEServer{
				{URLs: []string{"stun:a.example:3478", "turn:a.example:3478"}, Username: "u", Credential: "c"},
				{URLs: []string{"stun:b.example"}},
			},
			[]string{
				`<stun:a.example:3478>; rel="ice-server"`,
				`<turn:a.example:3478>; rel="ice-server"; username="u"; credential="c"; credential-type="password"`,
				`<stun:b.example>; rel="ice-server"`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, iceLinks(c.servers, "SESSION", now)); d != "" {
				t.Error(d)
			}
		})
	}
}
