// Package config reads what the operator has decided. Flags go before the
// environment, the environment before the file named by --config, and the file
// before the defaults.
//
// The comments of the structs below are the operator's manual: they are printed
// as they stand into rostrum.example.yaml, and their first sentences are the help
// of the flags. The tag yaml is the key, the tag default what it is when nobody
// gives it; a key without that tag is empty, 0 or false.
package config

import "rostrum/domain"

// Config is the whole configuration. One that [Load] returned is valid; it is not
// changed afterwards, so any number of goroutines may read it.
type Config struct {
	// Where people and programs reach the server: WHIP, WHEP, the API and the pages.
	HTTP HTTP `yaml:"http"`

	// Where media arrives and leaves.
	WebRTC WebRTC `yaml:"webrtc"`

	// Where rooms, sessions, recordings and the audit trail are remembered.
	Database Database `yaml:"database"`

	// What is remembered of people.
	History History `yaml:"history"`

	// Where recordings end up.
	Storage Storage `yaml:"storage"`

	// How recordings are made, and how long they are kept.
	Recording Recording `yaml:"recording"`

	// Who is told what has happened.
	Webhooks Webhooks `yaml:"webhooks"`

	// Who may publish, play and administer.
	Auth Auth `yaml:"auth"`

	// How much of the server one address, one room and all rooms may take.
	Limits Limits `yaml:"limits"`

	// How rooms come to be.
	Rooms Rooms `yaml:"rooms"`

	// How the server stops when it is asked to by SIGTERM. SIGINT (Ctrl-C), or a second signal
	// of either kind, skips all waiting; nothing that was recorded is lost by that either.
	Drain Drain `yaml:"drain"`

	// Which of several servers this one is.
	Cluster Cluster `yaml:"cluster"`

	// What is written to the standard error.
	Log Log `yaml:"log"`
}

// HTTP is the listener for everything but media.
type HTTP struct {
	// Address to serve HTTP on, HOST:PORT. An empty host is every interface, port 0 any
	// free port. Examples: ":8080", "127.0.0.1:8080", "[::1]:8080".
	Addr string `yaml:"addr" default:":8080"`

	// File with the TLS certificate, then its chain, in PEM. Needs tls_key as well.
	// Empty: plain HTTP, as behind a proxy that ends TLS. Browsers share a camera only
	// with pages from https:// or localhost. Example: "/etc/rostrum/tls.crt".
	TLSCert string `yaml:"tls_cert"`

	// File with the private key of tls_cert, in PEM. Example: "/etc/rostrum/tls.key".
	TLSKey string `yaml:"tls_key"`

	// Origins whose pages may call this server from a browser. "*" is every origin.
	// Empty: only the server's own pages. Example: ["https://www.example.com"].
	CORSOrigins []string `yaml:"cors_origins"`

	// Proxies whose word about the client's address is believed: addresses or CIDRs.
	// Empty: no proxy is, and a client's address is the one that it connects from.
	// Example: ["10.0.0.0/8", "::1"].
	TrustedProxies []string `yaml:"trusted_proxies"`

	// Address under which people reach this server, without a path. It stands in the links
	// that the server prints. Empty: they are made from addr.
	// Example: "https://live.example.com".
	PublicURL string `yaml:"public_url"`
}

// WebRTC is the media listener.
type WebRTC struct {
	// UDP address for the media of all sessions, IP:PORT. An empty IP is every interface,
	// port 0 any free port. Open this one port in the firewall. Empty: none, media comes by
	// tcp_addr alone. Examples: ":8189", "127.0.0.1:8189".
	UDPAddr string `yaml:"udp_addr" default:":8189"`

	// TCP address for the media of networks that let no UDP through, IP:PORT as udp_addr.
	// Empty: none. Media over TCP stutters where packets are lost; UDP goes first.
	TCPAddr string `yaml:"tcp_addr" default:":8189"`

	// IP addresses under which clients reach this machine, where a NAT stands before it
	// that forwards udp_addr and tcp_addr. They are announced instead of the machine's own.
	// Empty: its own. Example: ["203.0.113.10"].
	PublicIPs []string `yaml:"public_ips"`

	// STUN and TURN servers that publishers and subscribers are told of, for networks that
	// let them reach this server by no other way; given in the file only. Example:
	//
	//	- urls: ["stun:stun.example.com", "turn:turn.example.com:3478?transport=udp"]
	//	  secret: as-static-auth-secret-in-turnserver.conf
	//
	// The keys of each; turn: and turns: need credentials, by either way, and stun: none:
	ICEServers []ICEServer `yaml:"ice_servers"`
}

