package config_test

import (
	"strings"
	"testing"
)

type fault struct {
	name  string
	given given
	want  string // lines, each without the tabs before it
}

func expect(t *testing.T, faults []fault) {
	t.Helper()
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			cfg, err := load(t, f.given)
			if err == nil || cfg != nil {
				t.Fatalf("accepted: %+v", cfg)
			}
			want := strings.ReplaceAll(strings.TrimSpace(f.want), "\t", "")
			if err.Error() != want {
				t.Errorf("got\n%v\nwant\n%s", err, want)
			}
		})
	}
}

const sections = "http, webrtc, database, history, storage, recording, webhooks, auth, limits, rooms, drain, cluster, log"

func TestUnusableFile(t *testing.T) {
	expect(t, []fault{
		{"missing", given{args: []string{"--config=nope.yaml"}},
			`--config: the file "nope.yaml" does not exist`},
		{"missing, by the environment", given{env: map[string]string{"ROSTRUM_CONFIG": "nope.yaml"}},
			`ROSTRUM_CONFIG: the file "nope.yaml" does not exist`},
		{"directory", given{args: []string{"--config=."}},
			`--config: "." is a directory; name the file in it`},
		{"below a file", given{file: "log: {}", args: []string{"--config=rostrum.yaml/x"}},
			`--config: open rostrum.yaml/x: not a directory`},
		{"not YAML", given{file: "http:\n  addr: \":8080\n"},
			`rostrum.yaml:2: not valid YAML: found unexpected end of stream`},
		{"tab", given{file: "http:\n\taddr: x\n"},
			`rostrum.yaml:2: not valid YAML: found character that cannot start any token`},
		{"control character", given{file: "http: \x01\n"},
			`rostrum.yaml: not valid YAML: control characters are not allowed`},
		{"duplicates", given{file: "log:\n  level: info\n  level: warn\n  format: text\n  format: json\n"},
			`rostrum.yaml:3: not valid YAML: mapping key "level" already defined at line 2
			rostrum.yaml:5: not valid YAML: mapping key "format" already defined at line 4`},
		{"alias of itself", given{file: "http: &a\n  addr: *a\n"},
			`rostrum.yaml: not valid YAML: anchor 'a' value contains itself`},
		{"list", given{file: "\n- http\n"},
			`rostrum.yaml:2: must be a mapping with the keys ` + sections},
		{"text", given{file: "http"},
			`rostrum.yaml:1: must be a mapping with the keys ` + sections},
		{"two documents", given{file: "log: {}\n---\nlog: {}\n"},
			`rostrum.yaml: must hold one YAML document; remove what begins at the second "---"`},
	})
}

func TestUnknownKeys(t *testing.T) {
	expect(t, []fault{
		{"typing error", given{file: "\n\nhttp:\n  adr: \":1\"\n"},
			`rostrum.yaml:4: http.adr: unknown key; did you mean http.addr?`},
		{"section", given{file: "htttp: {addr: \":1\", nope: 1}\n"},
			`rostrum.yaml:1: htttp: unknown key; did you mean http?`},
		{"case", given{file: "log: {Level: info}\n"},
			`rostrum.yaml:1: log.Level: unknown key; did you mean log.level?`},
		{"nothing near", given{file: "log: {colour: true}\n"},
			`rostrum.yaml:1: log.colour: unknown key; the keys here are level, format`},
		{"path as key", given{file: "http.addr: \":1\"\n"},
			`rostrum.yaml:1: http.addr: unknown key; write addr: below http:`},
		{"other section", given{file: "auth: {tls_key: x}\n"},
			`rostrum.yaml:1: auth.tls_key: unknown key; did you mean http.tls_key?`},
		{"merge", given{file: "log: &l {level: info}\nrooms: {<<: *l}\n"},
			`rostrum.yaml:2: rooms.<<: unknown key; the keys here are auto_create, grace, record`},
		{"below an alias", given{file: "log: &l {level: info}\nrooms: *l\n"},
			`rostrum.yaml:1: rooms.level: unknown key; the keys here are auto_create, grace, record`},
		{"of a token", given{file: "auth:\n  tokens:\n    - {token: 12345678x, subject: a, action: [play], rooms: [a]}\n"},
			`rostrum.yaml:3: auth.tokens[0].action: unknown key; did you mean auth.tokens[0].actions?
			rostrum.yaml:3: auth.tokens[0].actions: must list publish, play or admin`},
		{"variable", given{env: map[string]string{"ROSTRUM_HTTP_ADR": "x"}},
			`ROSTRUM_HTTP_ADR: unknown variable; did you mean ROSTRUM_HTTP_ADDR?`},
		{"variable without a near one", given{env: map[string]string{"ROSTRUM_X": ""}},
			`ROSTRUM_X: unknown variable; unset it, or see "rostrum --help" for the keys that there are`},
		{"variable for tokens", given{env: map[string]string{"ROSTRUM_AUTH_TOKENS": "a,b"}},
			`ROSTRUM_AUTH_TOKENS: auth.tokens can be given in the file only; name one by --config`},
	})
}

