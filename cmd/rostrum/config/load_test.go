package config_test

import (
	"fmt"
	"log/slog"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"rostrum/cmd/rostrum/config"
	"rostrum/domain"
)

func TestDefault(t *testing.T) {
	cfg := mustLoad(t, given{})
	if d := diff(config.Default(), *cfg); d != "" {
		t.Errorf("with nothing given, Load is not Default:\n%s", d)
	}
	n, per, on := cfg.Limits.Publish.Rate()
	if n != 10 || per != time.Minute || !on || cfg.HTTP.Addr != ":8080" || !cfg.Rooms.AutoCreate {
		t.Errorf("defaults: %+v", *cfg)
	}
}

func TestPrecedence(t *testing.T) {
	file := "log: {level: warn, format: json}\nhttp: {addr: ':1', cors_origins: [https://file]}\nlimits: {max_rooms: 1}\n"
	env := map[string]string{"ROSTRUM_HTTP_ADDR": ":2", "ROSTRUM_HTTP_CORS_ORIGINS": "https://env,*", "ROSTRUM_LIMITS_MAX_ROOMS": "2"}
	cfg := mustLoad(t, given{file, env, []string{"--limits.max_rooms=3"}})

	want := config.Default()
	want.Log = config.Log{Level: "warn", Format: "json"}
	want.HTTP.Addr = ":2"
	want.HTTP.CORSOrigins = []string{"https://env", "*"}
	want.Limits.MaxRooms = 3
	if d := diff(want, *cfg); d != "" {
		t.Error(d)
	}
}

// A flag at its default is not given: it must not hide what the file says.
func TestUnsetFlagsGiveNothing(t *testing.T) {
	cfg := mustLoad(t, given{file: "rooms: {auto_create: false}\nlimits: {play: off}\n"})
	if _, _, on := cfg.Limits.Play.Rate(); on || cfg.Rooms.AutoCreate {
		t.Errorf("file is hidden: %+v", *cfg)
	}
}

// A key with nothing behind it is left out; so is a section.
func TestNothingIsDefault(t *testing.T) {
	cfg := mustLoad(t, given{file: "http:\nlimits:\n  max_rooms:\nlog: ~\n", env: map[string]string{"ROSTRUM_LOG_LEVEL": "debug"}})
	want := config.Default()
	want.Log.Level = "debug"
	if d := diff(want, *cfg); d != "" {
		t.Error(d)
	}
}

func TestEmptyFile(t *testing.T) {
	for _, text := range []string{"\n", "# a comment\n", "---\n", "{}\n", "~\n"} {
		if d := diff(config.Default(), *mustLoad(t, given{file: text})); d != "" {
			t.Errorf("%q: %s", text, d)
		}
	}
}

// Media needs one way in, and no more.
func TestOneMediaAddress(t *testing.T) {
	for _, empty := range []string{"udp_addr", "tcp_addr"} {
		cfg := mustLoad(t, given{file: "webrtc: {" + empty + ": \"\"}\n"})
		if addresses := []string{cfg.WebRTC.UDPAddr, cfg.WebRTC.TCPAddr}; !slices.Contains(addresses, "") || !slices.Contains(addresses, ":8189") {
			t.Errorf("without %s media comes by %q", empty, addresses)
		}
	}
}

// secret is one that webhooks can be signed with.
const secret = "made-by-openssl-rand-base64"

// hmacSecret is one that JSON Web Tokens can be signed with.
const hmacSecret = "made-by-openssl-rand-hex-32-made-by-openssl-rand-hex-32"