// ICEServer is a STUN or TURN server, with all its URLs.
type ICEServer struct {
	// stun:HOST, stuns:HOST, turn:HOST, turns:HOST; :PORT and ?transport=tcp may follow.
	URLs []string `yaml:"urls"`

	// Who everybody is to the TURN server. Needs credential as well.
	Username string `yaml:"username"`

	// The password of username, which everybody is told.
	Credential Secret `yaml:"credential"`

	// Instead: makes credentials for each session that the TURN server can check.
	Secret Secret `yaml:"secret"`

	// How long those hold. 0s: 12h.
	TTL Duration `yaml:"ttl"`
}

// Database is the store of everything that outlives a process.
type Database struct {
	// Database, sqlite:PATH, postgres://USER:PASSWORD@HOST/NAME or memory:. sqlite is one
	// file, made when it is missing; memory forgets everything at exit. Behind a postgres URL
	// may stand what libpq takes there, such as ?sslmode=verify-full and &sslrootcert=FILE;
	// instead of a password &passfile=FILE, which is read anew for each connection, so that
	// the password can be changed while the server runs. Must not be empty. Examples:
	// "sqlite:/var/lib/rostrum/rostrum.db", "memory:",
	// "postgres://rostrum@db.example.com/rostrum?sslmode=verify-full&passfile=/run/secrets/pgpass".
	URL DatabaseURL `yaml:"url" default:"sqlite:data/rostrum.db"`

	// How long rooms that have been used since the start can still be entered while the
	// database is away. Sessions that are live go on however long it takes. 0s: not at all.
	// Example: 1h.
	Outage Duration `yaml:"outage" default:"10m"`
}

// History is what is remembered of sessions and in the audit trail.
type History struct {
	// How much of clients' addresses is remembered, told by the API and said in the log: whole,
	// network (of IPv4 the first three numbers, of IPv6 the first 48 bits) or none. It holds for
	// where sessions and acts came from, for the pair of candidates that ICE chose, and for
	// every address in what the WebRTC and HTTP libraries have logged.
	Addresses string `yaml:"addresses" default:"whole"`

	// How long sessions are remembered after their end. The audit trail is never cut. 0s: for
	// ever. Example: 2160h.
	Retention Duration `yaml:"retention" default:"0s"`
}

// Cluster is which server this is.
type Cluster struct {
	// Name of this server among those that share a database; each needs its own, and keeps
	// it. It says whose sessions a crash has cut off, and in whose spool a recording is.
	// Empty: there is only this one.
	// Example: "rostrum-1".
	Node string `yaml:"node"`
}

// Storage is the store of finished recordings.
type Storage struct {
	// Store of recordings: file:DIRECTORY, gs://BUCKET/PREFIX (Google Cloud Storage, with
	// the machine's application default credentials) or s3://BUCKET/PREFIX (S3 and what
	// speaks like it, with the credentials of the AWS SDK's chain). Behind an s3 URL may
	// stand ?endpoint=URL, &region=NAME and &path_style=true. Must not be empty. Examples:
	// "file:/srv/recordings", "gs://acme-video/live",
	// "s3://acme-video/live?endpoint=https://minio.example.com&region=eu-central-1".
	URL string `yaml:"url" default:"file:data/recordings"`

	// What the names of a recording's objects begin with; {room}, {recording}, {date},
	// {year}, {month}, {day} and {time} (UTC) are filled in, and {recording} must be in it.
	// A change is for recordings that begin after it.
	Key string `yaml:"key" default:"{room}/{date}/{recording}"`
}