func TestWrongTypes(t *testing.T) {
	expect(t, []fault{
		{"sections", given{file: "http: 8080\nlog: [info]\n"},
			`rostrum.yaml:1: http: must be a mapping with the keys addr, tls_cert, tls_key, cors_origins, trusted_proxies, public_url
			rostrum.yaml:2: log: must be a mapping with the keys level, format`},
		{"section that the environment fills", given{file: "log: x\n", env: map[string]string{"ROSTRUM_LOG_LEVEL": "info"}},
			`rostrum.yaml:1: log: must be a mapping with the keys level, format`},
		{"texts", given{file: "http:\n  addr: 8080\n  tls_cert: {a: b}\n  tls_key: [1, 2]\n  public_url: true\n"},
			`rostrum.yaml:2: http.addr: must be text, in quotes if YAML reads it as something else, not 8080
			rostrum.yaml:3: http.tls_cert: must be text, in quotes if YAML reads it as something else, not a mapping
			rostrum.yaml:4: http.tls_key: must be text, in quotes if YAML reads it as something else, not the list [1 2]
			rostrum.yaml:5: http.public_url: must be text, in quotes if YAML reads it as something else, not true`},
		{"secret, not shown", given{file: "auth:\n  token: 12345678\n"},
			`rostrum.yaml:2: auth.token: must be text, in quotes if YAML reads it as something else`},
		{"lists", given{file: "http: {cors_origins: \"*\", trusted_proxies: [1]}\nauth: {tokens: abc}\n"},
			`rostrum.yaml:1: http.cors_origins: must be a list of texts, not "*"
			rostrum.yaml:1: http.trusted_proxies: must be a list of texts, not the list [1]
			rostrum.yaml:2: auth.tokens: must be a list of tokens`},
		{"tokens", given{file: "auth:\n  tokens:\n    - 12345678\n    -\n    - {subject: 5}\n"},
			`rostrum.yaml:3: auth.tokens[0]: must be a mapping with the keys token, subject, actions, rooms
			rostrum.yaml:4: auth.tokens[1]: must be a mapping with the keys token, subject, actions, rooms`},
		{"whole numbers", given{file: "limits:\n  max_rooms: 1.5\n  max_subscribers_per_room: 18446744073709551615\n"},
			`rostrum.yaml:3: limits.max_subscribers_per_room: must be a whole number, not 18446744073709551615
			rostrum.yaml:2: limits.max_rooms: must be a whole number, not 1.5`},
		{"truth", given{file: "rooms:\n  auto_create: \"yes\"\n"},
			`rostrum.yaml:2: rooms.auto_create: must be true or false, not "yes"`},
		{"variables", given{env: map[string]string{"ROSTRUM_LIMITS_MAX_ROOMS": "many", "ROSTRUM_ROOMS_AUTO_CREATE": ""}},
			`ROSTRUM_LIMITS_MAX_ROOMS: must be a whole number, not "many"
			ROSTRUM_ROOMS_AUTO_CREATE: must be true or false, not ""`},
		{"rates", given{file: "limits:\n  publish: 10\n  play: 0/1m\n"},
			`rostrum.yaml:2: limits.publish: must be COUNT/DURATION such as 10/1m, or "off", not 10
			rostrum.yaml:3: limits.play: must be COUNT/DURATION such as 10/1m, or "off", not "0/1m"`},
	})
}