// everyKey sets every key but the lists of mappings to what it is not by default.
var everyKey = map[string]struct {
	text string
	want func(*config.Config)
}{
	"http.addr":            {"[::1]:9000", func(c *config.Config) { c.HTTP.Addr = "[::1]:9000" }},
	"http.tls_cert":        {"crt.pem", func(c *config.Config) { c.HTTP.TLSCert = "crt.pem" }},
	"http.tls_key":         {"key.pem", func(c *config.Config) { c.HTTP.TLSKey = "key.pem" }},
	"http.cors_origins":    {"https://a.example, http://b:81", func(c *config.Config) { c.HTTP.CORSOrigins = []string{"https://a.example", "http://b:81"} }},
	"http.trusted_proxies": {"10.0.0.0/8,::1", func(c *config.Config) { c.HTTP.TrustedProxies = []string{"10.0.0.0/8", "::1"} }},
	"http.public_url":      {"https://live.example.com", func(c *config.Config) { c.HTTP.PublicURL = "https://live.example.com" }},
	"webrtc.udp_addr":      {"127.0.0.1:0", func(c *config.Config) { c.WebRTC.UDPAddr = "127.0.0.1:0" }},
	"database.url":         {"memory:", func(c *config.Config) { c.Database.URL = "memory:" }},
	"database.outage":      {"1h0m0s", func(c *config.Config) { c.Database.Outage = config.Duration{Duration: time.Hour} }},
	"history.addresses":    {"network", func(c *config.Config) { c.History.Addresses = "network" }},
	"history.retention":    {"2160h", func(c *config.Config) { c.History.Retention = config.Duration{Duration: 2160 * time.Hour} }},
	"cluster.node":         {"rostrum-1.example", func(c *config.Config) { c.Cluster.Node = "rostrum-1.example" }},
	"auth.expiry_lead":     {"30s", func(c *config.Config) { c.Auth.ExpiryLead = config.Duration{Duration: 30 * time.Second} }},
	"auth.jwt.issuer":      {"https://login.example.com/realms/video", func(c *config.Config) { c.Auth.JWT.Issuer = "https://login.example.com/realms/video" }},
	"auth.jwt.audience":    {"rostrum,live", func(c *config.Config) { c.Auth.JWT.Audience = []string{"rostrum", "live"} }},
	"auth.jwt.jwks_url": {"https://login.example.com/keys", func(c *config.Config) {
		c.Auth.JWT.JWKSURL, c.Auth.JWT.Issuer = "https://login.example.com/keys", "https://login.example.com"
	}},
	"auth.jwt.key_files":              {"key.pem", func(c *config.Config) { c.Auth.JWT.KeyFiles = []string{"key.pem"} }},
	"auth.jwt.secret":                 {hmacSecret, func(c *config.Config) { c.Auth.JWT.Secret = hmacSecret }},
	"auth.jwt.leeway":                 {"5s", func(c *config.Config) { c.Auth.JWT.Leeway = config.Duration{Duration: 5 * time.Second} }},
	"auth.jwt.actions_claim":          {"rostrum.actions", func(c *config.Config) { c.Auth.JWT.ActionsClaim = "rostrum.actions" }},
	"auth.jwt.rooms_claim":            {"rostrum.rooms", func(c *config.Config) { c.Auth.JWT.RoomsClaim = "rostrum.rooms" }},
	"auth.token":                      {"12345678", func(c *config.Config) { c.Auth.Token = "12345678" }},
	"auth.token_file":                 {"", func(c *config.Config) { c.Auth.TokenFile = "" }},
	"auth.anonymous":                  {"play:*,publish:demo", func(c *config.Config) { c.Auth.Anonymous = []string{"play:*", "publish:demo"} }},
	"limits.publish":                  {"off", func(c *config.Config) { c.Limits.Publish = config.Rate{} }},
	"limits.play":                     {"5/1h30m", func(c *config.Config) { _ = c.Limits.Play.UnmarshalText([]byte("5/90m")) }},
	"limits.sessions":                 {"off", func(c *config.Config) { c.Limits.Sessions = config.Rate{} }},
	"limits.max_subscribers_per_room": {"400", func(c *config.Config) { c.Limits.MaxSubscribersPerRoom = 400 }},
	"limits.load":                     {"70", func(c *config.Config) { c.Limits.Load = 70 }},
	"limits.max_rooms":                {"7", func(c *config.Config) { c.Limits.MaxRooms = 7 }},
	"webrtc.tcp_addr":                 {"127.0.0.1:0", func(c *config.Config) { c.WebRTC.TCPAddr = "127.0.0.1:0" }},
	"webrtc.public_ips":               {"203.0.113.1,2001:db8::1", func(c *config.Config) { c.WebRTC.PublicIPs = []string{"203.0.113.1", "2001:db8::1"} }},
	"rooms.grace":                     {"1m0s", func(c *config.Config) { c.Rooms.Grace = config.Duration{Duration: time.Minute} }},
	"rooms.auto_create":               {"false", func(c *config.Config) { c.Rooms.AutoCreate = false }},
	"rooms.record":                    {"false", func(c *config.Config) { c.Rooms.Record = false }},
	"storage.url":                     {"s3://acme/live?region=eu-central-1", func(c *config.Config) { c.Storage.URL = "s3://acme/live?region=eu-central-1" }},
	"storage.key":                     {"{year}/{recording}", func(c *config.Config) { c.Storage.Key = "{year}/{recording}" }},
	"recording.dir":                   {"/srv/spool", func(c *config.Config) { c.Recording.Dir = "/srv/spool" }},
	"recording.keep_local":            {"true", func(c *config.Config) { c.Recording.KeepLocal = true }},
	"recording.spool_limit":           {"2048MiB", func(c *config.Config) { _ = c.Recording.SpoolLimit.UnmarshalText([]byte("2GiB")) }},
	"recording.retention":             {"720h", func(c *config.Config) { c.Recording.Retention = config.Duration{Duration: 720 * time.Hour} }},
	"webhooks.urls":                   {"https://a.example/hook", func(c *config.Config) { c.Webhooks.URLs = []string{"https://a.example/hook"} }},
	"webhooks.secret":                 {secret, func(c *config.Config) { c.Webhooks.Secret = secret }},
	"drain.timeout":                   {"24h0m0s", func(c *config.Config) { c.Drain.Timeout = config.Duration{Duration: 24 * time.Hour} }},
	"drain.uploads":                   {"0s", func(c *config.Config) { c.Drain.Uploads = config.Duration{} }},
	"log.level":                       {"error", func(c *config.Config) { c.Log.Level = "error" }},
	"log.format":                      {"json", func(c *config.Config) { c.Log.Format = "json" }},
}

