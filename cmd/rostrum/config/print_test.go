package config_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rostrum/cmd/rostrum/config"
)

const full = `http:
  addr: 127.0.0.1:9000
  tls_cert: ""
  tls_key: ""
  cors_origins:
    - https://a.example
    - '*'
  trusted_proxies:
    - 10.0.0.0/8
  public_url: https://live.example.com
webrtc:
  udp_addr: :9001
  tcp_addr: ""
  public_ips:
    - 203.0.113.9
  ice_servers:SERVERS
database:
  url: 'memory:'
  outage: 10m0s
history:
  addresses: whole
  retention: 0s
storage:
  url: file:data/recordings
  key: '{room}/{date}/{recording}'
recording:
  dir: data/spool
  keep_local: false
  spool_limit: "off"
  retention: 0s
  retention_rooms: []
webhooks:
  urls: []
  secret: ""
auth:
  token: SECRET
  token_file: ""
  tokens:TOKENS
  anonymous:
    - play:*
  jwt:
    issuer: ""
    audience: []
    jwks_url: ""
    key_files: []
    secret: HMAC
    leeway: 30s
    actions_claim: rostrum_actions
    rooms_claim: rostrum_rooms
  expiry_lead: 0s
limits:
  publish: "off"
  play: 5/1h30m
  sessions: 9/1s
  max_subscribers_per_room: 400
  max_rooms: 7
  load: 70
rooms:
  auto_create: false
  grace: 1m30s
  record: true
drain:
  timeout: 2m0s
  uploads: 10s
cluster:
  node: ""
log:
  level: debug
  format: json
`

// hmac makes a long secret of a token, and a mask of a mask.
func hmac(token string) string {
	if strings.HasPrefix(token, "hunter") {
		return strings.Repeat(token, 3)
	}
	return token
}

// fill puts the secrets into a configuration: a token, and lists of tokens and of
// ICE servers.
func fill(token, list, servers string) string {
	return strings.NewReplacer("SECRET", token, "HMAC", hmac(token), "TOKENS", list, "SERVERS", servers).Replace(full)
}

func TestPrintMasksSecrets(t *testing.T) {
	const list = "\n    - token: %\n      subject: studio\n      actions:\n        - publish\n      rooms:\n        - studio-*"
	const servers = "\n    - urls:\n        - turn:a.example\n      username: u\n      credential: %\n      secret: \"\"\n      ttl: 0s" +
		"\n    - urls:\n        - turns:b.example:443?transport=tcp\n      username: \"\"\n      credential: \"\"\n      secret: %\n      ttl: 1h0m0s"
	cfg := mustLoad(t, given{file: fill("hunter2-hunter2", strings.Replace(list, "%", "hunter3-hunter3", 1), strings.ReplaceAll(servers, "%", "hunter4"))})
	var out bytes.Buffer
	if err := config.Print(&out, cfg); err != nil {
		t.Fatal(err)
	}
	if want := fill("'***'", strings.Replace(list, "%", "'***'", 1), strings.ReplaceAll(servers, "%", "'***'")); out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &out, want)
	}
	if _, err := load(t, given{file: out.String()}); err == nil {
		t.Error("a masked token is accepted as one")
	}
}

func TestPrintedIsReadBack(t *testing.T) {
	for name, text := range map[string]string{"default": "{}", "full": fill(`""`, " []", " []")} {
		cfg := mustLoad(t, given{file: text})
		var out bytes.Buffer
		if err := config.Print(&out, cfg); err != nil {
			t.Fatal(err)
		}
		if name == "full" && out.String() != text {
			t.Errorf("got\n%s\nwant\n%s", &out, text)
		}
		if d := diff(cfg, mustLoad(t, given{file: out.String()})); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestExampleIsTheDefault(t *testing.T) {
	cfg := mustLoad(t, given{file: string(config.Example())})
	if d := diff(config.Default(), *cfg); d != "" {
		t.Error(d)
	}
}

// Every key has a comment of at least one whole sentence above it.
func TestExampleExplainsEveryKey(t *testing.T) {
	before := ""
	for _, line := range strings.Split(string(config.Example()), "\n") {
		text := strings.TrimSpace(line)
		if text != "" && !strings.HasPrefix(text, "#") && (!strings.HasPrefix(before, "# ") || !strings.HasSuffix(before, ".")) {
			t.Errorf("above %q stands %q", text, before)
		}
		before = text
	}
}

// UPDATE=1 writes the file anew.
func TestExampleIsCommitted(t *testing.T) {
	file := filepath.Join("..", "..", "..", "rostrum.example.yaml")
	if os.Getenv("UPDATE") == "1" {
		if err := os.WriteFile(file, config.Example(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	committed, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := diff(string(config.Example()), string(committed)); d != "" {
		t.Errorf("run the tests with UPDATE=1 to write rostrum.example.yaml anew:\n%s", d)
	}
}