func TestValues(t *testing.T) {
	const origin = `must be http:// or https:// and a host, with nothing behind it`
	expect(t, []fault{
		{"addresses", given{file: "http: {addr: localhost}\nwebrtc: {udp_addr: \"localhost:8189\"}\n"},
			`rostrum.yaml:1: http.addr: must be HOST:PORT such as :8080, not "localhost"
			rostrum.yaml:2: webrtc.udp_addr: must have an IP address or nothing before its port, not "localhost"`},
		{"ports", given{args: []string{"--http.addr=:65536", "--webrtc.udp_addr=:rtp"}},
			`--http.addr: must have a port from 0 to 65535, not "65536"
			--webrtc.udp_addr: must have a port from 0 to 65535, not "rtp"`},
		{"no address", given{env: map[string]string{"ROSTRUM_HTTP_ADDR": "", "ROSTRUM_WEBRTC_UDP_ADDR": "8189"}},
			`ROSTRUM_HTTP_ADDR: must be HOST:PORT such as :8080, not ""
			ROSTRUM_WEBRTC_UDP_ADDR: must be IP:PORT such as :8189, not "8189"`},
		{"no way in for media", given{file: "webrtc:\n  udp_addr: \"\"\n", args: []string{"--webrtc.tcp_addr="}},
			`rostrum.yaml:2: webrtc.udp_addr: must be IP:PORT such as :8189 where webrtc.tcp_addr is empty, or media has no way in`},
		{"certificate without a key", given{file: "http: {tls_cert: rostrum.yaml}\n"},
			`rostrum.yaml:1: http.tls_cert: must come with http.tls_key; give both for HTTPS or none for HTTP`},
		{"key without a certificate", given{file: "http: {tls_key: rostrum.yaml}\n"},
			`rostrum.yaml:1: http.tls_key: must come with http.tls_cert; give both for HTTPS or none for HTTP`},
		{"TLS files", given{args: []string{"--http.tls_cert=nope.pem", "--http.tls_key=."}},
			`--http.tls_cert: must be a file that can be read: stat nope.pem: no such file or directory
			--http.tls_key: must be a file, not the directory "."`},
		{"origins", given{file: "http:\n  cors_origins:\n  - \"*\"\n  - https://a.example/\n  - a.example\n  - https://*.a.example\n  - http://a:99999\n"},
			`rostrum.yaml:4: http.cors_origins[1]: ` + origin + `, or "*", not "https://a.example/"
			rostrum.yaml:5: http.cors_origins[2]: ` + origin + `, or "*", not "a.example"
			rostrum.yaml:6: http.cors_origins[3]: ` + origin + `, or "*", not "https://*.a.example"
			rostrum.yaml:7: http.cors_origins[4]: ` + origin + `, or "*", not "http://a:99999"`},
		{"origins by the environment over those of the file", given{file: "http: {cors_origins: [https://a]}", env: map[string]string{"ROSTRUM_HTTP_CORS_ORIGINS": "https://b,,ftp://c"}},
			`ROSTRUM_HTTP_CORS_ORIGINS: ` + origin + `, or "*", not ""
			ROSTRUM_HTTP_CORS_ORIGINS: ` + origin + `, or "*", not "ftp://c"`},
		{"public_url", given{args: []string{"--http.public_url=https://a.example/live?x=1"}},
			`--http.public_url: ` + origin + `, not "https://a.example/live?x=1"`},
		{"proxies", given{args: []string{"--http.trusted_proxies=10.0.0.0/33,proxy,fe80::1%eth0,::ffff:10.0.0.0/104"}},
			`--http.trusted_proxies: must be an IP address or a CIDR such as 10.0.0.0/8, not "10.0.0.0/33"
			--http.trusted_proxies: must be an IP address or a CIDR such as 10.0.0.0/8, not "proxy"
			--http.trusted_proxies: must be an IP address or a CIDR such as 10.0.0.0/8, not "fe80::1%eth0"
			--http.trusted_proxies: must be an IP address or a CIDR such as 10.0.0.0/8, not "::ffff:10.0.0.0/104"`},
		{"another database", given{file: "database:\n  url: mysql:x\n"},
			`rostrum.yaml:2: database.url: must be sqlite:PATH, memory: or postgres://USER:PASSWORD@HOST/NAME`},
		{"no database", given{env: map[string]string{"ROSTRUM_DATABASE_URL": ""}},
			`ROSTRUM_DATABASE_URL: must be sqlite:PATH, memory: or postgres://USER:PASSWORD@HOST/NAME`},
		{"database without a colon", given{args: []string{"--database.url=memory"}},
			`--database.url: must be sqlite:PATH, memory: or postgres://USER:PASSWORD@HOST/NAME`},
		{"database without a path", given{args: []string{"--database.url=sqlite:"}},
			`--database.url: must name a file after sqlite: such as sqlite:data/rostrum.db`},
		{"memory with a path", given{args: []string{"--database.url=memory:x"}},
			"--database.url: must have nothing behind \"memory:\""},
		{"another database with a password, not shown", given{args: []string{"--database.url=mysql://u:hunter2@h/db"}},
			`--database.url: must be sqlite:PATH, memory: or postgres://USER:PASSWORD@HOST/NAME`},
		{"postgres that is no URL, not shown", given{args: []string{"--database.url=postgres://u:hunter%2@h/db"}},
			`--database.url: must be a URL such as postgres://USER:PASSWORD@HOST/NAME; write what is special in a password as %XX`},
		{"postgres without slashes", given{args: []string{"--database.url=postgres:h/db"}},
			`--database.url: must have // after postgres: such as postgres://USER:PASSWORD@HOST/NAME`},
		{"history and node", given{args: []string{"--history.addresses=some", "--cluster.node=a node"}},
			`--history.addresses: must be whole, network or none, not "some"
			--cluster.node: must be at most 64 of A-Z a-z 0-9 . _ -, not "a node"`},
		{"JSON Web Tokens", given{args: []string{"--auth.jwt.secret=too-short-a-secret", "--auth.jwt.jwks_url=keys", "--auth.jwt.rooms_claim="}},
			`auth.jwt.issuer: must be given with auth.jwt.jwks_url: it is the iss of the tokens
			--auth.jwt.jwks_url: must be an http:// or https:// URL, not "keys"
			--auth.jwt.secret: must have at least 32 characters
			--auth.jwt.rooms_claim: must name a claim such as rostrum_actions`},
		{"issuer that cannot be asked", given{args: []string{"--auth.jwt.issuer=login", "--auth.jwt.key_files="}},
			`--auth.jwt.issuer: must be an http:// or https:// URL, not "login"`},
		{"token too short, not shown", given{args: []string{"--auth.token=1234567"}},
			`--auth.token: must have at least 8 characters`},
		{"token no header can carry, not shown", given{env: map[string]string{"ROSTRUM_AUTH_TOKEN": "four words of text"}},
			`ROSTRUM_AUTH_TOKEN: must consist of A-Z a-z 0-9 - . _ ~ + / with = only at the end`},
		{"waiting for too long", given{file: "drain:\n  timeout: 24h0m1s\n  uploads: -1s\n"},
			`rostrum.yaml:3: drain.uploads: must be a duration such as 10s or 1m, not "-1s"
			rostrum.yaml:2: drain.timeout: must be at most 24h0m0s, not 24h0m1s`},
		{"negative", given{file: "limits: {max_rooms: -1}", args: []string{"--limits.max_subscribers_per_room=-2"}},
			`--limits.max_subscribers_per_room: must be 0 or more, not -2
			rostrum.yaml:1: limits.max_rooms: must be 0 or more, not -1`},
		{"log", given{file: "log: {level: INFO}", args: []string{"--log.format=xml"}},
			`rostrum.yaml:1: log.level: must be debug, info, warn or error, not "INFO"
			--log.format: must be text or json, not "xml"`},
		{"anonymous", given{args: []string{"--auth.anonymous=admin:*,play,watch:*,play:,play:[a,play:*"}},
			`--auth.anonymous: must not let anybody administer; make a token with the action admin in auth.tokens
			--auth.anonymous: must be publish:ROOMS or play:ROOMS such as "play:*", not "play"
			--auth.anonymous: must be publish:ROOMS or play:ROOMS such as "play:*", not "watch:*"
			--auth.anonymous: must be publish:ROOMS or play:ROOMS such as "play:*", not "play:"
			--auth.anonymous: must be a room name or a glob such as studio-*, not "[a"`},
		{"another store", given{file: "storage:\n  url: ftp://a\n"},
			`rostrum.yaml:2: storage.url: must be file:DIRECTORY, gs://BUCKET/PREFIX or s3://BUCKET/PREFIX, not "ftp://a"`},
		{"store without a directory", given{args: []string{"--storage.url=file:"}},
			`--storage.url: must name a directory after file: such as file:data/recordings`},
		{"store without a bucket", given{args: []string{"--storage.url=s3:///live"}},
			`--storage.url: must name a bucket such as gs://acme-video/live, not "s3:///live"`},
		{"one key for all", given{args: []string{"--storage.key={room}/{date}"}},
			`--storage.key: must have {recording} in it, or two recordings would get one key`},
		{"a key of something else", given{args: []string{"--storage.key={recording}/{subject}"}},
			`--storage.key: must have {room}, {recording}, {date}, {year}, {month}, {day} or {time} in braces, not {subject}`},
		{"a key that leaves its place", given{args: []string{"--storage.key=../{recording}"}},
			`--storage.key: must be letters, digits, dots, hyphens, underscores and equals signs between single slashes besides its braces, not "../{recording}"`},
		{"recording", given{file: "recording:\n  dir: \"\"\n  spool_limit: 0\n  retention_rooms:\n    - {rooms: \"[\", keep: -1h}\n"},
			`rostrum.yaml:3: recording.spool_limit: must be a size such as 20GiB or 500MB, or "off", not 0
			rostrum.yaml:5: recording.retention_rooms[0].keep: must be a duration such as 10s or 1m, not "-1h"
			rostrum.yaml:2: recording.dir: must name a directory such as data/spool
			rostrum.yaml:5: recording.retention_rooms[0].rooms: must be a room name or a glob such as studio-*, not "["`},
		{"webhooks", given{args: []string{"--webhooks.urls=a.example,https://b.example"}},
			`--webhooks.urls: must be an http:// or https:// URL, not "a.example"
			webhooks.secret: must be given with webhooks.urls; make one by: echo "whsec_$(openssl rand -base64 24)"`},
		{"a secret too short, not shown", given{args: []string{"--webhooks.secret=12345678"}},
			`--webhooks.secret: must have at least 24 characters`},
		{"everything at once", given{
			file: "htp: {}\nlog: {level: loud}\n",
			env:  map[string]string{"ROSTRUM_LOG_FORMATT": "json", "ROSTRUM_LIMITS_PLAY": "x"},
			args: []string{"--http.addr=x"}},
			`rostrum.yaml:1: htp: unknown key; did you mean http?
			ROSTRUM_LOG_FORMATT: unknown variable; did you mean ROSTRUM_LOG_FORMAT?
			ROSTRUM_LIMITS_PLAY: must be COUNT/DURATION such as 10/1m, or "off", not "x"
			--http.addr: must be HOST:PORT such as :8080, not "x"
			rostrum.yaml:2: log.level: must be debug, info, warn or error, not "loud"`},
	})
}

