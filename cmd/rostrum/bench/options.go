package bench

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Options say what is measured, and how.
type Options struct {
	Target Target
	Stream Stream
	Load   Load
	Runs   int           // how often all of it is done
	Search bool          // find the largest number of subscribers instead
	Within time.Duration // how long one search may take

	bounds bounds // of runs that hold; zero: watchable
}

// Target is the server that is measured.
type Target struct {
	URL   string // base address; empty for a server of our own
	Token string // empty where anybody may publish and play
	Room  string // must have no publisher
	PID   int    // the server's process on this machine, 0 if unknown; our own server's is known
	Cores int    // that a server of our own gets
	Mine  bool   // the operator says that a server elsewhere may be put under load

	executable string   // of a server of our own
	settings   []string // more flags for it
}

// Stream is what the publisher sends.
type Stream struct {
	Codec   string // h264 or vp8; Opus goes with it
	Bitrate int    // of the video, in kbit/s
	FPS     int
}

// Load is who receives it, and for how long.
type Load struct {
	Subscribers int
	Probes      int // subscribers that decrypt everything
	Joining     int // subscribers that join at a time
	Settle      time.Duration
	Duration    time.Duration
	Patience    time.Duration // with a server that refuses
	Idle        bool          // no media while it is measured
}

// videoCodecs are what bench can publish.
var videoCodecs = []string{"h264", "vp8"}

var roomName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// check says what cannot be measured, and what to give instead.
func (o Options) check() error {
	for _, number := range []struct {
		flag               string
		value, least, most int
	}{
		{flag: "subscribers", value: o.Load.Subscribers, least: 1, most: 100_000},
		{flag: "probes", value: o.Load.Probes, least: 1, most: 1000},
		{flag: "joining", value: o.Load.Joining, least: 1, most: 100},
		{flag: "runs", value: o.Runs, least: 1, most: 100},
		{flag: "bitrate", value: o.Stream.Bitrate, least: 100, most: 100_000},
		{flag: "fps", value: o.Stream.FPS, least: 1, most: 240},
		{flag: "cores", value: o.Target.Cores, least: 1, most: 1024},
	} {
		if number.value < number.least || number.value > number.most {
			return fmt.Errorf("--%s %d: use a number from %d to %d", number.flag, number.value, number.least, number.most)
		}
	}
	switch {
	case !slices.Contains(videoCodecs, o.Stream.Codec):
		return fmt.Errorf("--codec %q: use %s", o.Stream.Codec, strings.Join(videoCodecs, " or "))
	case o.Load.Duration < 100*time.Millisecond || o.Load.Duration > time.Hour:
		return fmt.Errorf("--duration %v: use 100ms to 1h", o.Load.Duration)
	case o.Load.Settle < 0 || o.Load.Settle > time.Minute:
		return fmt.Errorf("--settle %v: use 0s to 1m", o.Load.Settle)
	case o.Search && o.Load.Idle:
		return errors.New("--max searches with media: leave --idle out")
	case o.Target.URL != "":
		_, err := o.Target.endpoint("")
		return err
	default:
		return nil
	}
}

// endpoint is the URL of a path below the server's address. Addresses of other machines need [Target.Mine], and ones that
// hold a secret are refused: URLs end up in logs and in process lists.
func (t Target) endpoint(path string) (*url.URL, error) {
	if !roomName.MatchString(t.Room) {
		return nil, fmt.Errorf("%q is not a room name: use 1 to 64 letters, digits, - and _", t.Room)
	}
	u, err := url.Parse(t.URL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, errors.New("--url must be like http://127.0.0.1:8080")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("--url must hold no token, user or query, because URLs are logged and listed: give the token in ROSTRUM_TOKEN")
	}
	if !loopback(u) && !t.Mine {
		return nil, fmt.Errorf("%s is not this machine, and this is a load that can take a server down: "+
			"if the server is yours, say so by --yes-this-is-my-server", u.Hostname())
	}
	return u.JoinPath(path), nil
}

func loopback(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}
