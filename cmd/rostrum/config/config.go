// Package config reads what the operator has decided. Flags go before the
// environment, the environment before the file named by --config, and the file
// before the defaults.
//
// The comments of the structs below, and in config_kept.go and config_auth.go, are the
// operator's manual: they are printed as they stand into rostrum.example.yaml, and their
// first sentences are the help of the flags. The tag yaml is the key, the tag default what
// it is when nobody gives it; a key without that tag is empty, 0 or false.
package config

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
	// with pages from https:// or localhost. A renewed one is read without a restart.
	// Example: "/etc/rostrum/tls.crt".
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