func TestTokenValues(t *testing.T) {
	expect(t, []fault{
		{"nothing in it", given{file: "auth:\n  tokens:\n    - {}\n"},
			`rostrum.yaml:3: auth.tokens[0].token: must have at least 8 characters
			rostrum.yaml:3: auth.tokens[0].subject: must name whose token it is
			rostrum.yaml:3: auth.tokens[0].actions: must list publish, play or admin
			rostrum.yaml:3: auth.tokens[0].rooms: must list rooms or globs; every room is ["*"]`},
		{"each wrong", given{file: "auth:\n  tokens:\n    - token: short\n      subject: 5\n      actions: [play, watch]\n      rooms: [a, \"[\", \"\"]\n"},
			`rostrum.yaml:4: auth.tokens[0].subject: must be text, in quotes if YAML reads it as something else, not 5
			rostrum.yaml:3: auth.tokens[0].token: must have at least 8 characters
			rostrum.yaml:5: auth.tokens[0].actions[1]: must be publish, play or admin, not "watch"
			rostrum.yaml:6: auth.tokens[0].rooms[1]: must be a room name or a glob such as studio-*, not "["
			rostrum.yaml:6: auth.tokens[0].rooms[2]: must be a room name or a glob such as studio-*, not ""`},
		{"twice", given{file: "auth:\n  token: same-token\n  tokens:\n    - {token: same-token, subject: a, actions: [play], rooms: [a]}\n" +
			"    - {token: other-token, subject: b, actions: [play], rooms: [a]}\n    - {token: other-token, subject: c, actions: [play], rooms: [a]}\n"},
			`rostrum.yaml:4: auth.tokens[0].token: must be unlike auth.token, which is the same token
			rostrum.yaml:6: auth.tokens[2].token: must be unlike auth.tokens[1].token, which is the same token`},
	})
}

// No problem may show a secret, whichever way it was given and whatever is wrong.
func TestErrorsKeepSecrets(t *testing.T) {
	const secret = "hunter2 hunter2"
	for name, g := range map[string]given{
		"file":        {file: "auth: {token: " + secret + "}"},
		"in a list":   {file: "auth: {token: [" + secret + "]}"},
		"in a token":  {file: "auth: {tokens: [{token: " + secret + "}, {token: {a: " + secret + "}}]}"},
		"as the list": {file: "auth: {tokens: " + secret + "}"},
		"TURN":        {file: "webrtc: {ice_servers: [{urls: [\"turn:a\"], username: u, credential: \"" + secret + ";\"}, {urls: [\"stun:a\"], secret: " + secret + "}]}"},
		"no text":     {file: "webrtc: {ice_servers: [{secret: [" + secret + "]}, {credential: {a: " + secret + "}}]}"},
		"environment": {env: map[string]string{"ROSTRUM_AUTH_TOKEN": secret}},
		"many":        {env: map[string]string{"ROSTRUM_AUTH_TOKENS": secret}},
		"flag":        {args: []string{"--auth.token=" + secret}},
	} {
		if _, err := load(t, g); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
