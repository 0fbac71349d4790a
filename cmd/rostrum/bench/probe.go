package bench

import (
	"time"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
)

// probe decrypts every packet and takes its latency: from the stamp in it to the kernel's.
type probe struct {
	in         *srtp.Context
	latency    histogram
	unreadable uint64 // that don't decrypt, or carry no stamp
	plain      []byte
}

// newProbe begins with tracks that may have begun long ago.
func newProbe(in *srtp.Context, tracks []reception) *probe {
	for i := range tracks {
		if tracks[i].begun {
			in.SetROC(tracks[i].ssrc, tracks[i].rollovers())
		}
	}
	return &probe{in: in}
}

func (p *probe) take(packet []byte, at time.Time) {
	sent, ok := p.open(packet)
	if !ok {
		p.unreadable++
		return
	}
	if !at.IsZero() {
		p.latency.record(at.Sub(sent))
	}
}

// open returns when a packet was sent.
func (p *probe) open(packet []byte) (sent time.Time, ok bool) {
	var header rtp.Header
	size, err := header.Unmarshal(packet)
	if err != nil {
		return time.Time{}, false
	}
	plain, err := p.in.DecryptRTP(p.plain[:0], packet, &header)
	if err != nil {
		return time.Time{}, false
	}
	p.plain = plain
	payload := plain[size:]
	if header.Padding && len(payload) > 0 { // RFC 3550 §5.1
		payload = payload[:max(len(payload)-int(payload[len(payload)-1]), 0)]
	}
	_, sent, ok = readStamp(payload)
	return sent, ok
}