// needs are the files and the other half that a key cannot do without.
func needs(t *testing.T, key string, env map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	write(t, "crt.pem", "")
	write(t, "key.pem", "")
	switch key {
	case "http.tls_cert":
		env["ROSTRUM_HTTP_TLS_KEY"] = "key.pem"
	case "http.tls_key":
		env["ROSTRUM_HTTP_TLS_CERT"] = "crt.pem"
	case "webhooks.urls":
		env["ROSTRUM_WEBHOOKS_SECRET"] = secret
	case "auth.jwt.jwks_url":
		env["ROSTRUM_AUTH_JWT_ISSUER"] = "https://login.example.com"
	}
}

func TestEveryKey(t *testing.T) {
	flags := pflag.NewFlagSet("rostrum", pflag.ContinueOnError)
	config.Flags(flags)
	missing := maps.Clone(everyKey)
	flags.VisitAll(func(f *pflag.Flag) {
		if _, ok := everyKey[f.Name]; !ok && f.Name != "config" {
			t.Errorf("no test gives %s", f.Name)
		}
		delete(missing, f.Name)
	})
	for key := range missing {
		t.Errorf("%s has no flag", key)
	}
	for key, row := range everyKey {
		name := "ROSTRUM_" + strings.NewReplacer(".", "_").Replace(strings.ToUpper(key))
		t.Run(name, func(t *testing.T) { testKey(t, key, row.want, map[string]string{name: row.text}) })
		t.Run("--"+key, func(t *testing.T) { testKey(t, key, row.want, nil, "--"+key+"="+row.text) })
	}
}