// Recording is how recordings are made.
type Recording struct {
	// Directory in which recordings are written and wait for the store. It is made when it
	// is missing. Give each server its own, on a disk that survives a restart.
	Dir string `yaml:"dir" default:"data/spool"`

	// Whether a recording stays in dir also when it is in the store.
	KeepLocal bool `yaml:"keep_local"`

	// How much dir may hold before no recording is begun any more, a size or "off".
	// Publishing goes on. What is being recorded goes on as well. Examples: 20GiB, 500MB.
	SpoolLimit Size `yaml:"spool_limit" default:"off"`

	// How long recordings are kept once they have ended, then they are deleted from the
	// store. 0s: for ever. Example: 720h.
	Retention Duration `yaml:"retention" default:"0s"`

	// Rooms whose recordings are kept longer or shorter than that; the first that fits
	// holds. Given in the file only. Example:
	//
	//	- rooms: "rehearsal-*"
	//	  keep: 24h
	//
	// The keys of each:
	RetentionRooms []RoomRetention `yaml:"retention_rooms"`
}

// RoomRetention is how long the recordings of some rooms are kept.
type RoomRetention struct {
	// A room name, or a glob with *, ? and [a-z].
	Rooms string `yaml:"rooms"`

	// How long. 0s: for ever.
	Keep Duration `yaml:"keep"`
}

// Webhooks are who is told of events.
type Webhooks struct {
	// URLs that are sent recording.completed and recording.failed as JSON by POST, signed as
	// the Standard Webhooks specification says. What is not answered by 2xx is sent again;
	// webhook-id tells what has come before. Example: ["https://example.com/hooks/rostrum"].
	URLs []string `yaml:"urls"`

	// Secret that they are signed with: whsec_ and base64, which receivers' libraries take
	// as it is, or other text of 24 characters or more. Needed with urls. Example: the
	// output of: echo "whsec_$(openssl rand -base64 24)".
	Secret Secret `yaml:"secret"`
}

// Auth is who may do what.
type Auth struct {
	// Token that may do everything in every room. Like every token it is 8 or more of
	// A-Z a-z 0-9 -._~+/ with = only at its end. Empty: only those in tokens, or else in
	// token_file, are valid. Example: the output of "openssl rand -hex 24".
	Token Secret `yaml:"token"`

	// File that keeps the token which the first start makes up when neither token nor
	// tokens is given; later starts read it there. Its directory is made when it is
	// missing. Empty: each such start makes up another.
	TokenFile string `yaml:"token_file" default:"data/token"`

	// Tokens that may do less than everything; given in the file only. Example:
	//
	//	- token: made-with-openssl-rand-hex-24
	//	  subject: studio
	//	  actions: [publish]
	//	  rooms: ["studio-*", lobby]
	//
	// The keys of each, all of them needed:
	Tokens []Token `yaml:"tokens"`

	// What anybody may do without a token, as ACTION:ROOMS with the action publish or
	// play and a glob for the rooms. Empty: nothing. Example: ["play:*"].
	Anonymous []string `yaml:"anonymous"`

	// Tokens of an identity provider, or that are made elsewhere: JSON Web Tokens.
	JWT JWT `yaml:"jwt"`

	// How long before its token expires a session is ended, so that nothing flows with an
	// expired one. Example: 30s.
	ExpiryLead Duration `yaml:"expiry_lead" default:"0s"`
}

