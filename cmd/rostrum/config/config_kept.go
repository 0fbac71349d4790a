package config

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
