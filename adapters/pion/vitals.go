package pion

import (
	"time"

	"github.com/pion/webrtc/v4"

	"rostrum/domain"
)

// vitals tells how alive a peer is: since when nothing has come from it, neither
// media nor an answer to our consent checks.
func (p *peer) vitals() domain.Vitals {
	v := domain.Vitals{Connected: p.isConnected(), Age: time.Since(p.since)}
	last := p.since
	for _, s := range p.pc.GetStats() {
		if pair, ok := s.(webrtc.ICECandidatePairStats); ok {
			for _, t := range []webrtc.StatsTimestamp{pair.LastPacketReceivedTimestamp, pair.LastResponseTimestamp} {
				if at := t.Time(); at.After(last) {
					last = at
				}
			}
		}
	}
	v.Silence = time.Since(last)
	return v
}

// selectedPair returns the addresses of the pair that ICE has selected, "" if there
// is none now.
func (p *peer) selectedPair() string {
	pair, err := p.pc.SCTP().Transport().ICETransport().GetSelectedCandidatePair()
	if err != nil || pair == nil {
		return ""
	}
	return pair.Local.Protocol.String() + " " + pair.Local.Address + " " + pair.Remote.Address
}
