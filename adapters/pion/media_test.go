package pion_test

import (
	"log/slog"
	"net"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"rostrum/adapters/pion"
	"rostrum/ports"
	"rostrum/ports/porttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T) ports.Media {
	t.Helper()
	media, err := pion.New(pion.Config{UDPAddr: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := media.Close(); err != nil {
			t.Error(err)
		}
	})
	return media
}

func TestMedia(t *testing.T) { porttest.Media(t, open) }

func TestAddressesThatCannotBeHad(t *testing.T) {
	taken, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	for addr, want := range map[string]string{
		taken.LocalAddr().String(): "is another server using it?",
		"127.0.0.1:http":           "is no port number",
		"203.0.113.7:0":            "cannot be opened",
		"example.com:8189":         "is no IP address",
		"8189":                     "missing port",
	} {
		media, err := pion.New(pion.Config{UDPAddr: addr, Log: slog.New(slog.DiscardHandler)})
		if err == nil {
			_ = media.Close()
			t.Errorf("%s was opened", addr)
		} else if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "webrtc.udp_addr") {
			t.Errorf("%s: %q says not %q", addr, err, want)
		}
	}
}