func testKey(t *testing.T, key string, set func(*config.Config), env map[string]string, args ...string) {
	t.Helper()
	if env == nil {
		env = make(map[string]string)
	}
	needs(t, key, env)
	setenv(t, env)
	flags := pflag.NewFlagSet("rostrum", pflag.ContinueOnError)
	config.Flags(flags)
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(flags)
	if err != nil {
		t.Fatal(err)
	}
	want := config.Default()
	if _, ok := env["ROSTRUM_HTTP_TLS_KEY"]; ok {
		everyKey["http.tls_key"].want(&want)
	}
	if _, ok := env["ROSTRUM_HTTP_TLS_CERT"]; ok {
		everyKey["http.tls_cert"].want(&want)
	}
	if _, ok := env["ROSTRUM_WEBHOOKS_SECRET"]; ok {
		everyKey["webhooks.secret"].want(&want)
	}
	set(&want)
	if d := diff(want, *cfg); d != "" {
		t.Error(d)
	}
	if d := diff(config.Default(), *cfg); d == "" {
		t.Error("the value is the default: this test shows nothing")
	}
}

func TestTokens(t *testing.T) {
	cfg := mustLoad(t, given{file: `
auth:
  tokens:
    - {token: publisher-1, subject: studio, actions: [publish], rooms: [studio-*, lobby]}
    - {token: "admin-678==", subject: ops, actions: [publish, play, admin], rooms: ["*"]}
`})
	want := []config.Token{
		{Token: "publisher-1", Subject: "studio", Actions: []domain.Action{"publish"}, Rooms: []string{"studio-*", "lobby"}},
		{Token: "admin-678==", Subject: "ops", Actions: []domain.Action{"publish", "play", "admin"}, Rooms: []string{"*"}},
	}
	if d := diff(want, cfg.Auth.Tokens); d != "" {
		t.Error(d)
	}
	if got := cfg.Auth.Tokens[0].Token.Reveal(); got != "publisher-1" {
		t.Errorf("token is %q", got)
	}
}

func TestConfigVariableNamesTheFile(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a.yaml", "log: {level: warn}")
	write(t, "b.yaml", "log: {level: error}")
	setenv(t, map[string]string{"ROSTRUM_CONFIG": "a.yaml"})
	for args, want := range map[string]string{"": "warn", "--config=b.yaml": "error"} {
		flags := pflag.NewFlagSet("rostrum", pflag.ContinueOnError)
		config.Flags(flags)
		if err := flags.Parse(strings.Fields(args)); err != nil {
			t.Fatal(err)
		}
		cfg, err := config.Load(flags)
		if err != nil {
			t.Fatal(err)
		}
		if cfg.Log.Level != want {
			t.Errorf("with %q the level is %s, want %s", args, cfg.Log.Level, want)
		}
	}
}

func TestOtherVariablesAndFlagsAreLeftAlone(t *testing.T) {
	setenv(t, map[string]string{"ROSTRUM_TOKEN": "x", "ROSTRUM_SERVER": "x", "ROSTRUM_TEST_ANYTHING": "x", "NOT_ROSTRUM_X": "x"})
	flags := pflag.NewFlagSet("rostrum", pflag.ContinueOnError)
	config.Flags(flags)
	flags.String("http", "", "a flag of the command's own")
	if err := flags.Parse([]string{"--http=x"}); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Load(flags); err != nil {
		t.Error(err)
	}
}

func TestParsedForms(t *testing.T) {
	http := config.HTTP{TrustedProxies: []string{"10.1.2.3/8", "192.0.2.1", "::ffff:192.0.2.2", "2001:db8::/32"}}
	want := []netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.1/32"),
		netip.MustParsePrefix("192.0.2.2/32"), netip.MustParsePrefix("2001:db8::/32"),
	}
	if got := http.Proxies(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("Proxies: %v, want %v", got, want)
	}
	if name, path := (config.Database{URL: "sqlite:C:/a.db"}).Engine(); name != "sqlite" || path != "C:/a.db" {
		t.Errorf("Engine: %q %q", name, path)
	}
	for text, level := range map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError} {
		if got := (config.Log{Level: text}).Slog(); got != level {
			t.Errorf("Slog of %s: %v", text, got)
		}
	}
}
