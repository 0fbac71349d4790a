package pion

import (
	"time"

	"rostrum/domain"
)

// listenInterval is how exactly it is known when a peer was heard last.
const listenInterval = 100 * time.Millisecond

// vitals tells how alive a peer is.
func (p *peer) vitals() domain.Vitals {
	p.hear()
	return domain.Vitals{
		Connected: p.isConnected(),
		Age:       time.Since(p.since),
		Silence:   time.Since(time.Unix(0, p.heardAt.Load())),
	}
}

// listen takes note of when the peer was heard last, until done is closed.
func (p *peer) listen(done <-chan struct{}) {
	tick := time.NewTicker(listenInterval)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			p.hear()
		}
	}
}

// hear takes note if something has come from the peer since it was called last:
// media, or an answer to a consent check. Before it is connected there is nothing to
// ask pion's transport for, which must not be asked while it starts.
func (p *peer) hear() {
	if !p.isConnected() {
		return
	}
	pair, ok := p.pc.SCTP().Transport().ICETransport().GetSelectedCandidatePairStats()
	if !ok {
		return
	}
	if heard := uint64(pair.PacketsReceived) + pair.ResponsesReceived; p.heard.Swap(heard) != heard {
		p.heardAt.Store(time.Now().UnixNano())
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
