package privacy

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
)

// What others say is logged with as much of addresses as is kept.
func TestAddressesInTheWordsOfOthers(t *testing.T) {
	for _, c := range []struct{ said, network string }{
		{"nothing of the sort", "nothing of the sort"},
		{"Ping from udp4 prflx 192.0.2.77:50000 related 10.1.2.3:9", "Ping from udp4 prflx 192.0.2.0/24:50000 related 10.1.2.0/24:9"},
		{"read udp 198.51.100.1:8189->192.0.2.77:50000: i/o timeout", "read udp 198.51.100.0/24:8189->192.0.2.0/24:50000: i/o timeout"},
		{"udp6 host [2001:db8:1:2::5]:443.", "udp6 host [2001:db8:1::/48]:443."},
		{"2001:db8:1:2::5: no route", "2001:db8:1::/48: no route"},
		{"from ::ffff:192.0.2.77.", "from 192.0.2.0/24."},
		{"at 12:34:56.789 and 12:34:56", "at 12:34:56.789 and 12:34:56"},
		{"peer:192.0.2.77:50000 at:[192.0.2.77]", "peer:192.0.2.0/24:50000 at:[192.0.2.0/24]"},
		{"peer:2001:db8:1:2::5: no route, peer:2001:db8:1:2::5", "peer:2001:db8:1::/48: no route, peer:2001:db8:1::/48"},
		{"udp4:192.0.2.77:50000: 12:34:56", "udp4:192.0.2.0/24:50000: 12:34:56"},
		{"version 1.2.3, 300.1.1.1", "version 1.2.3, 300.1.1.1"},
	} {
		for kept, want := range map[Addresses]string{WholeAddresses: c.said, Networks: c.network} {
			var line strings.Builder
			log := kept.Masked(slog.New(slog.NewJSONHandler(&line, nil)))
			log.With("with", c.said).WithGroup("g").Warn(c.said, "text", c.said, "error", errors.New(c.said), "n", 1, "list", []int{1})
			if n := strings.Count(line.String(), want); n != 4 {
				t.Errorf("%s has %q in it %d times, want 4", line.String(), want, n)
			}
		}
		var line strings.Builder
		NoAddresses.Masked(slog.New(slog.NewJSONHandler(&line, nil))).Info(c.said)
		if strings.Contains(line.String(), "192.0.2") || strings.Contains(line.String(), "2001:") {
			t.Errorf("of %q the log has %s", c.said, line.String())
		}
	}
}
