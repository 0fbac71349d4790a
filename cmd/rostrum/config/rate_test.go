package config_test

import (
	"testing"
	"time"

	"rostrum/cmd/rostrum/config"
)

func TestRate(t *testing.T) {
	for _, row := range []struct {
		text  string
		n     uint64
		per   time.Duration
		on    bool
		again string
	}{
		{"10/1m", 10, time.Minute, true, "10/1m"},
		{"1/90s", 1, 90 * time.Second, true, "1/1m30s"},
		{"120/1h", 120, time.Hour, true, "120/1h"},
		{"5/100m", 5, 100 * time.Minute, true, "5/1h40m"},
		{"5/3610s", 5, time.Hour + 10*time.Second, true, "5/1h0m10s"},
		{"3/10s", 3, 10 * time.Second, true, "3/10s"},
		{"3/250ms", 3, 250 * time.Millisecond, true, "3/250ms"},
		{"18446744073709551615/1ns", 1<<64 - 1, 1, true, "18446744073709551615/1ns"},
		{"off", 0, 0, false, "off"},
	} {
		var rate config.Rate
		if err := rate.UnmarshalText([]byte(row.text)); err != nil {
			t.Errorf("%s: %v", row.text, err)
			continue
		}
		if n, per, on := rate.Rate(); n != row.n || per != row.per || on != row.on {
			t.Errorf("%s is %d %v %v", row.text, n, per, on)
		}
		if rate.String() != row.again {
			t.Errorf("%s prints as %s, want %s", row.text, rate, row.again)
		}
	}
}

func TestRateRefuses(t *testing.T) {
	for _, text := range []string{"", "10", "10/", "/1m", "0/1m", "-1/1m", "1.5/1m", "10/0s", "10/-1m", "10/m", "10/1", "10/1m/1m", " 10/1m", "OFF", "18446744073709551616/1s"} {
		rate := config.Default().Limits.Publish
		err := rate.UnmarshalText([]byte(text))
		if want := `must be COUNT/DURATION such as 10/1m, or "off", not "` + text + `"`; err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
		if rate != config.Default().Limits.Publish {
			t.Errorf("%q: refused, and yet set to %s", text, rate)
		}
	}
}
