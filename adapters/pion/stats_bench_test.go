package pion

import (
	"log/slog"
	"testing"

	"github.com/pion/srtp/v3"

	"rostrum/adapters/pion/egress"
	"rostrum/adapters/pion/fanout"
	"rostrum/adapters/pion/negotiation"
	"rostrum/domain"
	"rostrum/ports"
)

// BenchmarkStats is what a scrape asks of the media port: 2,000 subscribers with sound and
// picture, whose connections never come up.
func BenchmarkStats(b *testing.B) {
	m, err := New(Config{UDPAddr: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = m.Close() }()
	outlet, err := egress.NewOutlet(srtp.ProtectionProfileAeadAes128Gcm, make([]byte, 16), make([]byte, 12))
	if err != nil {
		b.Fatal(err)
	}
	plan := []negotiation.Output{{SSRC: 1}, {SSRC: 2}}
	for range 2000 {
		s, err := m.newSubscriber(ports.Offer{Session: "sub", Events: deafEvents{}}, plan)
		if err != nil {
			b.Fatal(err)
		}
		s.outlet = outlet
		for _, o := range s.outputs {
			o.leg.Store(fanout.NewLeg(fanout.Identity{SSRC: o.SSRC, PayloadTypes: map[domain.Codec]uint8{}}, outlet.NewSender(0, nil)))
		}
		m.ledger.enter(s)
		defer s.close()
	}
	b.ReportAllocs()
	for b.Loop() {
		m.Stats()
	}
}
