package pion

import (
	"time"

	"rostrum/domain"
)

// vitals tells how alive a peer is.
func (p *peer) vitals() domain.Vitals {
	return domain.Vitals{
		Connected: p.isConnected(),
		Age:       time.Since(p.since),
		Silence:   time.Since(time.Unix(0, p.heard.Load())),
	}
}

// listen takes note of when the peer was heard last, by media or by an answer to a
// consent check, until done is closed.
func (p *peer) listen(done <-chan struct{}) {
	tick := time.NewTicker(publisherChecks)
	defer tick.Stop()
	transport, before := p.pc.SCTP().Transport().ICETransport(), uint64(0)
	for {
		select {
		case <-done:
			return
		case now := <-tick.C:
			pair, ok := transport.GetSelectedCandidatePairStats()
			if heard := uint64(pair.PacketsReceived) + pair.ResponsesReceived; ok && heard != before {
				before = heard
				p.heard.Store(now.UnixNano())
			}
		}
	}
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
