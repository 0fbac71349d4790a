package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rostrum/domain"
)

// reporter takes what is wrong with the value at a path, or nil.
type reporter func(path string, err error)

// check reports everything that the types of the values allow and the server cannot
// work with. It reads no file: it only looks whether those named are there.
func (c *Config) check(report reporter) {
	c.HTTP.check(report)
	c.WebRTC.check(report)
	c.Database.check(report)
	report("history.addresses", checkOneOf(c.History.Addresses, "whole", "network", "none"))
	report("cluster.node", checkNode(c.Cluster.Node))
	c.Storage.check(report)
	c.Recording.check(report)
	c.Webhooks.check(report)
	c.Auth.check(report)
	report("limits.max_subscribers_per_room", checkNotNegative(c.Limits.MaxSubscribersPerRoom))
	report("limits.max_rooms", checkNotNegative(c.Limits.MaxRooms))
	report("limits.load", checkPercent(c.Limits.Load))
	c.Drain.check(report)
	report("log.level", checkOneOf(c.Log.Level, "debug", "info", "warn", "error"))
	report("log.format", checkOneOf(c.Log.Format, "text", "json"))
}

func (h HTTP) check(report reporter) {
	report("http.addr", checkAddr(h.Addr))
	report("http.tls_cert", checkPair(h.TLSCert, h.TLSKey, "http.tls_key"))
	report("http.tls_key", checkPair(h.TLSKey, h.TLSCert, "http.tls_cert"))
	for i, origin := range h.CORSOrigins {
		if origin != "*" {
			report(at("http.cors_origins", i), checkOrigin(origin, `, or "*"`))
		}
	}
	for i, proxy := range h.TrustedProxies {
		_, err := parseProxy(proxy)
		report(at("http.trusted_proxies", i), err)
	}
	if h.PublicURL != "" {
		report("http.public_url", checkOrigin(h.PublicURL, ""))
	}
}

func (a Auth) check(report reporter) {
	owners := make(map[Secret]string)
	if a.Token != "" {
		report("auth.token", checkToken(a.Token))
		owners[a.Token] = "auth.token"
	}
	for i, token := range a.Tokens {
		path := at("auth.tokens", i)
		if owner, taken := owners[token.Token]; taken && token.Token != "" {
			report(path+".token", fmt.Errorf("must be unlike %s, which is the same token", owner))
		}
		owners[token.Token] = path + ".token"
		token.check(path, report)
	}
	for i, entry := range a.Anonymous {
		report(at("auth.anonymous", i), checkAnonymous(entry))
	}
	a.JWT.check(report)
}

func (t Token) check(path string, report reporter) {
	report(path+".token", checkToken(t.Token))
	if t.Subject == "" {
		report(path+".subject", errors.New("must name whose token it is"))
	}
	if len(t.Actions) == 0 {
		report(path+".actions", errors.New("must list publish, play or admin"))
	}
	for i, action := range t.Actions {
		report(at(path+".actions", i), checkOneOf(string(action),
			string(domain.ActionPublish), string(domain.ActionPlay), string(domain.ActionAdmin)))
	}
	if len(t.Rooms) == 0 {
		report(path+".rooms", errors.New(`must list rooms or globs; every room is ["*"]`))
	}
	for i, glob := range t.Rooms {
		report(at(path+".rooms", i), checkGlob(glob))
	}
}

func at(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

func checkAddr(addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("must be HOST:PORT such as :8080, not %q", addr)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("must have a port from 0 to 65535, not %q", port)
	}
	return nil
}

func (w WebRTC) check(report reporter) {
	switch {
	case w.UDPAddr != "":
		report("webrtc.udp_addr", checkMediaAddr(w.UDPAddr))
	case w.TCPAddr == "":
		report("webrtc.udp_addr", errors.New("must be IP:PORT such as :8189 where webrtc.tcp_addr is empty, or media has no way in"))
	}
	if w.TCPAddr != "" {
		report("webrtc.tcp_addr", checkMediaAddr(w.TCPAddr))
	}
	for i, ip := range w.PublicIPs {
		if _, err := netip.ParseAddr(ip); err != nil {
			report(at("webrtc.public_ips", i), fmt.Errorf("must be an IP address, not %q", ip))
		}
	}
	for i, server := range w.ICEServers {
		server.check(at("webrtc.ice_servers", i), report)
	}
}

// checkMediaAddr wants an address where HTTP takes a name: it is told to the other
// side as an ICE candidate.
func checkMediaAddr(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("must be IP:PORT such as :8189, not %q", addr)
	}
	if _, err := netip.ParseAddr(host); err != nil && host != "" {
		return fmt.Errorf("must have an IP address or nothing before its port, not %q", host)
	}
	return checkAddr(addr)
}

func checkPair(file, other, otherKey string) error {
	if file == "" {
		return nil
	}
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return fmt.Errorf("must be a file that can be read: %w", err)
	case info.IsDir():
		return fmt.Errorf("must be a file, not the directory %q", file)
	case other == "":
		return fmt.Errorf("must come with %s; give both for HTTPS or none for HTTP", otherKey)
	}
	return nil
}

func checkOrigin(text, alternative string) error {
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" ||
		strings.Contains(u.Host, "*") || text != u.Scheme+"://"+u.Host || checkURLPort(u) != nil {
		return fmt.Errorf("must be http:// or https:// and a host, with nothing behind it%s, not %q", alternative, text)
	}
	return nil
}

func checkURLPort(u *url.URL) error {
	if u.Port() == "" {
		return nil
	}
	return checkAddr(u.Host)
}

var node = regexp.MustCompile(`\A[A-Za-z0-9._-]{0,64}\z`)

func checkNode(name string) error {
	if !node.MatchString(name) {
		return fmt.Errorf("must be at most 64 of A-Z a-z 0-9 . _ -, not %q", name)
	}
	return nil
}

// bearer is the form that RFC 6750 section 2.1 gives to a token in a header.
var bearer = regexp.MustCompile(`\A[A-Za-z0-9._~+/-]+=*\z`)

func checkToken(token Secret) error {
	switch secret := token.Reveal(); {
	case len(secret) < 8:
		return errors.New("must have at least 8 characters")
	case !bearer.MatchString(secret):
		return errors.New("must consist of A-Z a-z 0-9 - . _ ~ + / with = only at the end")
	}
	return nil
}

func checkNotNegative(n int) error {
	if n < 0 {
		return fmt.Errorf("must be 0 or more, not %d", n)
	}
	return nil
}

// longestDrain bounds each of the waits of a stop: a server that has been stopping for a day
// has been forgotten.
const longestDrain = 24 * time.Hour

func (d Drain) check(report reporter) {
	report("drain.timeout", checkAtMost(d.Timeout, longestDrain))
	report("drain.uploads", checkAtMost(d.Uploads, longestDrain))
}

func checkAtMost(d Duration, most time.Duration) error {
	if d.Duration > most {
		return fmt.Errorf("must be at most %v, not %v", most, d.Duration)
	}
	return nil
}

func checkPercent(n int) error {
	if n < 0 || n > 100 {
		return fmt.Errorf("must be 0 to 100, not %d", n)
	}
	return nil
}

func checkOneOf(text string, allowed ...string) error {
	if slices.Contains(allowed, text) {
		return nil
	}
	last := len(allowed) - 1
	return fmt.Errorf("must be %s or %s, not %q", strings.Join(allowed[:last], ", "), allowed[last], text)
}
