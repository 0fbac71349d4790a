package pion

import (
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
)

// replayWindow is how many packets back a publisher's late packets are taken:
// what is repaired over a long way comes some hundred packets late.
const replayWindow = 1024

// ingress decrypts what a publisher sends and gives it to the sources. It belongs
// to the publisher's goroutine.
type ingress struct {
	publisher *publisher
	context   *srtp.Context
	header    rtp.Header // reused
	control   controlReader
}

func newIngress(p *publisher, profile srtp.ProtectionProfile, keys srtp.SessionKeys) (*ingress, error) {
	context, err := srtp.CreateContext(keys.RemoteMasterKey, keys.RemoteMasterSalt, profile,
		srtp.SRTPReplayProtection(replayWindow), srtp.SRTCPReplayProtection(replayWindow))
	if err != nil {
		return nil, err
	}
	return &ingress{publisher: p, context: context, control: controlReader{context: context, tally: &p.media.tally}}, nil
}

// receive takes in one encrypted packet. What is malformed, forged, replayed or of
// no track is dropped and counted.
func (i *ingress) receive(packet []byte, now time.Time) {
	if isControl(packet) {
		i.receiveControl(packet)
		return
	}
	tally := &i.publisher.media.tally
	begin, err := i.header.Unmarshal(packet)
	if err != nil {
		tally.malformed.Add(1)
		return
	}
	source, repairs := i.publisher.sourceOf(i.header.PayloadType)
	if source == nil || !source.takes(i.header.SSRC, repairs != 0, now) {
		tally.unknown.Add(1)
		return
	}
	plain, err := i.context.DecryptRTP(packet[:0], packet, &i.header)
	if err != nil {
		tally.undecrypted(err)
		return
	}
	i.publisher.conn.Heard()
	if repairs != 0 {
		source.receiveAgain(&i.header, begin, repairs, plain, now)
	} else {
		source.receive(&i.header, plain, now)
	}
}

func (i *ingress) receiveControl(packet []byte) {
	packets, plain := i.control.read(packet)
	if packets == nil {
		return
	}
	i.publisher.feedback.noteControl(plain)
	for _, p := range packets {
		if sr, ok := p.(*rtcp.SenderReport); ok {
			for _, s := range i.publisher.sources {
				s.report(sr)
			}
		}
	}
}
