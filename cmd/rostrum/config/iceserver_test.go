package config_test

import (
	"testing"
	"time"

	"rostrum/cmd/rostrum/config"
)

func TestICEServers(t *testing.T) {
	cfg := mustLoad(t, given{file: `webrtc:
  ice_servers:
    - urls: ["stun:stun.example.net", "stuns:192.0.2.1:5349"]
    - urls: ["turn:turn_1.example.net:3478?transport=udp", "stun:[2001:db8::1]:3478"]
      username: "user name"
      credential: "p<a>ss=/+"
    - {urls: ["turns:a?transport=tcp"], secret: 'any", \, thing;', ttl: 90m}
    - {urls: ["turn:a"], secret: s}
`})
	want := []config.ICEServer{
		{URLs: []string{"stun:stun.example.net", "stuns:192.0.2.1:5349"}},
		{URLs: []string{"turn:turn_1.example.net:3478?transport=udp", "stun:[2001:db8::1]:3478"}, Username: "user name", Credential: "p<a>ss=/+"},
		{URLs: []string{"turns:a?transport=tcp"}, Secret: `any", \, thing;`, TTL: config.Duration{Duration: 90 * time.Minute}},
		{URLs: []string{"turn:a"}, Secret: "s"},
	}
	if d := diff(want, cfg.WebRTC.ICEServers); d != "" {
		t.Error(d)
	}
	for i, lifetime := range []time.Duration{12 * time.Hour, 12 * time.Hour, 90 * time.Minute, 12 * time.Hour} {
		if got := cfg.WebRTC.ICEServers[i].Lifetime(); got != lifetime {
			t.Errorf("server %d: credentials hold for %v, want %v", i, got, lifetime)
		}
	}
}

// one is a file with one server.
func one(server string) given {
	return given{file: "webrtc:\n  ice_servers:\n    - {" + server + "}\n"}
}

const iceURL = `must be stun:HOST, stuns:HOST, turn:HOST or turns:HOST, then :PORT or nothing, then for TURN ?transport=udp, ?transport=tcp or nothing, not `

func TestICEURLsAreRefused(t *testing.T) {
	const at = `rostrum.yaml:3: webrtc.ice_servers[0].urls[0]: `
	for url, want := range map[string]string{
		"":                        iceURL + `""`,
		"stun.example.net":        iceURL + `"stun.example.net"`,
		"stun://a":                iceURL + `"stun://a"`,
		"http://a":                iceURL + `"http://a"`,
		"STUN:a":                  iceURL + `"STUN:a"`,
		"stun:":                   iceURL + `"stun:"`,
		"stun:a b":                iceURL + `"stun:a b"`,
		"stun:a,stun:b":           iceURL + `"stun:a,stun:b"`,
		"stun:u@a":                iceURL + `"stun:u@a"`,
		"stun:a:":                 iceURL + `"stun:a:"`,
		"stun:2001:db8::1":        iceURL + `"stun:2001:db8::1"`,
		"stun:a/path":             iceURL + `"stun:a/path"`,
		"stun:a>":                 iceURL + `"stun:a>"`,
		"stun:a?x=y":              iceURL + `"stun:a?x=y"`,
		"stun:a:0":                `must have a port from 1 to 65535, not "0"`,
		"stun:a:65536":            `must have a port from 1 to 65535, not "65536"`,
		"stun:[a:b]":              `must have an IPv6 address in its brackets, not "[a:b]"`,
		"stun:a?transport=udp":    `must not have a transport, which is TURN's alone, as in "stun:a?transport=udp"`,
		"stuns:a:1?transport=tcp": `must not have a transport, which is TURN's alone, as in "stuns:a:1?transport=tcp"`,
	} {
		if _, err := load(t, one(`urls: ["`+url+`"]`)); err == nil || err.Error() != at+want {
			t.Errorf("%q: got\n%v\nwant\n%s", url, err, at+want)
		}
	}
	for _, url := range []string{"turn:a?transport=sctp", "turn:a?transport=udp&x=y", "turn:a?", "turn:a?transport=UDP"} {
		if _, err := load(t, one(`secret: s, urls: ["`+url+`"]`)); err == nil || err.Error() != at+iceURL+`"`+url+`"` {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestICEServersAreRefused(t *testing.T) {
	const at = `rostrum.yaml:3: webrtc.ice_servers[0]`
	const ascii = `must be of ASCII, without quotation marks, backslashes, commas and semicolons`
	expect(t, []fault{
		{"nothing in it", one(""), at + `.urls: must list one URL or more`},
		{"no URL", one("urls: [], secret: s"), at + `.urls: must list one URL or more
			` + at + `.secret: must come with a turn: or turns: URL; STUN knows no credentials`},
		{"TURN without credentials", one(`urls: ["turn:a"]`), at + `.username: must be given, with credential, or else secret; TURN needs credentials
			` + at + `.credential: must be given with username`},
		{"without a credential", one(`urls: ["turns:a"], username: u`), at + `.credential: must be given with username`},
		{"without a username", one(`urls: ["stun:a", "turn:a"], credential: c`), at + `.username: must be given, with credential, or else secret; TURN needs credentials`},
		{"both ways", one(`urls: ["turn:a"], username: u, credential: c, secret: s`), at + `.secret: must not come with username or credential; give one or the other`},
		{"STUN with a username", one(`urls: ["stun:a"], username: u, credential: c`), at + `.username: must come with a turn: or turns: URL; STUN knows no credentials`},
		{"STUN with a secret", one(`urls: ["stun:a"], secret: s`), at + `.secret: must come with a turn: or turns: URL; STUN knows no credentials`},
		{"ttl alone", one(`urls: ["turn:a"], username: u, credential: c, ttl: 1h`), at + `.ttl: must come with secret; what is told as it stands does not run out`},
		{"ttl below 0", one(`urls: ["turn:a"], secret: s, ttl: -1h`), at + `.ttl: must be a duration such as 10s or 1m, not "-1h"`},
		{"comma", one(`urls: ["turn:a"], username: "a,b", credential: "c;d"`), at + `.username: ` + ascii + `
			` + at + `.credential: ` + ascii},
		{"quotation mark", one(`urls: ["turn:a"], username: 'a"b', credential: 'c\d'`), at + `.username: ` + ascii + `
			` + at + `.credential: ` + ascii},
		{"beyond ASCII", one(`urls: ["turn:a"], username: "a\tb", credential: "\u00fc"`), at + `.username: ` + ascii + `
			` + at + `.credential: ` + ascii},
		{"masked credential", one(`urls: ["turn:a"], username: u, credential: "***"`), at + `.credential: must be the secret itself, not the mask that "rostrum config" prints`},
		{"masked secret", one(`urls: ["turn:a"], secret: "***"`), at + `.secret: must be the secret itself, not the mask that "rostrum config" prints`},
		{"no list", given{file: "webrtc: {ice_servers: \"stun:a\"}"}, `rostrum.yaml:1: webrtc.ice_servers: must be a list of ice servers`},
		{"URLs as one", one(`urls: "stun:a"`), at + `.urls: must be a list of texts, not "stun:a"`},
		{"another key", one(`url: "stun:a"`), at + `.url: unknown key; did you mean webrtc.ice_servers[0].urls?
			` + at + `.urls: must list one URL or more`},
		{"by the environment", given{env: map[string]string{"ROSTRUM_WEBRTC_ICE_SERVERS": "stun:a"}},
			`ROSTRUM_WEBRTC_ICE_SERVERS: webrtc.ice_servers can be given in the file only; name one by --config`},
	})
}