// JWT is which JSON Web Tokens are valid: those signed by a key of jwks_url, of the issuer,
// of key_files, or with secret. None of them: no such token is. A token must expire, and its
// subject must be given; algorithms are HS256, RS256, ES256 and EdDSA, for each key the one
// that is its own.
type JWT struct {
	// Who must have issued the token, as its claim iss has it. Without jwks_url, key_files and
	// secret the keys are found there by OpenID Connect discovery.
	// Example: "https://login.example.com/realms/video".
	Issuer string `yaml:"issuer"`

	// For whom the token must be: one of these must be in its claim aud. Empty: for anybody,
	// which lets in whoever has a token of the issuer's for something else.
	// Example: ["rostrum"].
	Audience []string `yaml:"audience"`

	// Where the issuer's keys are, as a JSON Web Key Set. They are fetched anew each hour, and
	// when a token has a key that is not known. Empty: as the issuer tells.
	// Example: "https://login.example.com/keys".
	JWKSURL string `yaml:"jwks_url"`

	// Files with public keys or certificates in PEM: RSA, ECDSA P-256 or Ed25519.
	// Example: ["/etc/rostrum/issuer.pem"].
	KeyFiles []string `yaml:"key_files"`

	// Secret that tokens are signed with by HS256: 32 characters or more. "rostrum token"
	// makes tokens with it. Example: the output of "openssl rand -hex 32".
	Secret Secret `yaml:"secret"`

	// How far the issuer's clock may be off.
	Leeway Duration `yaml:"leeway" default:"30s"`

	// Claim that lists what the bearer may do: publish, play, admin. A dot leads into an
	// object. Example: "rostrum.actions".
	ActionsClaim string `yaml:"actions_claim" default:"rostrum_actions"`

	// Claim that lists where it may: room names, or globs with *, ? and [a-z].
	// Example: "rostrum.rooms".
	RoomsClaim string `yaml:"rooms_claim" default:"rostrum_rooms"`
}

// Token is one bearer token and what it grants.
type Token struct {
	// The token itself.
	Token Secret `yaml:"token"`

	// Whose it is: sessions may be ended by the subject that began them.
	Subject string `yaml:"subject"`

	// What it allows: publish, play, or admin, which includes both.
	Actions []domain.Action `yaml:"actions"`

	// Where it allows that: room names, or globs with *, ? and [a-z].
	Rooms []string `yaml:"rooms"`
}

// Limits protect the server. The rates are counted for each client address.
type Limits struct {
	// How often one client address may ask to publish, COUNT/DURATION or "off". More is
	// answered by 429. Examples: 10/1m, 1/30s, 500/24h.
	Publish Rate `yaml:"publish" default:"10/1m"`

	// How often one client address may ask to play, COUNT/DURATION or "off". More is
	// answered by 429. Example: 120/1m.
	Play Rate `yaml:"play" default:"120/1m"`

	// How often one client address may make any other request of the API, for sessions that
	// it has or looks for, rooms, tokens, recordings, COUNT/DURATION or "off". More is answered
	// by 429. Example: 600/1m.
	Sessions Rate `yaml:"sessions" default:"600/1m"`

	// Subscribers that one room may have at once. 0 is no limit. Example: 500.
	MaxSubscribersPerRoom int `yaml:"max_subscribers_per_room"`

	// Rooms that may be live at once on this server. 0 is no limit. Example: 50.
	MaxRooms int `yaml:"max_rooms"`

	// How much of the time the cores may spend sending media, in percent, before new
	// subscribers are answered by 503, so that those that are there do not suffer. 0 is no
	// limit. Example: 70.
	Load int `yaml:"load" default:"85"`
}

// Rooms is how rooms come to be.
type Rooms struct {
	// Whether publishing into an unknown room creates it, for as long as somebody is there.
	// false: only rooms that are provisioned by the API are known.
	AutoCreate bool `yaml:"auto_create" default:"true"`

	// How long a publisher that was lost without a word has to come back, while its
	// subscribers wait. 0s: not at all. Examples: 10s, 1m.
	Grace Duration `yaml:"grace" default:"10s"`

	// Whether what is published is recorded, in rooms of which nothing else is known. A
	// recording can be stopped and begun while a room is live.
	Record bool `yaml:"record" default:"true"`
}

// Drain is how the server stops.
type Drain struct {
	// How long sessions that are live may go on, while new ones are answered by 503 and /readyz
	// says so as well. It ends with the last of them. 0s: they are ended at once.
	// Examples: 1m, 2h.
	Timeout Duration `yaml:"timeout" default:"20s"`

	// How long uploads of recordings may go on after that. What is not in the store by then
	// waits in recording.dir for the next start. Whatever supervises the server has to leave it
	// timeout, this, and 30s to stop. 0s: not at all. Example: 5m.
	Uploads Duration `yaml:"uploads" default:"10s"`
}

// Log is what is written, and how.
type Log struct {
	// Least level that is logged: debug, info, warn or error.
	Level string `yaml:"level" default:"info"`

	// Form of the log: text for people, json for programs, one record a line.
	Format string `yaml:"format" default:"text"`
}
