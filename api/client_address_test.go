package api

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

func TestClientAddress(t *testing.T) {
	for name, c := range map[string]struct {
		remote  string
		proxies []string
		hops    []string // X-Forwarded-For, a header line each
		want    string
	}{
		"a connection's":                      {"203.0.113.7:4711", nil, nil, "203.0.113.7"},
		"nobody is trusted":                   {"203.0.113.7:4711", nil, []string{"198.51.100.1"}, "203.0.113.7"},
		"a stranger is not believed":          {"203.0.113.7:4711", []string{"10.0.0.0/8"}, []string{"198.51.100.1"}, "203.0.113.7"},
		"a proxy is":                          {"10.0.0.2:80", []string{"10.0.0.0/8"}, []string{"198.51.100.1"}, "198.51.100.1"},
		"what a client made up is not":        {"10.0.0.2:80", []string{"10.0.0.0/8"}, []string{"6.6.6.6, 198.51.100.1"}, "198.51.100.1"},
		"a chain of proxies":                  {"10.0.0.2:80", []string{"10.0.0.0/8"}, []string{"6.6.6.6, 198.51.100.1, 10.0.0.9,10.1.1.1"}, "198.51.100.1"},
		"lines are one list":                  {"10.0.0.2:80", []string{"10.0.0.0/8"}, []string{"6.6.6.6, 198.51.100.1", "10.0.0.9"}, "198.51.100.1"},
		"a proxy that says nothing":           {"10.0.0.2:80", []string{"10.0.0.0/8"}, nil, "10.0.0.2"},
		"a proxy that says an empty thing":    {"10.0.0.2:80", []string{"10.0.0.0/8"}, []string{""}, "10.0.0.2"},
		"proxies alone: the first":            {"10.0.0.2:80", []string{"10.0.0.0/8"}, []string{"10.0.0.8, 10.0.0.9"}, "10.0.0.8"},
		"garbage":                             {"10.0.0.2:80", []string{"10.0.0.0/8"}, []string{"unknown"}, "10.0.0.2"},
		"garbage hides what is beyond it":     {"10.0.0.2:80", []string{"10.0.0.0/8"}, []string{"198.51.100.1, <script>, 10.0.0.9"}, "10.0.0.9"},
		"garbage beyond the client":           {"10.0.0.2:80", []string{"10.0.0.0/8"}, []string{"\x00, , 198.51.100.1"}, "198.51.100.1"},
		"IPv6 counts by its /64":              {"[2001:db8:1:2:3:4:5:6]:4711", nil, nil, "2001:db8:1:2::/64"},
		"another host of the same /64":        {"[2001:db8:1:2:ffff::1]:4711", nil, nil, "2001:db8:1:2::/64"},
		"IPv6 through a proxy":                {"10.0.0.2:80", []string{"10.0.0.0/8"}, []string{"2001:db8:1:2:3::9"}, "2001:db8:1:2::/64"},
		"IPv6 proxies":                        {"[fd00::1]:80", []string{"fd00::/8"}, []string{"198.51.100.1"}, "198.51.100.1"},
		"IPv4 in IPv6 is IPv4":                {"[::ffff:203.0.113.7]:4711", nil, nil, "203.0.113.7"},
		"a proxy's IPv4 in IPv6":              {"[::ffff:10.0.0.2]:80", []string{"10.0.0.0/8"}, []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		"a zone does not count":               {"[fe80::1%eth0]:4711", nil, nil, "fe80::/64"},
		"a proxy on this link":                {"[fe80::1%eth0]:4711", []string{"fe80::/10"}, []string{"198.51.100.1"}, "198.51.100.1"},
		"a zone that a client made up either": {"10.0.0.2:80", []string{"10.0.0.0/8"}, []string{"fe80::1%one"}, "fe80::/64"},
		"a socket of files":                   {"@", nil, []string{"198.51.100.1"}, "@"},
		"a host without an address":           {"pipe:1", []string{"0.0.0.0/0"}, []string{"198.51.100.1"}, "pipe"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &service{}
			for _, p := range c.proxies {
				s.proxies = append(s.proxies, netip.MustParsePrefix(p))
			}
			r := httptest.NewRequest(http.MethodPost, "/", nil)
			r.RemoteAddr = c.remote
			r.Header["X-Forwarded-For"] = c.hops
			ctx := humago.NewContext(&huma.Operation{}, r, httptest.NewRecorder())
			if got := s.clientAddress(ctx); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
